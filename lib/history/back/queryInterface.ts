import { literal } from 'sequelize';
import { type AttributeInternals, inside, type ModelInternals } from '../../models/internals';
import { same } from '../../models/tracked/equality/same';
import { ident, qualified, type TableRef } from '../../sql/identifiers';

type QueryInterface = ModelInternals['queryInterface'];

/** Values that are to come from entries of a history, by column. */
export interface Kept {
  readonly history: TableRef;
  readonly columns: ReadonlyMap<string, { readonly entry: string; readonly value: unknown }>;
}

// A string: Sequelize copies no symbols.
const KEPT = 'guitarsKept';

/** Options of a save whose statement takes its values from history. */
export const takingFrom = (options: object, kept: Kept): object => ({ ...options, [KEPT]: kept });

/**
 * `update` and `insert` of a query interface that have the database copy what history keeps: a time, or a number in JSON, that
 * has been in JavaScript is not what it was.
 */
export function keptWrites(base: QueryInterface): Pick<QueryInterface, 'update' | 'insert'> {
  return {
    update: async (instance, table, values, where, options) =>
      base.update(instance, table, copied(instance.constructor, values, options), where, options),
    insert: async (instance, table, values, options) =>
      base.insert(instance, table, copied(instance.constructor, values, options), options),
  };
}

/** What a hook has changed is the hook's. */
function copied(model: object, values: object, { [KEPT]: kept }: { [KEPT]?: Kept }): object {
  if (!kept) return values;
  const attributes = Object.values(inside(model).rawAttributes) as AttributeInternals[];
  const typeOf = (column: string) => attributes.find(({ field }) => field === column)?.type;
  return Object.fromEntries(
    Object.entries(values).map(([column, value]) => {
      const from = kept.columns.get(column);
      if (!from || !same(typeOf(column), value, from.value)) return [column, value];
      const copy = `(SELECT ${ident(column)} FROM ${qualified(kept.history)} WHERE _entry = ${from.entry})`;
      return [column, literal(copy)];
    }),
  );
}
