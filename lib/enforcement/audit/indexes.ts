import { ident, literal, qualified } from '../../sql/identifiers';
import { select } from '../catalog';
import type { Edge } from '../edges';
import { type Finding, failure, type Subject } from './finding';

/** A cascade looks its children up by the key; without an index each archived parent reads the whole table. */
export async function indexes({ sequelize, edges }: Subject): Promise<Finding[]> {
  const followed = edges.filter(({ policy, onDelete }) => policy !== 'keep' || onDelete === 'CASCADE');
  if (followed.length === 0) return [];
  const values = followed.map(
    ({ child, column }, n) => `(${n}, to_regclass(${literal(qualified(child.table))}), ${literal(column)}::name)`,
  );
  const rows = await select<{ n: number }>(
    sequelize,
    `SELECT n FROM (VALUES ${values.join(', ')}) AS keys(n, target, name)
      WHERE NOT EXISTS (
        SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = target AND a.attname = name AND i.indisvalid AND i.indpred IS NULL)
      ORDER BY n`,
  );
  return rows.map(({ n }) => {
    const { child, column } = followed[n] as Edge;
    // PostgreSQL builds no index of a partitioned table concurrently.
    const concurrently = child.partitions.length > 0 ? '' : ' CONCURRENTLY';
    const remedy = `CREATE INDEX${concurrently} ON ${qualified(child.table)} (${ident(column)});`;
    const message = `the foreign key "${column}" has no index, so archiving a parent reads the whole table. Run: ${remedy}`;
    return failure('unindexed_key', child.name, message, { remedy });
  });
}
