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
  /** How many rows were inserted, changed, archived, restored and deleted, by transactions that were committed. */
  readonly rows: Readonly<Record<string, number>>;
}

interface Ground {
  readonly client: pg.Client;
  readonly sessions: readonly Session[];
  /** How many of the sessions go through models; the first ones. */
  readonly models: number;
  /** How many transactions each worker runs. */
  readonly transactions: number;
}

/**
 * Many workers at once on freshly planted rows, then every archived row restored one by one, and after each of these all
 * that is promised.
 */
export async function round(seed: number, ground: Ground): Promise<Round> {
  const { client } = ground;
  const tally = await load(seed, ground);
  await note(client, tally);
  const broken = await check(client);
  const restored = broken.length > 0 ? 0 : await restoreAll(client, new Random(seed, 0), tally);
  if (restored > 0) {
    await note(client, tally);
    broken.push(...(await check(client)));
  }
  const { rows } = await client.query<{ edge: string; n: string }>(
    `SELECT edge, count(*) AS n FROM shadow.event WHERE op <> 'seed' GROUP BY edge ORDER BY edge`,
  );
  const changed = Object.fromEntries(rows.map(({ edge, n }) => [edge, Number(n)]));
  return { seed, tally, broken, operations: tally.journal.length, rows: changed };
}

/** What the workers do, and nothing else. What one of them does follows from the seed and from its number. */
export async function load(seed: number, { client, sessions, models, transactions }: Ground): Promise<Tally> {
  const tally = new Tally();
  await plant(client, new Random(seed));
  const workers = sessions.map((session, n): Worker => {
    const random = new Random(seed, n + 1);
    const plans = Array.from({ length: transactions }, () => choosePlan(random, sessions.length, n < models));
    return { name: `w${n}`, session, plans };
  });
  let cutting: Promise<unknown> = Promise.resolve();
  const cut = async (victim: number) => {
    const pid = sessions[victim]?.pid;
    if (!pid) return;
    tally.cuts++;
    cutting = cutting.then(() => client.query('SELECT pg_terminate_backend($1)', [pid])); // one connection, one at a time
    await cutting;
  };
  await Promise.all(workers.map((worker) => work(worker, tally, cut)));
  return tally;
}

/** Tells the checks what was asked for. */
export async function note(client: pg.Client, { journal }: Tally): Promise<void> {
  const ops = journal.map(({ op, history, operation: { kind, how, relation, targets } }) => ({
    op,
    history,
    kind,
    how,
    relation,
    targets,
  }));
  await client.query(
    `INSERT INTO shadow.op SELECT op, history, kind, how, relation, ARRAY(SELECT jsonb_array_elements(targets))
      FROM jsonb_to_recordset($1) AS o(op text, history text, kind text, how text, relation text, targets jsonb) ON CONFLICT DO NOTHING`,
    [JSON.stringify(ops)],
  );
}
