import { DefinitionError } from '../../errors';
import type { AnyModel } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { literal, shortHash, textArray } from '../../sql/identifiers';
import { Condition } from '../conditions/condition';
import { REFUSED } from '../errors';
import { attributeOf, Fragment, type Scope } from '../fragment';
import { updateOf } from '../operations';
import { Trigger, type TriggerOptions } from '../trigger';
import { type Common, common } from './options';
import { refuse } from './refuse';

type How = Pick<TriggerOptions, 'body' | 'condition' | 'declare' | 'level'>;

/**
 * Refuses an UPDATE that sets some of a group of columns and not all, whoever sends it, with a {@link TogetherError}. What
 * counts is the SET list of the statement; a column may be set to what it was. An INSERT … ON CONFLICT DO UPDATE counts as
 * an UPDATE. Of a MERGE with several UPDATEs, what they set counts together. An UPDATE that finds no row is refused, too,
 * but not one beside others of the table in a WITH, nor one that names a partition.
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
  const made = (order: number, part: string, of: readonly string[], how: How) =>
    new Trigger(
      { ...about, name: `${name} ${part}`, order, when: 'before', operation: updateOf(...of), ...how },
      { kind: 'together', of: name, check },
    );
  const end = {
    body: judged(name, group),
    declare: new Fragment(() => 'guitars_set pg_catalog.text[];\nguitars_missing pg_catalog.text[];'),
  };
  const noting = (field: string) => (scope: Scope) => noted(name, field, scope);
  const steps = (kind: string, step: (value: (scope: Scope) => string) => How) => [
    made(997, `${kind}begin`, group, step(none)),
    ...group.map((field) => made(998, `${kind}${field}`, [field], step(noting(field)))),
  ];
  return [
    ...steps('', (value) => ({ level: 'statement', body: put(name, value) })),
    made(999, 'end', group, { level: 'statement', ...end }),
    // Once more by the row: of the UPDATEs of a table in one WITH, triggers of the statement fire for the first alone.
    // Here the notes are taken where PostgreSQL asks whether to fire, for a third of what it takes to fire.
    ...steps('row ', (value) => ({ level: 'row', condition: putting(name, value), body: nothing })),
    made(999, 'row end', group, { level: 'row', condition: incomplete(name, group), ...end }),
  ];
}

const none = () => `''`;

/** The transaction's setting in which a statement notes what it sets. Rolled back with it, should it fail. */
const setting = (name: string, scope: Scope) =>
  literal(`guitars.together_${shortHash(`${scope.table(scope.model)}\0${name}`)}`).trim();

// Not by nullif(), whose `=` would be looked for in the search_path.
const held = (name: string, scope: Scope) => {
  const noted = `pg_catalog.current_setting(${setting(name, scope)}, true)`;
  return `(CASE WHEN ${noted} OPERATOR(pg_catalog.<>) '' THEN ${noted} ELSE '{}' END)::pg_catalog.text[]`;
};

const set = (name: string, value: string, scope: Scope) =>
  `pg_catalog.set_config(${setting(name, scope)}, ${value}, true)`;

const nothing = new Fragment(() => 'NULL;');

const putting = (name: string, value: (scope: Scope) => string) =>
  new Condition((scope) => `${set(name, value(scope), scope)} IS NULL`);

const incomplete = (name: string, { length }: readonly string[]) =>
  new Condition((scope) => `pg_catalog.cardinality(${held(name, scope)}) OPERATOR(pg_catalog.<>) ${length}`);

const put = (name: string, value: (scope: Scope) => string) =>
  new Fragment((scope) => `PERFORM ${set(name, value(scope), scope)};`);

const column = (field: string, scope: Scope) => literal(attributeOf(scope, field).column).trim();

const noted = (name: string, field: string, scope: Scope) =>
  `pg_catalog.array_append(${held(name, scope)}, ${column(field, scope)})::pg_catalog.text`;

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
