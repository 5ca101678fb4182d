import type { Sequelize } from 'sequelize';
import { select } from '../enforcement/catalog';
import type { Ground } from './ground';
import { reachQuery } from './reach';
import type { Left, TableCount } from './report';

/** What a purge would come to, by one query over all roots; nothing is changed. */
export async function countAll(
  sequelize: Sequelize,
  ground: Ground,
): Promise<{ tables: TableCount[]; left: number; because: Left[] }> {
  const roots = `SELECT tableoid, ctid FROM ${ground.from} WHERE ${ground.old}`;
  const rows = await select<{ what: 'goes' | 'stopped' | 'left'; n: number; rows: string }>(
    sequelize,
    `WITH ${reachQuery(ground, roots)}, left_over AS (SELECT part, place, step FROM stopped JOIN roots USING (part, place))
     SELECT 'goes' AS what, t AS n, count(*) AS rows FROM goes GROUP BY t
     UNION ALL SELECT 'stopped', step, count(*) FROM left_over GROUP BY step
     UNION ALL SELECT 'left', 0, count(DISTINCT (part, place)) FROM left_over`,
  );
  const of = (what: string) => rows.filter((row) => row.what === what);
  const goes = new Map(of('goes').map(({ n, rows: found }) => [n, Number(found)]));
  return {
    tables: tablesOf(ground, goes),
    left: Number(of('left')[0]?.rows ?? 0),
    because: leftBy(ground, new Map(of('stopped').map(({ n, rows: found }) => [n, Number(found)]))),
  };
}

/** Counts by place as counts by table. */
export const tablesOf = ({ places }: Ground, rows: ReadonlyMap<number, number>): TableCount[] =>
  places.map(({ ref }, n) => ({ schema: ref.schema, table: ref.name, rows: rows.get(n) ?? 0 }));

/** Rows that are left because of keys, by the number of the step. */
export function leftBy({ order }: Ground, counts: ReadonlyMap<number, number>): Left[] {
  return order.steps.flatMap(({ constraint, ref, because }, n) => {
    const rows = counts.get(n);
    return rows ? [{ rows, constraint, table: ref.name, reason: because }] : [];
  });
}
