import type { Sequelize, Transaction } from 'sequelize';
import type { ModelClass } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { literal, type TableRef, tableKey } from '../../sql/identifiers';
import { select } from '../catalog';
import type { Counts } from './taken';
import type { PreviewRemoval } from './types';

/** The names of a table, for people. */
export interface Names extends TableRef {
  readonly model: string | null;
}

/** The model of a table, by its name in the database; null where no model has it. */
export type ModelOf = (ref: TableRef) => string | null;

export async function modelsOf(sequelize: Sequelize, transaction: Transaction): Promise<ModelOf> {
  const models = Object.values(sequelize.models) as unknown as ModelClass[];
  const values = models.map((model, n) => {
    const name = inside(model).queryInterface.queryGenerator.quoteTable(model.getTableName());
    return `(${n}, ${literal(model.name)}, to_regclass(${literal(name)}))`;
  });
  const rows = await select<{ model: string } & TableRef>(
    sequelize,
    `SELECT model, nspname AS schema, relname AS name FROM (VALUES ${values.join(', ')}) AS models(n, model, target)
      JOIN pg_class AS c ON c.oid = target JOIN pg_namespace AS s ON s.oid = relnamespace ORDER BY n DESC`,
    transaction,
  );
  const found = new Map(rows.map(({ model, ...ref }) => [tableKey(ref), model]));
  return (ref) => found.get(tableKey(ref)) ?? null;
}

/** Counts by tableoid as rows by table, a partition's with those of its table: the root's first, then by name. */
export async function rowsOf(
  sequelize: Sequelize,
  transaction: Transaction,
  rows: ReadonlyMap<string, Counts>,
  root: string,
  modelOf: ModelOf,
): Promise<PreviewRemoval[]> {
  const tables = await select<{ part: string } & TableRef>(
    sequelize,
    `SELECT part::text AS part, n.nspname AS schema, c.relname AS name FROM unnest('{${[...rows.keys()].join(',')}}'::oid[]) AS part
      JOIN pg_class AS c ON c.oid = coalesce(pg_partition_root(part), part) JOIN pg_namespace AS n ON n.oid = c.relnamespace
      ORDER BY part <> ${root}::oid, n.nspname, c.relname`,
    transaction,
  );
  const sums = new Map<string, PreviewRemoval>();
  for (const { part, schema, name } of tables) {
    const sum = sums.get(tableKey({ schema, name }));
    const { all = 0, archived = 0 } = rows.get(part) ?? {};
    sums.set(tableKey({ schema, name }), {
      schema,
      table: name,
      model: modelOf({ schema, name }),
      rows: all + (sum?.rows ?? 0),
      archived: archived + (sum?.archived ?? 0),
    });
  }
  return [...sums.values()];
}

/** All of them. */
export const total = (rows: readonly { rows: number }[]) => rows.reduce((sum, each) => sum + each.rows, 0);
