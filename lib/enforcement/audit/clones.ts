import type { Transaction } from 'sequelize';
import { ident, literal, qualified, type TableRef } from '../../sql/identifiers';
import { type Queryable, select } from '../catalog';
import type { Table } from '../tables';
import { type Finding, failure, type Subject } from './finding';

/** A row trigger of a partitioned table, on one of its partitions, where it is switched off. */
export interface Clone {
  readonly root: Pick<Table, 'name' | 'table' | 'partitions'>;
  readonly trigger: string;
  readonly partition: TableRef;
  readonly replicaOnly: boolean;
}

/** The clones that are switched off while the table's own trigger is on. */
export async function sleepingClones(
  db: Queryable,
  tables: readonly Clone['root'][],
  transaction?: Transaction | null,
): Promise<Clone[]> {
  const partitioned = tables.filter(({ partitions }) => partitions.length > 0);
  if (partitioned.length === 0) return [];
  const values = partitioned.map(({ table }, n) => `(${n}, to_regclass(${literal(qualified(table))}))`);
  const rows = await select<{ n: number; trigger: string; schema: string; name: string; replicaOnly: boolean }>(
    db,
    `SELECT n, t.tgname AS trigger, nspname AS schema, relname AS name, t.tgenabled = 'R' AS "replicaOnly"
      FROM (VALUES ${values.join(', ')}) AS tables(n, target) CROSS JOIN LATERAL pg_partition_tree(target) AS tree
      JOIN pg_trigger AS t ON t.tgrelid = tree.relid AND t.tgparentid <> 0
      JOIN pg_trigger AS origin ON origin.tgrelid = target AND origin.tgname = t.tgname
      JOIN pg_class AS c ON c.oid = tree.relid JOIN pg_namespace AS s ON s.oid = c.relnamespace
      WHERE t.tgname LIKE 'guitars\\_%' AND t.tgenabled IN ('D', 'R') AND origin.tgenabled IN ('O', 'A')
      ORDER BY n, schema, name, trigger`,
    transaction,
  );
  return rows.map(({ n, schema, name, ...about }) => {
    return { ...about, root: partitioned[n] as Clone['root'], partition: { schema, name } };
  });
}

/** SQL that switches a clone on. */
export const wake = ({ trigger, partition }: Clone) =>
  `ALTER TABLE ${qualified(partition)} ENABLE TRIGGER ${ident(trigger)}`;

/** A row trigger of a partitioned table has a clone on each partition, and each can be switched off by itself. */
export async function clones({ sequelize, tables, plan }: Subject): Promise<Finding[]> {
  return (await sleepingClones(sequelize, [...tables, ...plan.plain])).map((clone) => {
    const { trigger, partition, replicaOnly, root } = clone;
    const remedy = `${wake(clone)};`;
    const why = replicaOnly ? 'fires on replicas only' : 'is switched off';
    const message = `the trigger ${trigger} ${why} on the partition ${partition.name}, so rows there go without it. Run: ${remedy}`;
    return failure('disabled', root.name, message, { remedy });
  });
}
