import { expect } from 'chai';
import { Sequelize, type Transaction } from 'sequelize';
import { withHardDelete } from '../../../lib';
import { eachEngine, refusal, rows } from '../../contract/world';
import { useDatabase } from '../../support/database';
import { CuttingProxy } from './support/proxy';
import { useSilence } from './support/server';
import { defineSongs, expectClosed, OPENINGS, SONGS, send } from './support/songs';

const POOL = { max: 1, min: 1, idle: 60_000 };
type Socketed = { connection: { connection: { stream: { destroy(): void } } } };

eachEngine('the next user of the only connection, after', (engine) => {
  const db = useDatabase();
  let one: Sequelize;
  let proxy: CuttingProxy;
  useSilence();
  before(async () => {
    proxy = await CuttingProxy.open(new URL(db.url));
    one = new Sequelize(proxy.through(db.url), { logging: false, pool: POOL });
    defineSongs(one, engine);
    await one.sync();
  });
  after(async () => {
    await one.close();
    await proxy.close();
  });
  beforeEach(async () => {
    await db.sequelize.query(SONGS);
  });

  const pid = async (transaction: Transaction) =>
    ((await send(transaction, 'SELECT pg_backend_pid() AS pid')) as [{ pid: number }[], unknown])[0][0]?.pid;

  /** What goes wrong in the middle. */
  const faults: Record<string, (transaction: Transaction) => Promise<unknown>> = {
    'a destroyed socket': async (transaction) => {
      (transaction as unknown as Socketed).connection.connection.stream.destroy();
      await send(transaction, 'SELECT 1');
    },
    'a connection that the network cut': async (transaction) => {
      proxy.sever();
      await send(transaction, 'SELECT 1');
    },
    'a backend that was terminated': async (transaction) => {
      await db.sequelize.query(`SELECT pg_terminate_backend(${await pid(transaction)})`);
      await send(transaction, 'SELECT 1');
    },
    'a cancelled statement': (transaction) => send(transaction, 'SELECT pg_cancel_backend(pg_backend_pid())'),
    'a statement that took too long': (transaction) =>
      send(transaction, 'SET LOCAL statement_timeout = 1; SELECT pg_sleep(60)'),
    'an error of the database': (transaction) => send(transaction, 'SELECT 1 / 0'),
    'an error of the caller': async () => {
      throw new Error('on purpose');
    },
    'an error behind a savepoint that was released': async (transaction) => {
      await one.transaction({ transaction }, (inner) => withHardDelete(inner, () => send(inner, 'DELETE FROM song')));
      throw new Error('on purpose');
    },
    'an error within a savepoint, and another behind it': async (transaction) => {
      const inner = one.transaction({ transaction }, async (within) => {
        await withHardDelete(within, () => send(within, 'DELETE FROM song WHERE id = 3; SELECT 1 / 0'));
      });
      await refusal(inner);
      throw new Error('on purpose');
    },
  };

  for (const [fault, happens] of Object.entries(faults)) {
    it(fault, async () => {
      for (const [opening, open] of Object.entries(OPENINGS)) {
        await db.sequelize.query(SONGS);
        await refusal(one.transaction((transaction) => open(transaction, () => happens(transaction))));
        await expectClosed(one).catch((error: Error) => {
          error.message = `${opening}: ${error.message}`;
          throw error;
        });
      }
    });
  }

  it('a COMMIT whose answer was lost: an error, and all of it or nothing', async () => {
    const commit = one.transaction((transaction) =>
      withHardDelete(transaction, () => send(transaction, 'DELETE FROM song WHERE id < 3')).then(() => {
        proxy.mute = true;
      }),
    );
    await refusal(commit);
    proxy.mute = false;
    expect(await rows(one, 'SELECT id FROM song')).to.deep.equal([{ id: 3 }]);
    await one.query('DELETE FROM song');
    expect(await rows(one, 'SELECT id FROM song WHERE _deleted_at IS NOT NULL')).to.deep.equal([{ id: 3 }]);
  });

  it('a pool that was closed while it was under way: it ends as it would have', async () => {
    const other = new Sequelize(db.url, { logging: false, pool: POOL });
    const Song = defineSongs(other, engine);
    let closing: Promise<void> | undefined;
    await other.transaction((transaction) =>
      withHardDelete(transaction, async () => {
        await send(transaction, 'DELETE FROM song WHERE id = 1');
        closing = other.close();
        await Song.hardDelete({ where: { id: 2 }, transaction });
      }),
    );
    await closing;
    expect(await rows(one, 'SELECT id FROM song')).to.deep.equal([{ id: 3 }]);
    await refusal(Song.hardDelete({ where: {} }));
    expect(await rows(one, 'SELECT id FROM song')).to.deep.equal([{ id: 3 }]);
  });

  it('a statement that the driver gave up on, while the server goes on with it', async () => {
    const hasty = new Sequelize(db.url, { logging: false, pool: POOL, dialectOptions: { query_timeout: 300 } });
    const Song = defineSongs(hasty, engine);
    const holder = await db.client();
    await holder.query('BEGIN; SELECT FROM song WHERE id = 2 FOR UPDATE');
    expect((await refusal(Song.hardDelete({ where: {} }))).message).to.equal('Query read timeout');
    await holder.query('ROLLBACK');
    await expectClosed(hasty);
    await hasty.close();
  });

  it('the door is closed for who goes on in a transaction of which the driver gave up a statement', async () => {
    const hasty = new Sequelize(db.url, { logging: false, pool: POOL, dialectOptions: { query_timeout: 300 } });
    const Song = defineSongs(hasty, engine);
    const holder = await db.client();
    await holder.query('BEGIN; SELECT FROM song WHERE id = 1 FOR UPDATE');
    await hasty
      .transaction(async (transaction) => {
        await refusal(Song.hardDelete({ where: { id: 1 }, transaction }));
        await holder.query('ROLLBACK');
        await send(transaction, 'DELETE FROM song WHERE id = 3');
      })
      .catch(() => undefined);
    expect(await rows(one, 'SELECT id FROM song WHERE id = 3')).to.deep.equal([{ id: 3 }]);
    await hasty.close();
  });

  it('the door stays closed for who goes back to a savepoint that was set while it was open', async () => {
    await one.transaction(async (transaction) => {
      await withHardDelete(transaction, () => send(transaction, 'SAVEPOINT before'));
      await send(transaction, 'ROLLBACK TO SAVEPOINT before');
      await send(transaction, 'DELETE FROM song WHERE id <> 2');
    });
    expect(await rows(one, 'SELECT id FROM song')).to.have.length(3);
  });
});
