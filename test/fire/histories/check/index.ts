import type pg from 'pg';
import { DELETIONS, deletions } from './deletions';
import { log } from './log';
import type { Broken } from './promise';
import { state } from './state';

export type { Broken } from './promise';
export { trace } from './trace';

/** Everything that is broken, by the tables as they are and by what the observer has logged. */
export async function check(client: pg.Client): Promise<Broken[]> {
  await client.query('ANALYZE shadow.log, shadow.op');
  for (const sql of DELETIONS) await client.query(sql);
  const found: Broken[] = [];
  for (const { promise, sql } of [...state, ...log, ...deletions]) {
    const { rows } = await client.query<{ broken: string }>(sql);
    found.push(...rows.map(({ broken }) => ({ promise, broken })));
  }
  return found;
}
