import { expect } from 'chai';
import { held, number } from '../contract/world';
import { useDatabase } from '../support/database';
import { useApplication } from './application';

const WORLD = `
const define = (name, attributes) => {
  const model = class extends Guitar(Model) {};
  Object.defineProperty(model, 'name', { value: name });
  model.init({ id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true }, ...attributes },
    { sequelize, tableName: name.toLowerCase() });
  return model;
};
const City = define('City', { name: DataTypes.TEXT });
const Club = define('Club', {});
const Fan = define('Fan', {});
Club.belongsTo(City, { as: 'city', foreignKey: 'city_id', onDelete: 'RESTRICT' });
Fan.belongsTo(Club, { as: 'club', foreignKey: 'club_id', onDelete: 'CASCADE' });`;

describe('guitars purge', () => {
  const db = useDatabase();
  const app = useApplication(db);
  const sql = (text: string) => db.sequelize.query(text);
  const old = (...args: string[]) => app.guitars('purge', 'City', '--archived-before', '90d', ...args);
  const counts = (run: { out: string }) =>
    Object.fromEntries(
      JSON.parse(run.out).tables.map(({ table, rows }: { table: string; rows: number }) => [table, rows]),
    );

  /** Tables that only the database knows refer to cities: visits cascade, taxes do not. */
  before(async () => {
    app.models(WORLD);
    await sql(`CREATE TABLE city (id serial PRIMARY KEY, name text, _deleted_at timestamptz);
      CREATE TABLE club (LIKE city INCLUDING ALL, city_id int REFERENCES city ON DELETE RESTRICT);
      CREATE TABLE fan (LIKE city INCLUDING ALL, club_id int REFERENCES club ON DELETE CASCADE);
      CREATE TABLE visit (city_id int REFERENCES city ON DELETE CASCADE); CREATE TABLE tax (city_id int REFERENCES city);
      CREATE INDEX ON visit (city_id)`);
    const run = await app.guitars('adopt', 'City', 'Club', 'Fan');
    expect(run.code, run.err).to.equal(0);
  });
  afterEach(() =>
    sql('BEGIN; SET LOCAL guitars.hard_delete = on; TRUNCATE city, club, fan, visit, tax RESTART IDENTITY; COMMIT'),
  );

  /** Cities from `from` on, each archived some days ago, with a club and two fans of it, archived as long ago, and a visit. */
  async function cities(from: number, n: number, days: number) {
    const ago = `now() - interval '${days} days'`;
    const ids = `generate_series(${from}, ${from + n - 1}) AS n`;
    // An INSERT that says when is believed, as an import is.
    await sql(`INSERT INTO city (id, _deleted_at) SELECT n, ${ago} FROM ${ids};
      INSERT INTO club (id, city_id, _deleted_at) SELECT n, n, ${ago} FROM ${ids};
      INSERT INTO fan (id, club_id, _deleted_at) SELECT 10 * n + k, n, ${ago} FROM ${ids}, generate_series(1, 2) AS k;
      INSERT INTO visit SELECT n FROM ${ids}`);
  }
  const all = async () =>
    Object.fromEntries(
      await Promise.all(
        ['city', 'club', 'fan', 'visit'].map(async (table) => [table, await held(db.sequelize, table)]),
      ),
    );

  it('counts, per table, what would go, and changes nothing', async () => {
    await cities(1, 3, 100);
    await cities(4, 2, 10);
    const run = await old('--dry-run', '--json');
    expect(run.code, run.err).to.equal(0);
    expect(counts(run)).to.deep.equal({ city: 3, club: 3, fan: 6, visit: 3, tax: 0 });
    expect(await all()).to.deep.equal({ city: 5, club: 5, fan: 10, visit: 5 });
    expect((await old('--dry-run')).out).to.match(/^TABLE +WOULD GO\napp\.city +3\napp\.club +3\n/m);
  });

  it('removes that, children first, and nothing younger', async () => {
    await cities(1, 250, 100);
    await cities(1001, 2, 10);
    await sql('INSERT INTO city (id) VALUES (2000)');
    const run = await old('--batch', '20', '--json');
    // On a pipe it says how far it is every ten seconds too: on a machine that is busy, so long it may take.
    expect([run.code, run.err.replace(/^(purge City: \d+ of 250 rows\n)+(?=purge)/, '')]).to.deep.equal([
      0,
      'purge City: 250 of 250 rows\n',
    ]);
    expect(counts(run)).to.deep.equal({ city: 250, club: 250, fan: 500, visit: 250, tax: 0 });
    expect(await all()).to.deep.equal({ city: 3, club: 2, fan: 4, visit: 2 });
  });

  it('leaves a row, and all that hangs on it, where another would go that is live or younger', async () => {
    await cities(1, 5, 100);
    await sql(`INSERT INTO fan (club_id, _deleted_at) VALUES (2, now() - interval '10 days')`);
    await sql('INSERT INTO tax VALUES (3)');
    await sql(`ALTER TABLE club DISABLE TRIGGER guitars_parents_insert; INSERT INTO club (id, city_id) VALUES (900, 4);
      ALTER TABLE club ENABLE TRIGGER guitars_parents_insert`);
    const dry = JSON.parse((await old('--dry-run', '--json')).out);
    const { code, out } = await old('--json');
    const report = JSON.parse(out);
    expect([code, report.left]).to.deep.equal([0, 3]);
    expect({ ...dry, cutoff: '' }).to.deep.equal({ ...report, cutoff: '', dryRun: true });
    const because = report.because.map(({ table, rows }: { table: string; rows: number }) => `${table} ${rows}`).sort();
    expect(because).to.deep.equal(['club 1', 'fan 1', 'tax 1']);
    expect(counts({ out })).to.deep.equal({ city: 2, club: 2, fan: 4, visit: 2, tax: 0 });
    expect(await all()).to.deep.equal({ city: 3, club: 4, fan: 7, visit: 3 });
    const told = await old();
    expect(told.out)
      .to.match(/^3 rows of it stayed:$/m)
      .and.match(/1: rows of the plain table "tax" refer to them by tax_city_id_fkey/);
  });

  it('steps over a row that something else refuses to let go', async () => {
    await cities(1, 30, 100);
    await sql(`CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF OLD.id = 7 THEN RAISE EXCEPTION 'seven stays' USING ERRCODE = '23001'; END IF; RETURN OLD; END $$;
      CREATE TRIGGER keep BEFORE DELETE ON city FOR EACH ROW EXECUTE FUNCTION keep()`);
    const { out } = await old();
    await sql('DROP TRIGGER keep ON city; DROP FUNCTION keep()');
    expect(out)
      .to.match(/^app\.city +29$/m)
      .and.match(/1: seven stays/);
    expect(await all()).to.deep.equal({ city: 1, club: 1, fan: 2, visit: 1 });
  });

  it('killed in the middle, leaves whole batches done, and the next run does the rest', async () => {
    await cities(1, 200, 100);
    const holder = await db.client();
    await sql(`CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF OLD.id = 150 THEN PERFORM pg_advisory_xact_lock(1); END IF; RETURN OLD; END $$;
      CREATE TRIGGER wait BEFORE DELETE ON club FOR EACH ROW EXECUTE FUNCTION wait()`);
    await holder.query('SELECT pg_advisory_lock(1)');
    const child = app.start('purge', 'City', '--archived-before', '90d', '--batch', '10');
    const ended = new Promise((resolve) => child.on('close', resolve));
    const waits = `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    while ((await number(db.sequelize, waits)) === 0);
    child.kill('SIGKILL');
    await ended;
    await holder.query('SELECT pg_advisory_unlock(1)');
    const busy = `SELECT count(*) AS n FROM pg_locks WHERE relation = 'club'::regclass AND pid <> pg_backend_pid()`;
    while ((await number(db.sequelize, busy)) > 0);
    const left = await all();
    expect(left.city).to.be.within(51, 199);
    expect(left).to.deep.equal({ city: left.city, club: left.city, fan: 2 * Number(left.city), visit: left.city });
    await sql('DROP FUNCTION wait() CASCADE');
    const again = await old('--json');
    expect(counts(again)).to.deep.equal({ ...left, tax: 0 });
    expect(await all()).to.deep.equal({ city: 0, club: 0, fan: 0, visit: 0 });
  });

  it('leaves what somebody else holds, and says so', async () => {
    await cities(1, 30, 100);
    const holder = await db.client();
    await holder.query('BEGIN; SELECT FROM fan WHERE id = 71 FOR UPDATE');
    const { code, out } = await old();
    await holder.query('ROLLBACK');
    expect(code).to.equal(0);
    expect(out)
      .to.match(/^app\.city +29$/m)
      .and.match(/1: held by other transactions; run it again/);
    expect(await all()).to.deep.equal({ city: 1, club: 1, fan: 2, visit: 1 });
  });

  it('says what it does not understand', async () => {
    const refused = async (message: RegExp, ...args: string[]) => {
      const { code, err } = await app.guitars('purge', ...args);
      expect(code).to.equal(2);
      expect(err).to.match(message);
    };
    await refused(/required option.*--archived-before/, 'City');
    await refused(/"3 months" is no time to count from/, 'City', '--archived-before', '3 months');
    await refused(/"2025-02-30" is no time to count from \(.*out of range/, 'City', '--archived-before', '2025-02-30');
    await refused(/in the future/, 'City', '--archived-before', '2999-01-01');
    await refused(/no model "Town".*City, Club, Fan/, 'Town', '--archived-before', '90d');
    await refused(/--rate takes a whole number/, 'City', '--archived-before', '90d', '--rate', '0');
  });
});
