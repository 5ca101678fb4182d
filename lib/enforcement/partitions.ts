import type { Sequelize, Transaction } from 'sequelize';
import { InstallError } from '../errors';
import { columnOf } from '../models/internals';
import { literal, qualified, type TableRef, tableKey } from '../sql/identifiers';
import { select } from './catalog';
import type { Plan } from './plan';
import type { Table } from './tables';

/** Looks up the partitions of every partitioned table, on all levels. */
export async function livePartitions(
  sequelize: Sequelize,
  transaction?: Transaction | null,
): Promise<(table: TableRef) => readonly TableRef[]> {
  const rows = await select<{ rootSchema: string; rootName: string; schema: string; name: string }>(
    sequelize,
    `SELECT rn.nspname AS "rootSchema", root.relname AS "rootName", n.nspname AS schema, c.relname AS name
      FROM pg_partitioned_table AS p JOIN pg_class AS root ON root.oid = p.partrelid
      JOIN pg_namespace AS rn ON rn.oid = root.relnamespace
      CROSS JOIN LATERAL pg_partition_tree(root.oid) AS tree
      JOIN pg_class AS c ON c.oid = tree.relid JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE tree.level > 0 ORDER BY tree.level, schema, name`,
    transaction,
  );
  const found = new Map<string, TableRef[]>();
  for (const { rootSchema, rootName, schema, name } of rows) {
    const root = tableKey({ schema: rootSchema, name: rootName });
    found.set(root, [...(found.get(root) ?? []), { schema, name }]);
  }
  return (table) => found.get(tableKey(table)) ?? [];
}

/**
 * Refuses partitioned tables that the model's engine could not protect.
 *
 * @throws InstallError with the option to set
 */
export async function refusePartitions(sequelize: Sequelize, plan: Plan, transaction: Transaction): Promise<void> {
  const soft = plan.graph.tables.filter((table) => table.soft);
  if (soft.length === 0) return;
  const values = soft.map(({ table }, n) => `(${n}, to_regclass(${literal(qualified(table))}))`).join(', ');
  // A partition key's columns depend on their table internally, those of an expression as well as plain ones.
  const rows = await select<{ n: number; columns: string[] }>(
    sequelize,
    `SELECT n, (SELECT coalesce(array_agg(DISTINCT a.attname::text), '{}') FROM pg_partition_tree(target) AS tree
        JOIN pg_partitioned_table AS p ON p.partrelid = tree.relid
        JOIN pg_attribute AS a ON a.attrelid = p.partrelid AND EXISTS (
          SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = p.partrelid
            AND d.objsubid = a.attnum AND d.refobjid = p.partrelid AND d.refobjsubid = 0 AND d.deptype = 'i'
        )) AS columns
      FROM (VALUES ${values}) AS tables(n, target) JOIN pg_class AS c ON c.oid = target
      WHERE c.relkind = 'p' OR c.relispartition ORDER BY n`,
    transaction,
  );
  for (const { n, columns } of rows) refuse(plan, soft[n] as Table, columns);
}

function refuse(plan: Plan, table: Table, columns: readonly string[]): void {
  const partitioned = `${table.name}: the table "${table.table.name}" is partitioned`;
  if (table.options.engine === 'rule') {
    throw new InstallError(
      `${partitioned}, and a DELETE through a partition goes round a rule. Set { guitar: { engine: 'trigger' } }.`,
    );
  }
  if (plan.graph.isCyclic(table)) {
    throw new InstallError(
      `${partitioned} and archiving it can come back to it through its keys, which the trigger engine cannot do. Set { guitar: { onSoftDelete: { …: 'keep' } } } on one key of the cycle.`,
    );
  }
  const unknown = columns.filter((column) => !table.partitionKey.includes(column));
  if (unknown.length === 0) return;
  const names = Object.keys(table.model.rawAttributes);
  const wanted = columns.map((column) => names.find((name) => columnOf(table.model, name) === column) ?? column);
  throw new InstallError(
    `${partitioned} by ${columns.join(', ')}, and an UPDATE that moves a row to another partition would archive it. Set { guitar: { partitionKey: ${JSON.stringify(wanted)} } }.`,
  );
}
