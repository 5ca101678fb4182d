import { expect } from 'chai';
import fc from 'fast-check';
import { purge } from '../../lib';
import { number } from '../contract/world';
import { useDatabase } from '../support/database';
import { both, define, OLD, told } from './world';

const LINKS = {
  a: { up: ['a', 'CASCADE'], c: ['c', 'SET NULL'] },
  b: { a: ['a', 'CASCADE'], of: ['b', 'RESTRICT'] },
  c: { b: ['b', 'NO ACTION'], a: ['a', 'CASCADE'] },
} as const;
const TABLES = Object.keys(LINKS) as (keyof typeof LINKS)[];
const ROWS = 8;

describe('purge: the dry run says what the run does', () => {
  const db = useDatabase();
  const sql = (text: string) => db.sequelize.query(text);
  const models: Record<string, ReturnType<typeof define>> = {};
  before(async () => {
    for (const name of TABLES) models[name] = define(db.sequelize, name, Object.keys(LINKS[name]));
    await db.sequelize.sync();
    for (const name of TABLES) {
      for (const [column, [parent, action]] of Object.entries(LINKS[name])) {
        await sql(`ALTER TABLE ${name} ADD FOREIGN KEY ("${column}") REFERENCES ${parent} ON DELETE ${action}`);
      }
    }
    await sql('CREATE TABLE hold (a int REFERENCES a); CREATE TABLE trail (c int REFERENCES c ON DELETE CASCADE)');
  });

  /** Rows linked as `links` says, 0 for none; by `ages` archived long ago, of late, or not. */
  async function fill(links: readonly number[], ages: readonly number[]): Promise<void> {
    await sql(`BEGIN; SET LOCAL guitars.hard_delete = on; TRUNCATE ${TABLES.join(', ')}, hold, trail; COMMIT`);
    for (const name of TABLES) {
      await sql(
        `ALTER TABLE ${name} DISABLE TRIGGER USER; INSERT INTO ${name} (id) SELECT generate_series(1, ${ROWS})`,
      );
    }
    let n = 0;
    for (const name of TABLES) {
      for (let id = 1; id <= ROWS; id++) {
        const set = Object.keys(LINKS[name]).map((column) => `"${column}" = nullif(${links[n++ % links.length]}, 0)`);
        const age = [OLD, OLD, OLD, OLD, OLD, 'now()', 'NULL'][ages[n % ages.length] ?? 0];
        await sql(`UPDATE ${name} SET ${set.join(', ')}, _deleted_at = ${age} WHERE id = ${id}`);
      }
      await sql(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
    }
    await sql(
      `INSERT INTO hold VALUES (${((links[0] ?? 0) % ROWS) + 1}); INSERT INTO trail SELECT generate_series(1, ${ROWS})`,
    );
  }

  it('for every filling, and removes nothing live', async () => {
    const live = async () => {
      const counts = TABLES.map(
        (name) =>
          `(SELECT count(*) FROM ${name} WHERE _deleted_at > now() - interval '90 days' OR _deleted_at IS NULL)`,
      );
      return number(db.sequelize, `SELECT ${counts.join(' + ')} AS n`);
    };
    const links = fc.array(fc.oneof(fc.constant(0), fc.nat(ROWS)), { minLength: 48, maxLength: 48 });
    const ages = fc.array(fc.nat(6), { minLength: 25, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(links, ages, async (to, old) => {
        for (const name of TABLES) {
          await fill(to, old);
          const before = await live();
          const [dry, run] = await both(db.sequelize, models[name] as never);
          expect(told(run), JSON.stringify({ name, to, old })).to.deep.equal(told(dry));
          expect(await live()).to.equal(before);
        }
      }),
      { numRuns: 10, seed: 7, endOnFailure: true },
    );
  });

  it('of a chain of thousands at once', async () => {
    await fill([0], [0]);
    await sql(`CREATE INDEX ON a (up); CREATE INDEX ON b (a); CREATE INDEX ON c (a); ALTER TABLE a DISABLE TRIGGER USER;
      INSERT INTO a (id, up, _deleted_at) SELECT n, nullif(n - 1, 100), ${OLD} FROM generate_series(101, 8100) AS n; ANALYZE a`);
    const dry = await purge(db.sequelize, models.a as never, { archivedBefore: '90d', dryRun: true });
    expect(dry.tables[0]?.rows).to.be.within(8000, 8000 + ROWS);
  });
});
