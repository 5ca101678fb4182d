import { DefinitionError } from '../../errors';
import { type AnyModel, can } from '../../models/capabilities';
import { columnOf, inside } from '../../models/internals';
import { ident } from '../../sql/identifiers';
import { operand, right } from '../conditions/compare';
import { attributeOf, Fragment, old, type Scope } from '../fragment';
import { del } from '../operations';
import { Trigger } from '../trigger';
import { valueSql } from '../value';
import { type Common, common, fieldOf } from './options';
import { refuse } from './refuse';

/** Options of {@link softDelete}. */
export interface SoftDeleteOptions extends Common {
  /** The attribute that tells. */
  readonly field: string;
  /** What it is set to. Default: the time, where it is a time; `true`, where it is a boolean. */
  readonly value?: unknown;
}

/**
 * A DELETE sets a column instead, for tables that keep to a form of their own. It takes no rows along and restores none:
 * for that use `SoftDeletable`.
 *
 * @throws DefinitionError when the model is known: it has no primary key, is soft-deletable already, or has a key that
 *   deletes it with its parent, which would leave the row with a key that leads nowhere
 * @example softDelete({ field: 'status', value: 'gone' })
 */
export function softDelete(options: SoftDeleteOptions): Trigger {
  const about = common('softDelete', options, ['field', 'value']);
  const field = fieldOf('softDelete', options.field);
  const body = new Fragment((scope) => {
    const { column } = attributeOf(scope, field);
    const { value, deleted } = meaning(scope, field, options);
    const key = inside(scope.model).primaryKeyAttributes.map((name) => ident(columnOf(scope.model, name)));
    const mine = key.map((name) => `row.${name} OPERATOR(pg_catalog.=) OLD.${name}`).join(' AND ');
    // A row that is deleted already keeps the time at which it was.
    return `IF (SELECT relispartition FROM pg_catalog.pg_class WHERE oid OPERATOR(pg_catalog.=) TG_RELID) THEN
${moved(about.name).render(scope)}
END IF;
IF NOT ${deleted} THEN
UPDATE ${scope.table(scope.model)} AS row SET ${ident(column)} = ${value} WHERE ${mine};
END IF;
RETURN NULL;`;
  });
  return new Trigger(
    { ...about, when: 'before', operation: del, body },
    { kind: 'softDelete', check: (model) => check(model, field, options) },
  );
}

/** An UPDATE that moves a row to another partition is a DELETE to its trigger: the row would be lost to it. */
const moved = (name: string) =>
  refuse({
    code: '0A000',
    name,
    message: `pg_catalog.format('softDelete() cannot tell a DELETE in the partition "%s" from a move out of it', TG_TABLE_NAME)`,
    hint: "Use SoftDeletable with { engine: 'trigger', partitionKey: […] }, which tells them apart",
  });

function meaning(scope: Scope, field: string, { value }: SoftDeleteOptions) {
  const { key } = attributeOf(scope, field).type as { key?: string };
  if (value === undefined && key !== 'BOOLEAN') {
    const time = key === 'DATEONLY' ? 'CURRENT_DATE' : 'pg_catalog.now()';
    return { value: time, deleted: `(${old(field).render(scope)} IS NOT NULL)` };
  }
  const set = value === undefined ? true : value;
  const is = `${operand(old(field), scope)} OPERATOR(pg_catalog.=) ${right(set, old(field), scope)}`;
  return { value: valueSql(set, { type: key }), deleted: `coalesce(${is}, false)` };
}

function check(model: AnyModel, field: string, { value }: SoftDeleteOptions): void {
  const { rawAttributes, primaryKeyAttributes } = inside(model);
  const wrong = (reason: string): never => {
    throw new DefinitionError(`${model.name}: softDelete() ${reason}`);
  };
  const attribute = rawAttributes[field];
  if (!attribute)
    wrong(`sets "${field}", which the model does not have. Name one of: ${Object.keys(rawAttributes).join(', ')}.`);
  if (can(model, 'soft')) wrong('is for models that are not soft-deletable already. Leave it out.');
  if (primaryKeyAttributes.length === 0) wrong('finds the row by its primary key, and there is none. Declare one.');
  const { key } = (attribute?.type ?? {}) as { key?: string };
  if (value === undefined && !['BOOLEAN', 'DATE', 'DATEONLY'].includes(key ?? ''))
    wrong(`needs a "value" for "${field}", which is neither a time nor a boolean.`);
  if (value === null) wrong('cannot set NULL, which is what a live row has. Give another value.');
  const dangling = Object.entries(rawAttributes).find(
    ([, { references, onDelete }]) => references && onDelete?.toUpperCase() === 'CASCADE',
  );
  if (dangling) {
    wrong(
      `keeps the row when its parent by "${dangling[0]}" is deleted, so the key would lead nowhere. ` +
        "Set { onDelete: 'RESTRICT' } or 'SET NULL' on it, or use SoftDeletable, which takes children along.",
    );
  }
}
