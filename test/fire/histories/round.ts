import type pg from 'pg';
import { Random } from '../../support/random';
import { type Broken, check } from './check';
import { plant } from './ground';
import { choosePlan } from './load/choose';
import type { Session } from './load/session';
import { Tally } from './load/tally';
import { type Worker, work } from './load/worker';
import { restoreAll } from './restoreAll';

export interface Round {
  readonly seed: number;
  readonly tally: Tally;
  readonly broken: readonly Broken[];
  /** Operations, those of the serial end included. */
  readonly operations: number;
}

/**
 * Many workers at once on freshly planted rows, then every archived row restored one by one, and after each of these all
 * that is promised. What a worker does follows from the seed and from its number.
 */
export async function round(
  seed: number,
  {
    client,
    sessions,
    models,
    transactions,
  }: { client: pg.Client; sessions: readonly Session[]; models: number; transactions: number },
): Promise<Round> {
  const tally = new Tally();
  await plant(client, new Random(seed));
  const workers = sessions.map((session, n): Worker => {
    const random = new Random(seed, n + 1);
    const plans = Array.from({ length: transactions }, () => choosePlan(random, sessions.length, n < models));
    return { name: `w${n}`, session, plans };
  });
  const cut = async (victim: number) => {
    const pid = sessions[victim]?.pid;
    if (pid) await client.query('SELECT pg_terminate_backend($1)', [pid]);
    tally.cuts++;
  };
  await Promise.all(workers.map((worker) => work(worker, tally, cut)));
  await note(client, tally);
  const broken = await check(client);
  const restored = broken.length > 0 ? 0 : await restoreAll(client, new Random(seed, 0), tally);
  if (restored > 0) {
    await note(client, tally);
    broken.push(...(await check(client)));
  }
  return { seed, tally, broken, operations: tally.journal.length };
}

/** Tells the checks what was asked for. */
export async function note(client: pg.Client, { journal }: Tally): Promise<void> {
  const ops = journal.map(({ op, history, operation: { kind, relation, targets } }) => ({
    op,
    history,
    kind,
    relation,
    targets,
  }));
  await client.query(
    `INSERT INTO shadow.op SELECT op, history, kind, relation, ARRAY(SELECT jsonb_array_elements(targets))
      FROM jsonb_to_recordset($1) AS o(op text, history text, kind text, relation text, targets jsonb) ON CONFLICT DO NOTHING`,
    [JSON.stringify(ops)],
  );
}
