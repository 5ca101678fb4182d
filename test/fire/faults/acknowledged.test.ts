import { expect } from 'chai';
import type { Sequelize } from 'sequelize';
import { install } from '../../../lib';
import { amount, figures } from '../support/form';
import { ALBUMS, BROKEN, defineAlbums, FILL } from './support/albums';
import { randomly, seed } from './support/random';
import { useCrashServer, useDatabaseOf } from './support/server';
import { Tally } from './support/tally';

const KILLS = amount(1, 15, 'GUITARS_KILLS');
const WRITERS = 4;
const tally = new Tally();

describe(`kill -9 of the server under a stream of archives and restores (seed ${seed})`, () => {
  const host = useCrashServer();
  after(() => figures('faults-acknowledged', { seed, writers: WRITERS, ...tally.figures }));
  for (const engine of ['rule', 'trigger'] as const) {
    describe(engine, () => {
      const db = useDatabaseOf(host);
      const random = randomly(seed + engine.length);
      let sequelize: Sequelize;
      before(async () => {
        sequelize = db.connect({ pool: { max: WRITERS } });
        defineAlbums(sequelize, engine);
        await sequelize.sync({ guitars: false });
        await install(sequelize);
      });

      it('what was acknowledged is there, and of what was not, nothing is half done', async () => {
        for (let kill = 0; kill < KILLS; kill++) {
          await db.sql(...FILL);
          const writers = Array.from({ length: WRITERS }, (_, n) => new Writer(sequelize, n));
          const crashAfter = random(60) + WRITERS;
          await new Promise<void>((resolve) => {
            let acknowledged = 0;
            const heard = () => {
              acknowledged++;
              if (acknowledged === crashAfter) resolve();
            };
            for (const writer of writers) writer.run(heard);
          });
          await host.crash(kill % 4 === 3 ? 'SIGQUIT' : 'SIGKILL');
          await Promise.all(writers.map((writer) => writer.ended));
          const found = await db.sql<{ id: number; archived: boolean }>(
            'SELECT id, _deleted_at IS NOT NULL AS archived FROM album',
          );
          expect((await db.sql<{ n: number }>(BROKEN)).filter(({ n }) => n > 0)).to.deep.equal([]);
          const archived = new Map(found.map((row) => [row.id, row.archived]));
          for (const writer of writers) {
            tally.count('acknowledged', writer.acknowledged);
            for (const [id, is] of writer.known) {
              if (id === writer.underWay) continue;
              expect(archived.get(id), `album ${id}, killed after ${crashAfter}`).to.equal(is);
            }
          }
          tally.count('kills');
        }
      });
    });
  }
});

/** Archives and restores albums of its own, one after the other, and remembers what it was told was done. */
class Writer {
  acknowledged = 0;
  underWay = 0;
  ended: Promise<void> = Promise.resolve();
  readonly known = new Map<number, boolean>();

  constructor(
    private readonly sequelize: Sequelize,
    private readonly n: number,
  ) {
    for (let id = 1 + n; id <= ALBUMS; id += WRITERS) this.known.set(id, false);
  }

  run(heard: () => void): void {
    this.ended = this.loop(heard).catch(() => undefined);
  }

  private async loop(heard: () => void): Promise<never> {
    for (let turn = this.n; ; turn++) {
      const ids = [...this.known.keys()];
      const id = ids[turn % ids.length] as number;
      const archived = this.known.get(id) as boolean;
      this.underWay = id;
      await this.change(id, archived, turn % 2 === 0);
      this.known.set(id, !archived);
      this.underWay = 0;
      this.acknowledged++;
      heard();
    }
  }

  private async change(id: number, archived: boolean, orm: boolean): Promise<void> {
    const Album = this.sequelize.models.album as unknown as ReturnType<typeof defineAlbums>['Album'];
    if (orm) await (archived ? Album.restore({ where: { id } }) : Album.destroy({ where: { id } }));
    else if (archived) await this.sequelize.query(`UPDATE album SET _deleted_at = NULL WHERE id = ${id}`);
    else await this.sequelize.query(`DELETE FROM album WHERE id = ${id}`);
  }
}
