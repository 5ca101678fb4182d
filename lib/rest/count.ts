import type { Sequelize, Transaction } from 'sequelize';
import { select } from '../enforcement/catalog';
import { modelsOf } from '../enforcement/preview/names';
import type { ModelClass } from '../models/capabilities';
import { type TableRef, tableKey } from '../sql/identifiers';

/*
 * PostgreSQL counts, for each table, the rows that the transaction under way has removed so far, by foreign keys and
 * triggers as well: exact, and at no cost. Temporary tables are the session's own affair. (track_counts is on wherever autovacuum is to work.)
 */
const REMOVED = `
  SELECT n.nspname AS schema, c.relname AS name, sum(pg_stat_get_xact_tuples_deleted(part.oid))::int AS rows
  FROM pg_class AS part
  JOIN pg_class AS c ON c.oid = coalesce(pg_partition_root(part.oid), part.oid)
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE part.relkind = 'r' AND part.relpersistence <> 't' AND n.nspname NOT IN ('guitars', 'pg_catalog', 'pg_toast') AND pg_stat_get_xact_tuples_deleted(part.oid) > 0
  GROUP BY 1, 2`;

type Removed = TableRef & { readonly rows: number };

/** How many rows `work` removes for good, by model; of tables that none has, by their name. */
export async function removedBy(
  model: ModelClass,
  transaction: Transaction,
  work: () => Promise<unknown>,
): Promise<Record<string, number>> {
  const sequelize = model.sequelize as Sequelize;
  const before = new Map((await removed(sequelize, transaction)).map((each) => [tableKey(each), each.rows]));
  await work();
  const after = await removed(sequelize, transaction);
  const modelOf = await modelsOf(sequelize, transaction);
  const counts = after.map((each) => {
    const name = modelOf(each) ?? `${each.schema}.${each.name}`;
    return [name, each.rows - (before.get(tableKey(each)) ?? 0)] as const;
  });
  return Object.fromEntries(counts.filter(([, rows]) => rows > 0));
}

const removed = (sequelize: Sequelize, transaction: Transaction) => select<Removed>(sequelize, REMOVED, transaction);
