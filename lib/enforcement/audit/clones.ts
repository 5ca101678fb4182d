import { ident, literal, qualified } from '../../sql/identifiers';
import { select } from '../catalog';
import type { Table } from '../tables';
import { type Finding, failure, type Subject } from './finding';

/** A row trigger of a partitioned table has a clone on each partition, and each can be switched off by itself. */
export async function clones({ sequelize, tables }: Subject): Promise<Finding[]> {
  const partitioned = tables.filter(({ partitions }) => partitions.length > 0);
  if (partitioned.length === 0) return [];
  const values = partitioned.map(({ table }, n) => `(${n}, to_regclass(${literal(qualified(table))}))`);
  const rows = await select<{ n: number; trigger: string; schema: string; name: string; enabled: string }>(
    sequelize,
    `SELECT n, t.tgname AS trigger, nspname AS schema, relname AS name, t.tgenabled::text AS enabled
      FROM (VALUES ${values.join(', ')}) AS tables(n, target) CROSS JOIN LATERAL pg_partition_tree(target) AS tree
      JOIN pg_trigger AS t ON t.tgrelid = tree.relid AND t.tgparentid <> 0 AND NOT t.tgisinternal
      JOIN pg_trigger AS origin ON origin.tgrelid = target AND origin.tgname = t.tgname
      JOIN pg_class AS c ON c.oid = tree.relid JOIN pg_namespace AS s ON s.oid = c.relnamespace
      WHERE t.tgname LIKE 'guitars\\_%' AND t.tgenabled IN ('D', 'R') AND origin.tgenabled IN ('O', 'A')
      ORDER BY n, schema, name, trigger`,
  );
  return rows.map(({ n, trigger, schema, name, enabled }) => {
    const remedy = `ALTER TABLE ${qualified({ schema, name })} ENABLE TRIGGER ${ident(trigger)};`;
    const why = enabled === 'R' ? 'fires on replicas only' : 'is switched off';
    const message = `the trigger ${trigger} ${why} on the partition ${name}, so rows there go without it. Run: ${remedy}`;
    return failure('disabled', (partitioned[n] as Table).name, message, { remedy });
  });
}
