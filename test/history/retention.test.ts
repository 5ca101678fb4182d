import { expect } from 'chai';
import fc from 'fast-check';
import type pg from 'pg';
import { cast, col, QueryTypes } from 'sequelize';
import { DefinitionError } from '../../lib';
import { CursorError } from '../../lib/errors';
import { HistoryError } from '../../lib/history/errors';
import { atMoment } from '../../lib/history/reading/past/select';
import type { PruneOptions } from '../../lib/history/retention';
import { historyStats, pruneHistory } from '../../lib/history/retention';
import { doing, steps } from './steps';
import { type Article, useHistory } from './world';

/** Every night more: GUITARS_RUNS=2000. */
const RUNS = Number(process.env.GUITARS_RUNS ?? 60);

type Made = typeof Article & { table: string };

describe('history: retention', () => {
  const { article, db, entries, query } = useHistory();
  const prune = async (Model: Made, options: PruneOptions = {}) => {
    const { models } = await pruneHistory(db.sequelize, { models: [Model], ...options });
    return models[0];
  };
  const select = <R extends object>(sql: string) => db.sequelize.query<R>(sql, { type: QueryTypes.SELECT });
  const told = async (Model: Made) =>
    (await entries(Model.table)).map((each) => `${each.id} ${each._operation} ${each.title}`);
  const hardDelete = (Model: Made, where: string) =>
    query(`BEGIN; SET LOCAL guitars.hard_delete = on; DELETE FROM ${Model.table} WHERE ${where}; COMMIT`);
  /** Entries as if they had been made so many days ago. */
  const aged = (Model: Made, days: string, where = 'true') =>
    query(`BEGIN; SET LOCAL guitars.edit_history = on;
      UPDATE ${Model.table}_history SET _at = now() - make_interval(days => (${days})::int) WHERE ${where}; COMMIT`);

  it('by age: of each row, what it was at the cutoff stays, and what it is; of one that is gone, nothing', async () => {
    const Article = await article({ keep: '30 days' });
    await Article.bulkCreate([{ title: 'a' }, { title: 'b' }, { title: 'c' }, { title: 'd' }]);
    await Article.update({ title: 'a2' }, { where: { id: 1 } });
    await Article.update({ title: 'a3' }, { where: { id: 1 } });
    await hardDelete(Article, 'id = 3');
    await aged(Article, '50');
    await Article.update({ title: 'a4' }, { where: { id: 1 } });
    await hardDelete(Article, 'id = 4');
    const done = await prune(Article);
    expect(await told(Article)).to.deep.equal(['2 insert b', '4 insert d', '1 update a3', '1 update a4', '4 delete d']);
    expect(done).to.include({ entries: 9, removed: 4, tombstones: 1, keep: '30 days', limit: null });
    expect(done?.exactFrom).to.equal(done?.cutoff);
    expect(await prune(Article)).to.include({ entries: 5, removed: 0, tombstones: 0 });
    expect(await prune(Article, { keep: '0' })).to.include({ removed: 3, tombstones: 1 });
    expect(await told(Article)).to.deep.equal(['2 insert b', '1 update a4']);
  });

  it('by count: the newest so many of each row, and the report says from when on the past is whole', async () => {
    const Article = await article({ limit: 2 });
    const one = await Article.create({ title: 'a' });
    for (const title of ['b', 'c', 'd']) await one.update({ title });
    await Article.create({ title: 'x' });
    await aged(Article, '10 - _entry');
    const at = (await select<{ at: Date }>(`SELECT _at AS at FROM ${Article.table}_history WHERE _entry = 3`))[0]?.at;
    const done = await prune(Article);
    expect(await told(Article)).to.deep.equal(['1 update c', '1 update d', '2 insert x']);
    expect(done).to.include({ removed: 2, tombstones: 0, cutoff: null });
    expect(new Date(done?.exactFrom as string)).to.deep.equal(at);
    expect(await prune(Article, { limit: 1 })).to.include({ removed: 1 });
    expect(await one.versions()).to.have.length(1);
  });

  it('a key that was used again: what was before it goes, and no cursor expires for it', async () => {
    const Article = await article();
    const start = await Article.cursor();
    await Article.create({ id: 5, title: 'a' });
    await hardDelete(Article, 'id = 5');
    await Article.create({ id: 5, title: 'b' });
    expect(await prune(Article, { keep: '0 seconds' })).to.include({ removed: 2, tombstones: 0 });
    expect((await Article.changes(start)).rows.map(({ operation }) => operation)).to.deep.equal(['insert']);
    await hardDelete(Article, 'id = 5');
    expect(await prune(Article, { keep: '0 seconds' })).to.include({ removed: 2, tombstones: 1 });
    const error = await Article.changes(start).catch((reason) => reason);
    expect(error).to.be.instanceOf(CursorError).with.property('fault', 'expired');
    const [stats] = await historyStats(db.sequelize, { models: [Article] });
    expect(Number(stats?.horizon?.entry)).to.equal(4);
  });

  it('a transaction that took long: its entries are older than those before them, and nothing is taken from between', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a' });
    await one.update({ title: 'young' });
    await one.update({ title: 'old, but later' });
    await one.update({ title: 'old too' });
    await aged(Article, '20', '_entry <> 2');
    expect(await prune(Article, { keep: '10 days' })).to.include({ removed: 1 });
    await hardDelete(Article, 'id = 1');
    await aged(Article, '20', '_entry = 5');
    expect(await prune(Article, { keep: '10 days' })).to.include({ removed: 0, tombstones: 0 });
    expect(await Article.asOf(new Date())).to.have.length(0);
  });

  it(`asOf any moment from exactFrom on is what it was, of ${RUNS} runs; a dry run tells the same`, async function () {
    this.timeout(60_000 + RUNS * 1000);
    const Article = await article();
    const clients = [await db.client(), await db.client()];
    const columns = Object.entries(Article.getAttributes()).map(([name, { field }]) => [name, field as string]);
    const asOf = (at: string) =>
      Article.findAll(
        atMoment(
          {
            attributes: columns.map(([name, field]) => [cast(col(field as string), 'text'), name as string]),
            order: [['id', 'ASC']],
            paranoid: false,
            raw: true,
          },
          () => `_at <= '${at}'::timestamptz`,
        ),
      ) as unknown as Promise<object[]>;
    let [gone, compared] = [0, 0];
    const rules = fc.record(
      {
        keep: fc.integer({ min: 0, max: 60 }),
        limit: fc.integer({ min: 1, max: 4 }),
        batch: fc.constantFrom(1, 3, 1000),
      },
      { requiredKeys: ['batch'] },
    );
    await fc.assert(
      fc.asyncProperty(steps(2), rules, fc.integer({ min: 1, max: 1e6 }), async (all, { keep, limit, batch }, seed) => {
        await query(`BEGIN; SET LOCAL guitars.hard_delete = on; SET LOCAL guitars.edit_history = on;
          TRUNCATE ${Article.table}, ${Article.table}_history RESTART IDENTITY; COMMIT`);
        const writers = clients.map((client) => doing(client, Article.table));
        for (const client of clients) await client.query(`SET lock_timeout = '3ms'`);
        for (const step of all) if (step.kind !== 'snapshot') await writers[step.by]?.(step);
        for (const writer of writers) await writer({ kind: 'commit', by: 0, row: 0, value: 0 });
        // Each transaction has a time of its own, in any order.
        await query(`BEGIN; SET LOCAL guitars.edit_history = on;
          UPDATE ${Article.table}_history SET _at = now() - interval '1 hour' - (hashint8(_transaction # ${seed}) & 63) * interval '1 day'; COMMIT`);
        const before = await entries(Article.table);
        const moments = await select<{ at: string }>(
          `SELECT DISTINCT to_char(_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at FROM ${Article.table}_history
            UNION SELECT '2999-01-01T00:00:00.000000Z'`,
        );
        const past = new Map<string, object[]>();
        for (const { at } of moments) past.set(at, await asOf(at));
        const options = {
          batch,
          ...(keep === undefined ? {} : { keep: `${keep} days` }),
          ...(limit === undefined ? {} : { limit }),
        };
        const dry = await prune(Article, { ...options, dryRun: true });
        expect(await entries(Article.table)).to.deep.equal(before);
        const done = await prune(Article, options);
        expect({ ...dry, cutoff: '', exactFrom: '' }).to.deep.equal({ ...done, cutoff: '', exactFrom: '' });
        expect(before.length - (await entries(Article.table)).length).to.equal(done?.removed ?? 0);
        gone += done?.removed ?? 0;
        for (const [at, rows] of past) {
          if (done?.exactFrom && at < done.exactFrom) continue;
          expect(await asOf(at), at).to.deep.equal(rows);
          compared += rows.length;
        }
        const left = await entries(Article.table);
        for (const id of new Set(left.map((each) => each.id))) {
          const of = (each: Record<string, unknown>) => each.id === id;
          const rest = left.filter(of);
          expect(rest, 'what stays are the last ones').to.deep.equal(before.filter(of).slice(-rest.length));
        }
        if (done) expect(await prune(Article, options)).to.include({ removed: 0 });
      }),
      { numRuns: RUNS },
    );
    expect(gone).to.be.greaterThan(RUNS);
    expect(compared).to.be.greaterThan(RUNS);
  });

  it('a prune that stops in the middle leaves no row that had gone', async () => {
    const Article = await article();
    await Article.bulkCreate([{ title: 'a' }, { title: 'b' }]);
    await Article.update({ title: 'c' }, { where: {} });
    await hardDelete(Article, 'true');
    await query(`CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF OLD._operation = 'delete' THEN RAISE EXCEPTION 'stop'; END IF; RETURN OLD; END $$;
      CREATE TRIGGER stop BEFORE DELETE ON ${Article.table}_history FOR EACH ROW EXECUTE FUNCTION stop()`);
    const error = await prune(Article, { keep: '0', batch: 1 }).catch((reason) => reason);
    expect(String(error)).to.include('stop');
    expect(await told(Article)).to.deep.equal(['1 delete c', '2 delete c']);
    await query('DROP FUNCTION stop() CASCADE');
    expect(await prune(Article, { keep: '0', batch: 1 })).to.include({ removed: 2, tombstones: 2 });
  });

  it('two at a time, while others write: each entry goes once, and nobody fails', async () => {
    const Article = await article();
    await query(`INSERT INTO ${Article.table} (title) SELECT 'a' FROM generate_series(1, 400)`);
    for (let n = 0; n < 5; n++) await query(`UPDATE ${Article.table} SET title = '${n}'`);
    await hardDelete(Article, 'id % 4 = 0');
    await aged(Article, '9');
    let writing = true;
    const writer: pg.Client = await db.client();
    const written = (async () => {
      let n = 0;
      for (; writing; n++)
        await writer.query(`UPDATE ${Article.table} SET title = 'new' WHERE id = ${1 + 2 * (n % 9)}`);
      return n;
    })();
    const options = { keep: '5 days', batch: 20 };
    const reports = await Promise.all([prune(Article, options), prune(Article, options), prune(Article, options)]);
    writing = false;
    const since = await written;
    const removed = reports.reduce((sum, each) => sum + (each?.removed ?? 0), 0);
    expect(removed).to.equal(300 * 5 + 100 * 7);
    expect(reports.reduce((sum, each) => sum + (each?.tombstones ?? 0), 0)).to.equal(100);
    expect((await entries(Article.table)).length).to.equal(300 + since);
    expect(await Article.asOf(new Date())).to.have.length(300);
  });

  it('a row of very many entries, and keys of several columns of any types', async () => {
    const { DataTypes } = await import('sequelize');
    const attributes = {
      day: { type: DataTypes.DATEONLY, primaryKey: true },
      'the code': { type: DataTypes.TEXT, primaryKey: true },
      title: DataTypes.TEXT,
    };
    const Made = await article({ limit: 3 }, { attributes });
    const { table } = Made;
    await query(`INSERT INTO ${table} (day, "the code", title)
      SELECT '2031-01-01'::date + d, E'it\\'s \\\\' || n, '' FROM generate_series(0, 20) AS d, generate_series(1, 600) AS n`);
    await query(`DO $$ BEGIN FOR n IN 1..300 LOOP
      UPDATE ${table} SET title = n::text WHERE day = '2031-01-05' AND "the code" LIKE '%7'; END LOOP; END $$`);
    expect(await prune(Made as never, { batch: 500 })).to.include({
      entries: 21 * 600 + 300 * 60,
      removed: 60 * 298,
    });
    const [left] = await select(
      `SELECT count(*)::int AS n, min(title) AS title FROM ${table}_history WHERE title <> ''`,
    );
    expect(left).to.deep.equal({ n: 180, title: '298' });
  });

  describe('by the month', () => {
    const months = async ({ table }: Made) =>
      (
        await select<{ name: string }>(
          `SELECT relname::text AS name FROM pg_inherits JOIN pg_class ON oid = inhrelid
            WHERE inhparent = '${table}_history'::regclass ORDER BY 1`,
        )
      ).map(({ name }) => name.slice(`${table}_history_`.length));

    it('months that are empty by then are dropped, and those ahead are made', async () => {
      const Article = await article({ partition: 'month', keep: '1 year' });
      const history = `${Article.table}_history`;
      const made = await months(Article);
      for (const month of ['01', '02', '03']) {
        await query(`CREATE TABLE ${history}_2021_${month} PARTITION OF ${history}
          FOR VALUES FROM ('2021-${month}-01 00:00+00') TO ('2021-0${Number(month) + 1}-01 00:00+00')`);
      }
      const one = await Article.create({ title: 'a' });
      await one.update({ title: 'b' });
      await one.update({ title: 'c' });
      await query(`BEGIN; SET LOCAL guitars.edit_history = on;
        UPDATE ${history} SET _at = '2021-01-15' WHERE _entry = 1; UPDATE ${history} SET _at = '2021-02-15' WHERE _entry = 2; COMMIT`);
      await query(`DROP TABLE ${history}_${made[1]}`);
      const dry = await prune(Article, { dryRun: true });
      const done = await prune(Article);
      expect(dry?.dropped).to.deep.equal(done?.dropped);
      expect(done?.dropped).to.deep.equal([`${history}_2021_01`, `${history}_2021_03`]);
      expect(await months(Article)).to.deep.equal(['2021_02', ...made].sort());
      expect(await told(Article)).to.deep.equal(['1 update b', '1 update c']);
      const [stats] = await historyStats(db.sequelize, { models: [Article] });
      expect(stats?.tableBytes).to.be.greaterThan(8191);
    });

    it('without limit or keep the months ahead are made all the same; a table that is busy is left as it is', async () => {
      const Article = await article({ partition: 'month' });
      const history = `${Article.table}_history`;
      await query(
        `CREATE TABLE ${history}_2021_01 PARTITION OF ${history} FOR VALUES FROM ('2021-01-01') TO ('2021-02-01')`,
      );
      const client = await db.client();
      await client.query(`BEGIN; SELECT FROM ${history}`);
      expect((await prune(Article))?.dropped).to.deep.equal([]);
      await client.query('ROLLBACK');
      expect(await prune(Article)).to.deep.include({ removed: 0, dropped: [`${history}_2021_01`] });
    });
  });

  it('says what cannot be meant', async () => {
    const Article = await article();
    const refused = async (options: object) => {
      const error = await prune(Article, options).catch((reason) => reason);
      expect(error, JSON.stringify(options)).to.be.instanceOf(DefinitionError);
      return error.message as string;
    };
    expect(await refused({ keep: '3 fortnights' })).to.match(
      /^"keep" is "3 fortnights", which is no time.*invalid input/,
    );
    for (const keep of ['', 'x', '-1 day', '1 day -9 days', 7, '900000 years']) await refused({ keep });
    for (const limit of [0, 1.5, '3']) await refused({ limit });
    expect(await refused({ batch: 0, limit: 1 })).to.match(/"batch" is 0/);
    expect(await prune(Article)).to.equal(undefined);
  });

  it('a role that may not is told which may', async () => {
    const Article = await article({ limit: 1 });
    const one = await Article.create({ title: 'a' });
    await one.update({ title: 'b' });
    await query(`REVOKE DELETE ON ${Article.table}_history FROM CURRENT_USER`);
    const error = await prune(Article).catch((reason) => reason);
    expect(error).to.be.instanceOf(HistoryError);
    expect(error.message).to.match(/permission denied.*Connect as the role that owns the tables/);
  });

  it('a role that may delete from the history need not own the tables', async () => {
    const Article = await article({ keep: '1 day' });
    await Article.bulkCreate([{ title: 'a' }, { title: 'b' }]);
    await Article.update({ title: 'c' }, { where: {} });
    await hardDelete(Article, 'id = 2');
    await aged(Article, '9');
    const [me] = await select<{ role: string }>('SELECT current_user AS role');
    const admin = await db.admin();
    const tables = [`app.${Article.table}`, `app.${Article.table}_history`, 'guitars.history_horizon'];
    const owner = async (role: string) => {
      for (const table of tables) await admin.query(`ALTER TABLE ${table} OWNER TO ${role}`);
    };
    await owner('CURRENT_USER');
    try {
      await admin.query(`GRANT SELECT, DELETE ON ${tables[1]} TO ${me?.role};
        GRANT SELECT, INSERT, UPDATE ON guitars.history_horizon TO ${me?.role}`);
      expect(await prune(Article)).to.include({ removed: 4 });
      expect(await told(Article)).to.deep.equal(['1 update c']);
    } finally {
      await owner(me?.role as string);
    }
  });

  it('stats: what is held, how it grows, and what a prune would remove', async () => {
    const Article = await article({ keep: '1 month' });
    const [empty] = await historyStats(db.sequelize, { models: [Article] });
    expect(empty).to.include({ entries: 0, rows: 0, bytesPerEntry: null, oldest: null, prunable: 0, horizon: null });
    await query(`INSERT INTO ${Article.table} (title) SELECT 'a' FROM generate_series(1, 70)`);
    await Article.update({ title: 'b' }, { where: {} });
    await aged(Article, '40', `_entry <= 35`);
    await aged(Article, '35', '_entry BETWEEN 71 AND 80');
    await aged(Article, '20', '_entry > 80');
    const [stats] = await historyStats(db.sequelize, { models: [Article] });
    expect(stats).to.include({ model: Article.name, entries: 140, rows: 70, prunable: 10 });
    expect(stats?.perDay).to.deep.equal({ week: 35 / 7, month: 95 / 30 });
    expect(stats?.bytesPerEntry).to.equal(Math.round(((stats?.tableBytes ?? 0) + (stats?.indexBytes ?? 0)) / 140));
    expect(stats?.indexBytes).to.be.greaterThan(3 * 8192);
    expect(Date.parse(stats?.newest as string) - Date.parse(stats?.oldest as string)).to.be.closeTo(40 * 864e5, 36e5);
    const plain = await article();
    expect((await historyStats(db.sequelize, { models: [plain] }))[0]?.prunable).to.equal(null);
  });
});
