import type pg from 'pg';
import { refusalOf } from './program';
import { keepsPromises, type Licence } from './promises';
import { changes, readState, told } from './state';
import { seed } from './world';

/** Does it to the rows as they are seeded, looks whether a promise was broken, and tells what came of it. */
export async function outcome(client: pg.Client, licence: Licence, run: () => Promise<unknown>): Promise<string> {
  await seed(client);
  return after(client, licence, run);
}

/** The same to the rows as they are. */
export async function after(client: pg.Client, licence: Licence, run: () => Promise<unknown>): Promise<string> {
  const before = await readState(client);
  const said = await run().then(
    (n) => (typeof n === 'number' ? `; says ${n}` : ''),
    (error: unknown) => new Error(refusalOf(error)),
  );
  const now = await readState(client);
  const found = changes(before, now);
  await keepsPromises(client, before, now, found, licence);
  if (typeof said === 'string') return told(found) + said;
  return `refused: ${said.message}${found.length === 0 ? '' : `, after it ${told(found)}`}`;
}
