import { type ModelClass, settingsOf } from '../../models/capabilities';
import { columnOf, inside } from '../../models/internals';
import { ident, literal } from '../../sql/identifiers';

/** A column of the model's own table, in a query that Sequelize makes. */
export const own = (model: ModelClass, column: string) => `${ident(model.name)}.${ident(column)}`;

/** SQL: when a row changed last. The index of `enforcement/kinds/since.ts` is on the same. */
export function changedAt(model: ModelClass): string {
  const { columns } = settingsOf(model);
  return `GREATEST(${own(model, columns.createdAt)}, ${own(model, columns.updatedAt)})`;
}

/** SQL: what the rows are ordered by, and told apart by. */
export function orderedBy(model: ModelClass): string[] {
  const keys = inside(model).primaryKeyAttributes.map((name) => own(model, columnOf(model, name)));
  return [changedAt(model), ...keys];
}

/**
 * SQL: a value as text that PostgreSQL reads back as the same, whatever the settings of the session that reads it. What
 * JavaScript makes of a time, it does not.
 */
export const exactly = (expression: string) => `to_json(${expression}) #>> '{}'`;

/** SQL: the place of a row in the order. */
export const place = (model: ModelClass) => `ARRAY[${orderedBy(model).map(exactly).join(', ')}]`;

/** SQL: the rows behind a place. */
export const behind = (model: ModelClass, values: readonly string[]) =>
  `(${orderedBy(model).join(', ')}) > (${values.map(literal).join(', ')})`;
