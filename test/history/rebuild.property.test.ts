import { expect } from 'chai';
import fc from 'fast-check';
import type pg from 'pg';
import { cast, col, type Model, type ModelStatic, QueryTypes } from 'sequelize';
import { atMoment } from '../../lib/history/reading/past/select';
import { doing, type Step, steps } from './steps';
import { useHistory } from './world';

/** Every night more: GUITARS_RUNS=2000. */
const RUNS = Number(process.env.GUITARS_RUNS ?? 150);

/** Rows as texts, by key: nothing is lost on the way here. */
type Rows = Record<string, unknown>[];

/** Keys of two digits. */
const TEN: Step[] = [9, 10].map((row) => ({ kind: 'insert', by: 0, row, value: 0 }));

describe('history: rows and history never disagree', () => {
  const { article, db } = useHistory();
  let Article: ModelStatic<Model> & { table: string };
  let clients: pg.Client[];
  let watcher: pg.Client;
  before(async () => {
    Article = (await article()) as unknown as typeof Article;
    clients = [await db.client(), await db.client(), await db.client()];
    watcher = await db.client();
    for (const client of clients) await client.query(`SET lock_timeout = '3ms'`);
  });

  const columns = () => Object.entries(Article.getAttributes()).map(([name, { field }]) => [name, field as string]);

  /** The table as it is, to a transaction that sees no more than its snapshot. */
  async function present(): Promise<{ at: string; snapshot: string; rows: Rows }> {
    await watcher.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const { rows: meta } = await watcher.query(
      `SELECT pg_current_snapshot()::text AS snapshot, to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`,
    );
    const list = columns().map(([name, field]) => `"${field}"::text AS "${name}"`);
    const { rows } = await watcher.query(
      `SELECT ${list.join(', ')} FROM ${Article.table} ORDER BY ${Article.table}.id`,
    );
    await watcher.query('COMMIT');
    return { ...meta[0], rows };
  }

  /** The table as history tells it, by key: a name that is cast to text is sorted as one. */
  async function rebuilt(moment: string): Promise<Rows> {
    const attributes = columns().map(([name, field]) => [cast(col(field as string), 'text'), name]);
    const found = await Article.findAll(atMoment({ attributes, paranoid: false, raw: true }, () => moment) as never);
    return (found as unknown as Rows).sort((a, b) => Number(a.id) - Number(b.id));
  }

  const bySnapshot = (snapshot: string) =>
    `pg_visible_in_snapshot(_transaction::text::xid8, '${snapshot}'::pg_snapshot)`;

  async function empty(): Promise<void> {
    await watcher.query('BEGIN; SET LOCAL guitars.hard_delete = on');
    await watcher.query(`TRUNCATE ${Article.table} RESTART IDENTITY`);
    await watcher.query('COMMIT');
  }

  async function run(all: readonly Step[], onSnapshot: () => Promise<void>): Promise<void> {
    const writers = clients.map((client) => doing(client, Article.table));
    try {
      for (const step of all) {
        if (step.kind === 'snapshot') await onSnapshot();
        else await writers[step.by % writers.length]?.(step);
      }
    } finally {
      for (const writer of writers) await writer({ kind: 'commit', by: 0, row: 0, value: 0 });
    }
  }

  async function agreesNow(): Promise<void> {
    const { snapshot, rows } = await present();
    expect(await rebuilt(bySnapshot(snapshot)), 'the present').to.deep.equal(rows);
    const last = await db.sequelize.query(
      `SELECT count(*)::integer AS n FROM (SELECT DISTINCT ON (id) * FROM ${Article.table}_history ORDER BY id, _entry DESC) AS l WHERE _operation <> 'delete'`,
      { type: QueryTypes.SELECT },
    );
    expect(last).to.deep.equal([{ n: rows.length }]);
  }

  it(`by snapshots, of ${RUNS} runs of writers who overlap`, async function () {
    this.timeout(60_000 + RUNS * 400);
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(steps(clients.length), async (all) => {
        await empty();
        const taken: { snapshot: string; rows: Rows }[] = [];
        await run(all, async () => void taken.push(await present()));
        for (const { snapshot, rows } of taken) {
          expect(await rebuilt(bySnapshot(snapshot)), snapshot).to.deep.equal(rows);
          seen += rows.length;
        }
        await agreesNow();
      }),
      { numRuns: RUNS, examples: [[TEN]] },
    );
    expect(seen).to.be.greaterThan(RUNS);
  });

  it(`by times, of ${RUNS} runs of one writer`, async function () {
    this.timeout(60_000 + RUNS * 400);
    await fc.assert(
      fc.asyncProperty(steps(1), async (all) => {
        await empty();
        const taken: { at: string; rows: Rows }[] = [];
        // In a transaction: by time it counts from when it began, so what it does later is of an earlier moment.
        const whole = all.flatMap((step) =>
          step.kind === 'snapshot' ? [{ ...step, kind: 'commit' as const }, step] : [step],
        );
        await run(whole, async () => void taken.push(await present()));
        for (const { at, rows } of taken) {
          expect(await rebuilt(`_at <= '${at}'::timestamptz`), at).to.deep.equal(rows);
        }
        await agreesNow();
      }),
      { numRuns: RUNS },
    );
  });
});
