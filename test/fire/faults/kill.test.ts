import { expect } from 'chai';
import type { Sequelize } from 'sequelize';
import { audit, install } from '../../../lib';
import { amount, figures, LONG } from '../support/form';
import { ALBUM_STEPS, BROKEN, COUNTS, DIGEST, defineAlbums, FILL, TABLES, TAMPERINGS } from './support/albums';
import { BULK, type Bulk } from './support/bulk';
import { randomly, seed } from './support/random';
import { type Crash, useCrashServer, useDatabaseOf } from './support/server';
import { RUN, STEPS_TAKEN, STOPS, stopAt, stopped } from './support/stops';
import { Tally } from './support/tally';

const KILLS = amount(1, 4, 'GUITARS_KILLS');
const tally = new Tally();

describe(`kill -9 of the server during bulk work (seed ${seed})`, () => {
  const host = useCrashServer();
  after(() => figures('faults-kill', { seed, ...tally.figures }));
  for (const engine of ['rule', 'trigger'] as const) {
    describe(engine, () => {
      const db = useDatabaseOf(host);
      const random = randomly();
      let sequelize: Sequelize;
      let models: ReturnType<typeof defineAlbums>;

      before(async () => {
        sequelize = db.connect({ pool: { max: 2 } });
        models = defineAlbums(sequelize, engine);
        await sequelize.sync({ guitars: false });
        await install(sequelize);
        await db.admin(...STOPS);
        await db.sql(...ALBUM_STEPS);
      });

      const digest = async () => (await db.sql<{ digest: string }>(DIGEST))[0]?.digest;
      const counts = () => db.sql<object>(COUNTS);
      const broken = async () => (await db.sql<{ what: string; n: number }>(BROKEN)).filter(({ n }) => n > 0);
      const expected = ({ live, archived }: Bulk) =>
        TABLES.map((table) => ({ table, live: live(table), archived: archived(table) }));

      /** How many steps the work has, when nothing happens to it. */
      async function stepsIn(bulk: Bulk): Promise<number> {
        await db.sql(...FILL, ...bulk.given);
        await db.admin(...RUN);
        await bulk.work(models, sequelize);
        expect(await counts()).to.deep.equal(expected(bulk));
        return (await db.admin<{ n: number }>(STEPS_TAKEN))[0]?.n ?? 0;
      }

      async function killed(bulk: Bulk, at: number, signal: Crash): Promise<'nothing done' | 'whole batches done'> {
        await db.sql(...FILL, ...bulk.given);
        const before = await digest();
        const holder = await db.client('admin');
        await stopAt(holder, at);
        const work = bulk.work(models, sequelize).then(
          () => undefined,
          (error: Error) => error,
        );
        expect(await stopped(holder, work)).to.equal('stopped');
        await host.crash(signal);
        expect(await work).to.be.instanceOf(Error);
        expect(await broken()).to.deep.equal([]);
        const same = (await digest()) === before;
        if (!bulk.batches) expect(same, 'something was half done').to.equal(true);
        return same ? 'nothing done' : 'whole batches done';
      }

      for (const [n, bulk] of BULK.entries()) {
        // The short form does each with one engine.
        if (!LONG && (n % 2 === 0) !== (engine === 'rule')) continue;
        it(`${bulk.title}: nothing half done, and run again it is done`, async () => {
          const steps = await stepsIn(bulk);
          expect(steps).to.be.greaterThan(5);
          for (let kill = 0; kill < KILLS; kill++) {
            const at = random(steps);
            const found = await killed(bulk, at, kill % 4 === 3 ? 'SIGQUIT' : 'SIGKILL');
            tally.count('kills');
            tally.count(`${engine}, ${bulk.title}: ${found}`);
            await db.admin(...RUN);
            await bulk.work(models, sequelize);
            expect(await counts(), `killed at step ${at} of ${steps}`).to.deep.equal(expected(bulk));
            expect(await broken()).to.deep.equal([]);
          }
        });
      }

      it('the enforcement is whole after all of that', async () => {
        expect((await audit(sequelize)).findings).to.deep.equal([]);
      });

      it('what is looked for would be seen', async () => {
        await db.sql(...FILL, 'DELETE FROM album WHERE id = 1');
        const client = await db.client('admin');
        for (const [what, sql] of Object.entries(TAMPERINGS)) {
          await client.query(`BEGIN; SET LOCAL session_replication_role = replica; ${sql}`);
          const { rows } = await client.query<{ what: string; n: number }>(BROKEN);
          expect(rows.filter(({ n }) => n > 0).map((row) => row.what)).to.include(what);
          await client.query('ROLLBACK');
        }
        expect(Object.keys(TAMPERINGS)).to.deep.equal((await db.sql<{ what: string }>(BROKEN)).map(({ what }) => what));
        await client.end();
      });
    });
  }
});
