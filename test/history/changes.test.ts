import { expect } from 'chai';
import { Model, QueryTypes, type Sequelize } from 'sequelize';
import { Guitar } from '../../lib';
import { CursorError } from '../../lib/errors';
import { raiseHorizon } from '../../lib/history/changes';
import { locateOne } from '../../lib/history/reading/located';
import { withRevision } from '../../lib/history/revision';
import { Since } from '../../lib/history/since';
import { type Article, useHistory } from './world';

const told = ({ rows }: { rows: readonly { operation: string; version: number; values: { title?: unknown } }[] }) =>
  rows.map(({ operation, version, values }) => `${operation} ${version} ${values.title}`);

describe('history: the feed of changes', () => {
  const { article, db, query } = useHistory();
  const faultOf = async (work: Promise<unknown>) =>
    work.then(
      () => 'none',
      (error) => (error instanceof CursorError ? error.fault : String(error)),
    );
  const decoded = (cursor: string) => Buffer.from(cursor, 'base64url').toString();
  const encoded = (text: string) => Buffer.from(text).toString('base64url');

  it('every operation, with its row, revision and position', async () => {
    const Article = await article({ exclude: ['meta'], filter: ['secret'] });
    const one = await withRevision({ actor: 'ann', comment: 'why', request: 7 }, () =>
      Article.create({ title: 'a', meta: { a: 1 }, secret: 's' }),
    );
    await one.update({ secret: 't' });
    await one.destroy();
    await one.restore();
    await one.hardDelete();
    const { rows, cursor, more } = await Article.changes();
    expect(more).to.equal(false);
    expect(rows.map(({ operation, version }) => [operation, version])).to.deep.equal([
      ['insert', 1],
      ['update', 2],
      ['archive', 3],
      ['restore', 4],
      ['delete', 4],
    ]);
    const [first, second] = rows;
    expect(first).to.deep.include({ key: { id: one.id }, actor: 'ann', comment: 'why', context: { request: 7 } });
    expect(first?.at).to.be.instanceOf(Date);
    expect(first?.values).to.include({ id: one.id, title: 'a', secret: '[filtered]', _version: 1 });
    expect(first?.values).not.to.have.property('meta');
    expect(second?.values).to.include({ secret: '[filtered: changed]' });
    expect(Number(second?.entry)).to.be.greaterThan(Number(first?.entry));
    const again = await Article.changes(cursor);
    expect(again).to.deep.equal({ rows: [], cursor, more: false });
  });

  it('pages, in the first window and in later ones, of which none grows while it is read', async () => {
    const Article = await article();
    await Article.bulkCreate(Array.from({ length: 25 }, (_, n) => ({ title: `a${n}` })));
    const read = async (from: string | undefined, limit: number) => {
      const titles: unknown[] = [];
      let [cursor, more, pages] = [from, true, 0];
      while (more) {
        const answer = await Article.changes(cursor, { limit });
        if (pages++ === 0) await Article.create({ title: 'later' });
        titles.push(...answer.rows.map(({ values }) => values.title));
        ({ cursor, more } = answer);
      }
      return { titles, cursor, pages };
    };
    const first = await read(undefined, 10);
    expect(first.titles).to.deep.equal(Array.from({ length: 25 }, (_, n) => `a${n}`));
    expect(first.pages).to.equal(3);
    await Article.update({ title: 'b' }, { where: {} });
    const second = await read(first.cursor, 5);
    expect(second.titles).to.deep.equal(['later', ...Array.from({ length: 26 }, () => 'b')]);
    const third = await read(second.cursor, 1);
    expect(third.titles).to.deep.equal(['later']);
  });

  it('a row’s changes in their order, where its second writer had the lower transaction id', async () => {
    const Article = await article();
    const row = await Article.create({ title: 'r' });
    const others = await Article.bulkCreate([{ title: 'x' }, { title: 'y' }]);
    const cursor = await Article.cursor();
    const [long, b, a] = await Promise.all([db.client(), db.client(), db.client()]);
    const write = (client: typeof a, id: number, title: string) =>
      client.query(`UPDATE ${Article.table} SET title = '${title}' WHERE id = ${id}`);
    for (const client of [long, b, a]) await client.query('BEGIN');
    await write(long, others[0]?.id as number, 'long');
    await write(b, others[1]?.id as number, 'b: gets its id');
    await write(a, row.id, 'a');
    await a.query('COMMIT');
    const one = await Article.changes(cursor);
    expect(told(one)).to.deep.equal(['update 2 a']);
    await write(b, row.id, 'b');
    const two = await Article.changes(one.cursor);
    expect(told(two)).to.deep.equal([]);
    await b.query('COMMIT');
    const three = await Article.changes(two.cursor);
    expect(told(three)).to.deep.equal(['update 2 b: gets its id', 'update 3 b']);
    expect(BigInt(three.rows[0]?.transaction as string) < BigInt(one.rows[0]?.transaction as string)).to.equal(true);
    // From the beginning, it is the order of the entries.
    expect(told(await Article.changes(cursor))).to.deep.equal(['update 2 b: gets its id', 'update 2 a', 'update 3 b']);
    await long.query('COMMIT');
    expect(told(await Article.changes(three.cursor))).to.deep.equal(['update 2 long']);
    expect(told(await Article.changes(cursor)).length).to.equal(4);
  });

  it('a window that is being paged stays what it was, whatever commits', async () => {
    const Article = await article();
    const cursor = await Article.cursor();
    const client = await db.client();
    await client.query('BEGIN');
    await client.query(`INSERT INTO ${Article.table} (title) VALUES ('early')`);
    await Article.bulkCreate([{ title: 'a' }, { title: 'b' }, { title: 'c' }]);
    const one = await Article.changes(cursor, { limit: 1 });
    await client.query('COMMIT');
    const two = await Article.changes(one.cursor, { limit: 2 });
    expect([...told(one), ...told(two)]).to.deep.equal(['insert 1 a', 'insert 1 b', 'insert 1 c']);
    expect(told(await Article.changes(two.cursor))).to.deep.equal(['insert 1 early']);
  });

  it('in a transaction: its own writes come once it has committed', async () => {
    const Article = await article();
    const start = await Article.cursor();
    const inside = await db.sequelize.transaction(async (transaction) => {
      await Article.create({ title: 'one' }, { transaction });
      await query('SELECT pg_current_xact_id()');
      await (await db.client()).query(`INSERT INTO ${Article.table} (title) VALUES ('other')`);
      const read = await Article.changes(start, { transaction });
      const present = await Article.cursor({ transaction });
      await Article.create({ title: 'two' }, { transaction });
      return { read, present };
    });
    expect(told(inside.read)).to.deep.equal(['insert 1 other']);
    for (const from of [inside.read.cursor, inside.present]) {
      expect(told(await Article.changes(from))).to.deep.equal(['insert 1 one', 'insert 1 two']);
    }
  });

  it('in a transaction that began before the cursor: nothing, and it does not go back', async () => {
    const Article = await article();
    const isolationLevel = 'REPEATABLE READ' as never;
    await db.sequelize.transaction({ isolationLevel }, async (transaction) => {
      await db.sequelize.query('SELECT 1', { transaction });
      await (await db.client()).query(`INSERT INTO ${Article.table} (title) VALUES ('x')`);
      const { cursor } = await Article.changes(undefined, {});
      const { rows, cursor: same } = await Article.changes(cursor, { transaction });
      expect(rows).to.deep.equal([]);
      expect((await Article.changes(same, { transaction: null })).rows).to.deep.equal([]);
    });
  });

  describe('refuses a cursor', () => {
    it('that is none', async () => {
      const Article = await article();
      const { cursor } = await Article.changes();
      const text = decoded(cursor);
      const wrong = ['', 'x', 7, {}, `${cursor}x`, encoded(text.replace(/^1/, '2')), encoded(`${text} OR true`)];
      wrong.push(
        encoded(text.replace(/\|\d+(?=\|)/, '|9999999999999999999')),
        encoded(text.replace(/\|{4}$/, '||5||')),
      );
      for (const given of wrong)
        expect(await faultOf(Article.changes(given as string)), String(given)).to.equal('malformed');
      const error = await Article.changes('x').catch((each) => each);
      expect(error.message).to.equal(
        `${Article.name}: the cursor cannot be gone on from: it is no cursor of changes(), or one of a later version. Start over without one.`,
      );
      expect(await faultOf(Article.changes(null))).to.equal('none');
      for (const limit of [0, -1, 1.5, '1']) {
        const refused = await Article.changes(undefined, { limit: limit as number }).catch((each) => each);
        expect(refused.message).to.include('"limit" is a number of changes, 1 or more');
      }
    });

    it('of another model, a table made anew, another server or timeline, or the future', async () => {
      const [Article, Other] = [await article(), await article()];
      await Article.create({ title: 'a' });
      const cursor = await Article.cursor();
      expect(await faultOf(Other.changes(cursor))).to.equal('history');
      const [, place = '', end = ''] = decoded(cursor).split('|');
      const [server, timeline, ...rest] = place.split('.');
      expect(Number(server)).to.be.greaterThan(0);
      expect(Number(timeline)).to.be.greaterThan(0);
      const at = (...parts: unknown[]) => encoded(decoded(cursor).replace(place, parts.join('.')));
      expect(await faultOf(Article.changes(at('5', timeline, ...rest)))).to.equal('server');
      expect(await faultOf(Article.changes(at(server, '9', ...rest)))).to.equal('server');
      const future = encoded(
        decoded(cursor).replace(`|${end}|`, `|${BigInt(end.split(':')[0] as string) + 1000000n}|`),
      );
      expect(await faultOf(Article.changes(future))).to.equal('ahead');
      // The transaction is none the worse for it.
      await db.sequelize.transaction(async (transaction) => {
        expect(await faultOf(Article.changes(future, { transaction }))).to.equal('ahead');
        expect((await Article.changes(undefined, { transaction })).rows).to.have.length(1);
      });
    });

    it('that has yet to pass a deletion which retention has removed', async () => {
      const Article = await article();
      const prune = async (where: string) => {
        const history = await locateOne(Article as never, {});
        await db.sequelize.transaction(async (transaction) => {
          await db.sequelize.query(`SET LOCAL guitars.edit_history = on`, { transaction });
          await db.sequelize.query(
            `WITH gone AS (DELETE FROM ${Article.table}_history WHERE ${where} RETURNING _entry, _transaction, _operation)
              ${raiseHorizon(history, 'gone')}`,
            { transaction },
          );
        });
      };
      await Article.bulkCreate([{ title: 'a' }, { title: 'b' }, { title: 'c' }, { title: 'd' }]);
      const before = await Article.cursor();
      const paging = (await Article.changes(undefined, { limit: 1 })).cursor;
      await query(`BEGIN; SET LOCAL guitars.hard_delete = on; DELETE FROM ${Article.table} WHERE id = 2; COMMIT`);
      const initial = (await Article.changes(undefined, { limit: 1 })).cursor;
      const window = (await Article.changes(before, { limit: 1 })).cursor;
      const passed = await Article.cursor();
      // What has a later entry is no loss.
      await prune(`id = 2 AND _operation <> 'delete'`);
      for (const cursor of [before, paging, initial, window, passed]) {
        expect(await faultOf(Article.changes(cursor))).to.equal('none');
      }
      await prune(`id = 2`);
      expect(await faultOf(Article.changes(before))).to.equal('expired');
      expect(await faultOf(Article.changes(initial))).to.equal('expired');
      for (const cursor of [passed, window, undefined, await Article.cursor()]) {
        expect(await faultOf(Article.changes(cursor))).to.equal('none');
      }
      const anew = (await Article.changes(undefined, { limit: 1 })).cursor;
      await Article.create({ title: 'e' });
      expect(await faultOf(Article.changes(anew))).to.equal('none');
      // All that the history held
      await prune('true');
      expect(await faultOf(Article.changes(passed))).to.equal('none');
      const present = await Article.cursor();
      expect(await faultOf(Article.changes(present))).to.equal('none');
      await Article.create({ title: 'f' });
      expect(told(await Article.changes(present))).to.deep.equal(['insert 1 f']);
    });
  });

  it('entries that came from another server are behind every cursor', async () => {
    const Article = await article();
    await Article.bulkCreate([{ title: 'a' }, { title: 'b' }]);
    const native = await Article.cursor();
    // As a restore into another cluster leaves them: their transactions are yet to come here.
    await query(`BEGIN; SET LOCAL guitars.edit_history = on;
      UPDATE ${Article.table}_history SET _transaction = pg_snapshot_xmax(pg_current_snapshot())::text::bigint + _entry + 3; COMMIT`);
    const page = await Article.changes(undefined, { limit: 1 });
    const restored = await Article.cursor();
    expect(told(await Article.changes(native))).to.deep.equal([]);
    expect(told(await Article.changes(restored))).to.deep.equal([]);
    const spent = async () => {
      for (let n = 0; n < 10; n++) await query('SELECT pg_current_xact_id()');
    };
    await spent();
    const rest = await Article.changes(page.cursor);
    expect([...told(page), ...told(rest)]).to.deep.equal(['insert 1 a', 'insert 1 b']);
    for (const { cursor } of [rest, { cursor: restored }]) {
      expect(told(await Article.changes(cursor))).to.deep.equal([]);
    }
    await Article.create({ title: 'new' });
    for (const { cursor } of [rest, { cursor: restored }]) {
      expect(told(await Article.changes(cursor))).to.deep.equal(['insert 1 new']);
    }
    expect(told(await Article.changes())).to.deep.equal(['insert 1 a', 'insert 1 b', 'insert 1 new']);
  });

  it('since({ cursor }): the rows that changed behind it', async () => {
    const Made = await article({}, { base: Since(Guitar(Model)) as never });
    const Article = Made as unknown as typeof Made & Pick<ReturnType<typeof Since>, 'since'>;
    const [a, b, c] = await Article.bulkCreate([{ title: 'a' }, { title: 'b' }, { title: 'c' }]);
    const titles = async (cursor: string, deleted = false) =>
      ((await Article.since({ cursor }, { deleted })) as Article[]).map(({ title }) => title).sort();
    const cursor = await Article.cursor();
    expect(await titles(cursor)).to.deep.equal([]);
    await b?.update({ title: 'b2' });
    await c?.destroy();
    expect(await titles(cursor)).to.deep.equal(['b2']);
    expect(await titles(cursor, true)).to.deep.equal(['b2', 'c']);
    const page = await Article.changes(undefined, { limit: 1 });
    expect(await titles(page.cursor, true)).to.deep.equal(['b2', 'c']);
    await a?.update({ title: 'a2' });
    expect(await titles(page.cursor, true)).to.deep.equal(['a2', 'b2', 'c']);
    const Other = await article();
    expect(await faultOf(titles(await Other.cursor()))).to.equal('history');
    expect(await faultOf(Promise.resolve().then(() => titles('x')))).to.equal('malformed');
  });

  it('reads no more than what is new, and pages by the entries', async () => {
    const Article = await article();
    await query(`INSERT INTO ${Article.table} (title) SELECT 'a' FROM generate_series(1, 30000)`);
    await query(`ANALYZE ${Article.table}_history`);
    const cursor = await Article.cursor();
    await query(`UPDATE ${Article.table} SET title = 'b' WHERE id <= 20`);
    const plans: { sql: string; plan: string }[] = [];
    const looking = db.connect({
      logging: (sql) => void sqls.push(sql.replace(/^Executing \([^)]*\): /, '')),
    }) as Sequelize;
    const sqls: string[] = [];
    const Looked = await article({}, { sequelize: looking, init: { tableName: Article.table } });
    sqls.length = 0;
    const first = await Looked.changes(undefined, { limit: 10 });
    await Looked.changes(first.cursor, { limit: 10 });
    const window = await Looked.changes(cursor, { limit: 10 });
    await Looked.changes(window.cursor, { limit: 5 });
    for (const sql of sqls.filter((each) => each.includes('WITH present'))) {
      const lines = await db.sequelize.query<Record<string, string>>(
        `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ${sql}`,
        {
          type: QueryTypes.SELECT,
        },
      );
      plans.push({ sql, plan: lines.map((line) => line['QUERY PLAN']).join('\n') });
    }
    expect(plans).to.have.length(4);
    for (const { plan } of plans) {
      expect(plan).not.to.match(/Seq Scan on article/);
      for (const [, rows = ''] of plan.matchAll(/actual rows=(\d+)/g)) expect(Number(rows), plan).to.be.lessThan(100);
      for (const [, removed = ''] of plan.matchAll(/Rows Removed by Filter: (\d+)/g))
        expect(Number(removed), plan).to.be.lessThan(100);
    }
    const used = plans.map(
      ({ plan }) =>
        plan
          .split('Limit')
          .pop()
          ?.match(/using (\S+)/)?.[1] ?? plan,
    );
    expect(used[0]).to.include('_entry_');
    expect(used[1]).to.include('_entry_');
    expect(plans[2]?.plan).to.match(/Sort Key[\s\S]*_transaction_/);
    expect(used[3]).to.include('_entry_');
  });
});
