import type { Ground } from './ground';

/**
 * A recursive query, the body of a WITH: every row that has to go with a root, and whether it stands in the way. A root
 * is left where it would take along, or run into, a row that is live or younger than the cutoff, or where a plain
 * table's rows refer to it by a key that does not cascade.
 *
 * @param roots SQL that answers `home` (a tableoid) and `place` (a ctid)
 * @param cutoff SQL
 */
export function reachQuery({ places, steps }: Ground, roots: string, cutoff: string): string {
  const branches = steps.map(({ from, to, on, cascade }, n) => {
    const { name, deleted } = places[to] as (typeof places)[number];
    const blocks = deleted ? `c.${deleted} IS NULL OR c.${deleted} >= ${cutoff}` : cascade ? 'false' : 'true';
    const parent = places[from]?.name;
    return `SELECT ${to} AS t, c.tableoid AS home, c.ctid AS place, CASE WHEN ${blocks} THEN ${n} END AS block
        FROM ${parent} AS p JOIN ${name} AS c ON ${on}
        WHERE reached.t = ${from} AND p.tableoid = reached.home AND p.ctid = reached.place`;
  });
  const root = `SELECT 0 AS t, home, place, NULL::integer AS block, home AS root_home, place AS root_place FROM (${roots}) AS roots`;
  if (branches.length === 0) return `reached AS (${root})`;
  // What stands in the way is not followed further.
  return `RECURSIVE reached AS (
    ${root}
    UNION
    SELECT child.t, child.home, child.place, child.block, reached.root_home, reached.root_place
      FROM reached CROSS JOIN LATERAL (
        ${branches.join('\n        UNION ALL ')}
      ) AS child WHERE reached.block IS NULL
  )`;
}

/** The roots that something stands in the way of. */
export const BLOCKED = 'blocked AS (SELECT DISTINCT root_home, root_place FROM reached WHERE block IS NOT NULL)';

/** Of rows of `reached`: does their root go? */
export const GOES =
  'NOT EXISTS (SELECT FROM blocked WHERE blocked.root_home = reached.root_home AND blocked.root_place = reached.root_place)';
