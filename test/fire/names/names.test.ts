import { expect } from 'chai';
import fc from 'fast-check';
import { uninstall } from '../../../lib';
import { FORMATS } from '../../../lib/migrations/make/formats';
import { useDatabase } from '../../support/database';
import { amount, figures, LONG, SEED } from '../support/form';
import { catalog, difference } from './catalog';
import { define } from './define';
import { evolve, evolving } from './evolve';
import { archives, hardDeletes, installed, times } from './life';
import { migrated } from './migrated';
import { fill, state } from './rows';
import { type WorldSpec, world } from './spec';
import { ddl, wipe } from './tables';

const format = fc.constantFrom(...FORMATS);
const RUNS = amount(4, 400, 'GUITARS_WORLDS');
// Another each time, and told: `GUITARS_SEED=<seed>` runs the same worlds again.
const seed = SEED ?? (LONG ? Date.now() % 2 ** 31 : 1);

describe(`X4 whole worlds under any names, seed ${seed}`, () => {
  const db = useDatabase();
  const done = { worlds: 0, byModels: 0, tables: 0, keys: 0, archived: 0, removed: 0 };
  after(() => figures('names', { seed, ...done }));

  it('migrations up and down, install, archive, restore, remove, evolve, uninstall', async () => {
    // Its owner may make it in a database of its own; a test's role is not asked to.
    await (await db.admin()).query('CREATE EXTENSION IF NOT EXISTS citext SCHEMA public');
    const client = await db.client();
    const live = async (spec: WorldSpec) => {
      const bare = await catalog(client);
      const first = define(db.url, spec);
      const second = define(db.url, evolve(spec));
      try {
        await installed(first);
        await fill(client, spec);
        await times(client, spec);
        done.archived += await archives(client, spec, first);
        done.removed += await hardDeletes(client, spec, first);
        for (const sql of evolving(spec).up) await client.query(sql);
        // An index that nothing looks into any more stays until `guitars prune`.
        await installed(second, 'unexpected');
        done.archived += await archives(client, evolve(spec), second);
        for (const sql of evolving(spec).down) await client.query(sql);
        const before = await state(client, spec);
        await uninstall(second.sequelize);
        expect(await state(client, spec)).to.deep.equal(before);
        const { lost, gained } = difference(bare, await catalog(client));
        // Columns, histories and unique indexes stay: they hold data, or what keeps it whole.
        expect(lost.join('\n')).to.equal('');
        const left = gained.filter(({ kind, place }) => /trigger|rule/.test(kind) && !/_history/.test(place));
        expect(left.map(({ what }) => what).join('\n')).to.equal('');
      } finally {
        for (const { sequelize } of [first, second]) await sequelize.close();
      }
    };
    await fc.assert(
      fc.asyncProperty(world, format, format, async (spec, one, other) => {
        try {
          for (const sql of ddl(spec)) await client.query(sql);
          await migrated(db.url, client, spec, [one, other]);
          await live(spec);
        } catch (error) {
          throw told(error);
        } finally {
          await client.query('ROLLBACK');
          await wipe(client, spec);
        }
        done.worlds++;
        done.byModels += Number(spec.orm);
        done.tables += spec.tables.length;
        done.keys += spec.links.length;
      }),
      // Ten minutes at most; what has run by then has run.
      { numRuns: RUNS, seed, endOnFailure: !LONG, interruptAfterTimeLimit: 600_000 },
    );
  });
});

/** What Sequelize says of an error of the database is nothing. */
function told(error: unknown): unknown {
  const { parent, sql } = error as { parent?: Error; sql?: string };
  return parent ? new Error(`${parent.message}\n${sql}`, { cause: error }) : error;
}
