import { expect } from 'chai';
import { Sequelize } from 'sequelize';
import { eachEngine, rows } from '../../contract/world';
import { useDatabase } from '../../support/database';
import { amount, figures } from '../support/form';
import { CuttingProxy } from './support/proxy';
import { randomly, seed } from './support/random';
import { useSilence } from './support/server';
import { defineSongs, SONGS } from './support/songs';
import { Tally } from './support/tally';

/** Cuts within messages, beside those between them. */
const WITHIN = amount(0, 120, 'GUITARS_CUTS');

/** Rows by what has become of them. */
const STATES = `SELECT string_agg(CASE WHEN _deleted_at IS NULL THEN id::text ELSE '(' || id || ')' END, ' ' ORDER BY id) AS state,
  (SELECT count(*) FROM song_history)::int AS entries FROM song`;

/** After each step of the script: a hard delete of row 1, a soft one of row 3, both of them each a transaction. */
const WHOLE = ['1 2 3 4', '2 3 4', '2 (3) 4'];

eachEngine(`a connection cut anywhere in a hard delete and a soft one (seed ${seed})`, (engine) => {
  const db = useDatabase();
  const random = randomly();
  const tally = new Tally();
  let proxy: CuttingProxy;
  useSilence();
  before(async () => {
    proxy = await CuttingProxy.open(new URL(db.url));
    defineSongs(db.sequelize, engine);
    await db.sequelize.sync();
  });
  after(async () => {
    await proxy.close();
    figures(`faults-cuts-${engine}`, { seed, ...tally.figures });
  });

  /** The script, on a pool of one connection through the proxy; how many of its two steps were acknowledged. */
  async function script(cut: CuttingProxy['cut']): Promise<number> {
    await db.sequelize.query(`${SONGS}, (4, 'd')`);
    proxy.cut = cut;
    const pool = new Sequelize(proxy.through(db.url), { logging: false, pool: { max: 1 }, retry: { max: 1 } });
    const Song = defineSongs(pool, engine);
    let acknowledged = 0;
    try {
      await Song.hardDelete({ where: { id: 1 } });
      acknowledged++;
      await pool.query('DELETE FROM song WHERE id = 3');
      acknowledged++;
    } catch {
      // The next user of the pool, which has another connection by now, or none of whose door is open.
      proxy.cut = {};
      await pool.query('DELETE FROM song WHERE id = 4');
    } finally {
      proxy.cut = {};
      await pool.close();
    }
    return acknowledged;
  }

  /** Waits until the server has heard that its client is gone. */
  async function quiet(): Promise<void> {
    const others = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`;
    while ((await rows(db.sequelize, others)).length > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  async function cutAt(cut: CuttingProxy['cut']): Promise<void> {
    const acknowledged = await script(cut);
    await quiet();
    const [found] = await rows<{ state: string; entries: number }>(db.sequelize, STATES);
    const steps = WHOLE.map((state) => (acknowledged < 2 ? state.replace('4', '(4)') : state));
    const reached = steps.indexOf(found?.state ?? '');
    expect(reached, `${JSON.stringify(cut)}: ${found?.state} after ${acknowledged} steps`).to.be.within(
      acknowledged,
      Math.min(acknowledged + 1, 2),
    );
    // Four inserts, an entry for each step, and one for the next user's.
    expect(found?.entries, JSON.stringify(cut)).to.equal(4 + reached + (acknowledged < 2 ? 1 : 0));
    tally.count('cuts');
    tally.count(reached > acknowledged ? 'committed, and not acknowledged' : 'as acknowledged');
  }

  it('undone or done as a whole, what was acknowledged is done, and the next user deletes softly', async () => {
    await script({});
    await quiet();
    expect((await rows<{ state: string }>(db.sequelize, STATES))[0]?.state).to.equal('2 (3) 4');
    const { sent, answered } = proxy;
    const boundaries = [...proxy.boundaries];
    expect(boundaries.length).to.be.greaterThan(8);
    for (const at of boundaries.slice(0, -1)) {
      await cutAt({ sent: at }); // the server gets it, and the answer to it is lost
      await cutAt({ sent: at + 1 }); // the server has begun to get the next one
    }
    for (let n = 0; n < WITHIN; n++) {
      await cutAt(n % 2 === 0 ? { sent: random(sent - 1) } : { answered: random(answered - 1) });
    }
  });
});
