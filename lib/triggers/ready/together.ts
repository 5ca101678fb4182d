import { DefinitionError } from '../../errors';
import type { AnyModel } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { literal, shortHash, textArray } from '../../sql/identifiers';
import { REFUSED } from '../errors';
import { attributeOf, Fragment, type Scope } from '../fragment';
import { type Operation, updateOf } from '../operations';
import { Trigger } from '../trigger';
import { type Common, common } from './options';
import { refuse } from './refuse';

/**
 * Refuses an UPDATE that sets some of a group of columns and not all, whoever sends it, with a {@link TogetherError}. What
 * counts is the SET list of the statement; a column may be set to what it was. An INSERT … ON CONFLICT DO UPDATE counts as
 * an UPDATE. Of a partitioned table the statement must name the table, not a partition.
 *
 * @throws DefinitionError there are fewer than two columns, or an option that it does not know; when the model is known:
 *   a name is no column
 * @example Person.init(attributes, { sequelize, triggers: [together(['heightFeet', 'heightInches'])] });
 */
export function together(fields: readonly string[], options: Omit<Common, 'order'> = {}): Trigger[] {
  if (!Array.isArray(fields) || new Set(fields).size < 2) {
    throw new DefinitionError("together() needs two columns or more, as together(['heightFeet', 'heightInches']).");
  }
  const group = [...new Set(fields)];
  const { name, ...about } = common('together', { name: `together ${group.join(' ')}`, ...options }, []);
  const check = (model: AnyModel) => refuseUnknown(model, group);
  // After all others: one of these might update the same table, and its statement must not come in between.
  const made = (order: number, part: string, operation: Operation, body: Fragment, declare?: Fragment) =>
    new Trigger(
      { ...about, name: `${name} ${part}`, order, when: 'before', level: 'statement', operation, body, declare },
      { kind: 'together', of: name, check },
    );
  const declare = new Fragment(() => 'guitars_set text[];\nguitars_missing text[];');
  return [
    made(997, 'begin', updateOf(...group), put(name, none)),
    ...group.map((field) =>
      made(
        998,
        field,
        updateOf(field),
        put(name, (scope) => noted(name, field, scope)),
      ),
    ),
    made(999, 'end', updateOf(...group), judged(name, group), declare),
  ];
}

const none = () => `''`;

/** The transaction's setting in which a statement notes what it sets. Rolled back with it, should it fail. */
const setting = (name: string, scope: Scope) =>
  literal(`guitars.together_${shortHash(`${scope.table(scope.model)}\0${name}`)}`).trim();

const held = (name: string, scope: Scope) =>
  `coalesce(nullif(pg_catalog.current_setting(${setting(name, scope)}, true), ''), '{}')::text[]`;

const put = (name: string, value: (scope: Scope) => string) =>
  new Fragment((scope) => `PERFORM pg_catalog.set_config(${setting(name, scope)}, ${value(scope)}, true);`);

const column = (field: string, scope: Scope) => literal(attributeOf(scope, field).column).trim();

const noted = (name: string, field: string, scope: Scope) =>
  `pg_catalog.array_append(${held(name, scope)}, ${column(field, scope)})::text`;

function judged(name: string, group: readonly string[]): Fragment {
  return new Fragment((scope) => {
    const all = textArray(group.map((field) => attributeOf(scope, field).column));
    const refusal = refuse({
      code: REFUSED.together,
      name,
      message: `pg_catalog.format('UPDATE of table "%s" sets %s and not %s', TG_TABLE_NAME, guitars_set, guitars_missing)`,
      hint: 'Set all of them, or do it within ignoreTriggers(), if that is meant',
      detail: `pg_catalog.format('Set: %s; missing: %s', guitars_set, guitars_missing)`,
    });
    return `guitars_set := ${held(name, scope)};
${put(name, none).render(scope)}
guitars_missing := ARRAY(SELECT name FROM pg_catalog.unnest(${all}) AS name WHERE name OPERATOR(pg_catalog.<>) ALL (guitars_set));
IF guitars_missing OPERATOR(pg_catalog.<>) '{}' THEN
${refusal.render(scope)}
END IF;`;
  });
}

function refuseUnknown(model: AnyModel, group: readonly string[]): void {
  const { rawAttributes, _virtualAttributes } = inside(model);
  const columns = Object.keys(rawAttributes).filter((name) => !_virtualAttributes.has(name));
  const unknown = group.find((name) => !columns.includes(name));
  if (unknown === undefined) return;
  throw new DefinitionError(
    `${model.name}: together() is of "${unknown}", which is no column of the model. Use some of: ${columns.join(', ')}.`,
  );
}
