import { literal } from 'sequelize';
import { type AttributeInternals, inside, type ModelInternals } from '../../models/internals';
import { same } from '../../models/tracked/equality/same';
import { ident, qualified, type TableRef } from '../../sql/identifiers';
import { tokens } from '../../triggers/tokens';

type QueryInterface = ModelInternals['queryInterface'];

/** Values that are to come from entries of a history, by column. */
export interface Kept {
  readonly history: TableRef;
  readonly columns: ReadonlyMap<string, { readonly entry: string; readonly value: unknown }>;
  /** Is some of them an identity that is always generated? */
  readonly overriding?: boolean;
  /** Types of those that history keeps as text. */
  readonly enums: ReadonlyMap<string, string>;
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
      insertOf(base, options).insert(instance, table, copied(instance.constructor, values, options), options),
  };
}

/** What a query interface inserts with, where need be past identities. */
function insertOf(base: QueryInterface, { [KEPT]: kept }: { [KEPT]?: Kept }): QueryInterface {
  if (!kept?.overriding) return base;
  const generator = base.queryGenerator as unknown as Generator;
  const queryGenerator: Generator = Object.assign(Object.create(generator), {
    insertQuery(...args: unknown[]) {
      const made = generator.insertQuery(...args);
      const all = tokens(made.query).map(({ kind, text }) => ({ kind, text }));
      const values = all.find(({ kind, text }) => kind === 'word' && text === 'VALUES');
      if (values) values.text = 'OVERRIDING SYSTEM VALUE VALUES';
      return { ...made, query: all.map(({ text }) => text).join('') };
    },
  });
  return Object.create(base, { queryGenerator: { value: queryGenerator } });
}

interface Generator {
  insertQuery(...args: unknown[]): { query: string };
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
      const type = kept.enums.get(column);
      return [column, literal(type ? `${copy}::${type}` : copy)];
    }),
  );
}
