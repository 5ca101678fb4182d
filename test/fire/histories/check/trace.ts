import type pg from 'pg';
import type { Broken } from './promise';

/** What became of the rows that are named in what is broken, and of those of the same operations, for whoever has to find out why. */
export async function trace(client: pg.Client, broken: readonly Broken[]): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `WITH named AS (
      SELECT DISTINCT e.relation, e.key, e.op FROM shadow.event AS e JOIN unnest($1::text[]) AS b ON starts_with(b, e.relation || ' ' || e.key)
    )
    SELECT concat_ws(' ', e.place, e.tx, e.relation, e.key, e.edge, e.op, o.kind, o.how, o.relation, o.targets, 'from', e.old, 'to', e.new) AS line
      FROM shadow.event AS e LEFT JOIN shadow.op AS o ON o.op = e.op
      WHERE (e.relation, e.key) IN (SELECT relation, key FROM named)
        OR e.edge IN ('archive', 'restore', 'delete') AND e.op IN (SELECT op FROM named WHERE op <> 'seed')
      ORDER BY e.place LIMIT 200`,
    [broken.map((each) => each.broken)],
  );
  return rows.map(({ line }) => line);
}
