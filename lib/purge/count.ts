import type { Sequelize } from 'sequelize';
import { select } from '../enforcement/catalog';
import { literal } from '../sql/identifiers';
import type { Ground } from './ground';
import { BLOCKED, GOES, reachQuery } from './reach';
import type { Left, TableCount } from './report';

/** What a purge would come to, by one query over all roots; nothing is changed. */
export async function countAll(
  sequelize: Sequelize,
  ground: Ground,
  cutoff: string,
): Promise<{ tables: TableCount[]; left: Left[]; leftRows: number }> {
  const [{ name, deleted } = { name: '', deleted: '' }] = ground.places;
  const before = `${literal(cutoff)}::timestamptz`;
  const roots = `SELECT tableoid AS home, ctid AS place FROM ${name} WHERE ${deleted} < ${before}`;
  const rows = await select<{ what: 'goes' | 'blocked' | 'left'; n: number; rows: string }>(
    sequelize,
    `WITH ${reachQuery(ground, roots, before)}, ${BLOCKED}
     SELECT 'goes' AS what, t AS n, count(DISTINCT (home, place)) AS rows FROM reached WHERE ${GOES} GROUP BY t
     UNION ALL SELECT 'blocked', block, count(DISTINCT (root_home, root_place)) FROM reached WHERE block IS NOT NULL GROUP BY block
     UNION ALL SELECT 'left', 0, count(*) FROM blocked`,
  );
  const of = (what: string) => rows.filter((row) => row.what === what);
  return {
    tables: ground.places.map(({ ref }, n) => ({ table: ref.name, schema: ref.schema, rows: sum(of('goes'), n) })),
    left: of('blocked').map(({ n, rows: found }) => leftBy(ground, n, Number(found))),
    leftRows: sum(of('left'), 0),
  };
}

const sum = (rows: readonly { n: number; rows: string }[], n: number) =>
  rows.filter((row) => row.n === n).reduce((total, { rows: found }) => total + Number(found), 0);

/** Rows that are left because of a key. */
export function leftBy({ places, steps }: Ground, n: number, rows: number): Left {
  const { constraint, to } = steps[n] as (typeof steps)[number];
  const { ref, deleted } = places[to] as (typeof places)[number];
  const why = deleted
    ? `rows of "${ref.name}" that are live or archived later`
    : `rows of the plain table "${ref.name}"`;
  return { rows, constraint, table: ref.name, reason: `${why} refer to them by ${constraint}` };
}
