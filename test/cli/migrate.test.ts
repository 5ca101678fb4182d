import { expect } from 'chai';
import { createUmzug } from '../../lib';
import { number, rows } from '../contract/world';
import { useDatabase } from '../support/database';
import { useApplication } from './application';

const SHELF = `class Shelf extends Guitar(Model) {}
Shelf.init({ name: DataTypes.TEXT }, { sequelize, modelName: 'Shelf', tableName: 'shelf' });`;
const TIMES = `_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz`;

describe('guitars migrate', () => {
  const db = useDatabase();
  const app = useApplication(db);
  const query = (sql: string) => db.sequelize.query(sql);
  const log = () =>
    rows<{ name: string }>(db.sequelize, 'SELECT name FROM guitars_migrations ORDER BY name').then((all) =>
      all.map(({ name }) => name),
    );
  const triggers = () => number(db.sequelize, `SELECT count(*) AS n FROM pg_trigger WHERE NOT tgisinternal`);

  before(async () => {
    await query(`CREATE TABLE shelf (id serial PRIMARY KEY, name text, ${TIMES})`);
    app.models(SHELF);
    await app.guitars('make');
  });
  beforeEach(async () => {
    await app.guitars('migrate', 'down', '--all');
    expect(await triggers()).to.equal(0);
  });

  it('up, status, redo, down: what has run is said and remembered', async () => {
    const [file = ''] = app.migrations();
    const before = await app.guitars('migrate', 'status');
    expect([before.code, before.out]).to.deep.equal([1, `STATUS   MIGRATION\npending  ${file}\n`]);
    const up = await app.guitars('migrate', 'up');
    expect([up.code, up.out, up.err]).to.deep.equal([0, '1 migration ran.\n', `up    ${file}\n`]);
    expect(await log()).to.deep.equal([file]);
    const after = await app.guitars('migrate', 'status', '--json');
    expect([after.code, JSON.parse(after.out)]).to.deep.equal([0, [{ name: file, status: 'applied', edited: false }]]);
    const redo = await app.guitars('migrate', 'redo');
    expect([redo.code, redo.out, redo.err]).to.deep.equal([
      0,
      '1 migration ran again.\n',
      `down  ${file}\nup    ${file}\n`,
    ]);
    const down = await app.guitars('migrate', 'down', '--json');
    expect([down.code, JSON.parse(down.out), await log()]).to.deep.equal([0, [file], []]);
    expect((await app.guitars('migrate', 'down')).out).to.equal('Nothing to do: no migration has run.\n');
  });

  it('--dry-run prints the SQL and runs nothing', async () => {
    const up = await app.guitars('migrate', 'up', '--dry-run');
    expect(up.out)
      .to.match(/^-- up \d+-enforcement\.js\n/)
      .and.to.include('CREATE OR REPLACE RULE "guitars_soft_delete"');
    expect(await triggers()).to.equal(0);
    await db.sequelize.transaction(async (transaction) => {
      await db.sequelize.query(up.out, { transaction }); // what it prints is what would run
    });
    expect(await triggers()).to.be.greaterThan(0);
    await app.guitars('migrate', 'up');
    const down = await app.guitars('migrate', 'down', '--dry-run');
    expect(down.out).to.include('DROP RULE');
    expect(await triggers()).to.be.greaterThan(0);
  });

  it('two at the same moment, before there is a log: one runs, the other waits and finds nothing to do', async () => {
    await query('DROP TABLE guitars_migrations');
    const runs = await Promise.all([app.guitars('migrate', 'up'), app.guitars('migrate', 'up')]);
    expect(runs.map(({ code }) => code)).to.deep.equal([0, 0]);
    expect(runs.map(({ out }) => out).sort()).to.deep.equal([
      '1 migration ran.\n',
      'Nothing to do: every migration has run.\n',
    ]);
    expect(await log()).to.have.length(1);
  });

  it('killed in the middle: nothing half done, and the next run finishes', async () => {
    const client = await db.client();
    await client.query('BEGIN; LOCK TABLE shelf IN ACCESS SHARE MODE');
    const child = app.start('migrate', 'up');
    await waiting(client, 'shelf');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    await client.query('COMMIT');
    expect(await triggers()).to.equal(0);
    expect(await log()).to.deep.equal([]);
    const next = await app.guitars('migrate', 'up');
    expect([next.code, await log()], next.err).to.deep.equal([0, app.migrations()]);
  });

  it('a busy table: lets others through and tries again; in the end says so, and nothing was changed', async () => {
    app.write(
      'guitars.config.js',
      `module.exports = { sequelize: './models', schema: 'app', lockTimeout: 20, lockRetries: 2 };\n`,
    );
    const client = await db.client();
    await client.query('BEGIN; LOCK TABLE shelf IN ACCESS SHARE MODE');
    const busy = await app.guitars('migrate', 'up');
    expect(busy.code).to.equal(2);
    expect(busy.err)
      .to.match(/a table is busy.*trying again \(1 of 2\)/)
      .and.to.match(/busy for longer than 20 ms, 2 times\. Nothing was changed\. Run it again/);
    expect(await triggers()).to.equal(0);
    await client.query('COMMIT');
    expect((await app.guitars('migrate', 'up')).code).to.equal(0);
  });

  it('an edited migration is warned of', async () => {
    await app.guitars('migrate', 'up');
    const [file = ''] = app.migrations();
    const text = app.read(`migrations/${file}`);
    app.write(`migrations/${file}`, `${text}// edited\n`);
    const status = await app.guitars('migrate', 'status');
    expect(status.out).to.include('applied, edited');
    expect(status.err).to.match(/warning: .* was edited after it had run\. Restore it/);
    app.write(`migrations/${file}`, text);
    expect((await app.guitars('migrate', 'status')).err).to.equal('');
  });

  it('a migration written by hand runs in the same transaction, for Umzug and for sequelize-cli', async () => {
    app.write(
      'migrations/90000000000000-umzug.js',
      `exports.up = async ({ context: { sequelize, transaction } }) => {
      await sequelize.query('CREATE TABLE half (n int)', { transaction });
      if (process.env.BREAK) throw new Error('broken on purpose');
    };
    exports.down = ({ context: { sequelize, transaction } }) => sequelize.query('DROP TABLE half', { transaction });\n`,
    );
    app.write(
      'migrations/90000000000001-cli.js',
      `exports.up = (queryInterface, Sequelize) => queryInterface.createTable('whole', { n: Sequelize.INTEGER });
    exports.down = (queryInterface, Sequelize) => queryInterface.dropTable('whole');\n`,
    );
    process.env.BREAK = 'yes';
    const broken = await app.guitars('migrate', 'up');
    delete process.env.BREAK;
    expect([broken.code, broken.err.includes('broken on purpose')]).to.deep.equal([2, true]);
    expect(await number(db.sequelize, `SELECT count(*) AS n FROM pg_class WHERE relname = 'half'`)).to.equal(0);
    expect((await app.guitars('migrate', 'up')).code).to.equal(0);
    expect(
      await number(db.sequelize, `SELECT count(*) AS n FROM pg_class WHERE relname IN ('half', 'whole')`),
    ).to.equal(2);
    expect((await app.guitars('migrate', 'down', '--all')).code).to.equal(0);
    for (const name of ['umzug', 'cli']) app.remove(`migrations/9000000000000${name === 'umzug' ? 0 : 1}-${name}.js`);
  });

  it('a pool of one connection is enough, for a migration of sequelize-cli too', async () => {
    app.models(SHELF, 'pool: { max: 1 }');
    app.write(
      'migrations/90000000000002-cli.js',
      `exports.up = (queryInterface, Sequelize) => queryInterface.createTable('whole', { n: Sequelize.INTEGER });
    exports.down = (queryInterface, Sequelize) => queryInterface.dropTable('whole');\n`,
    );
    expect((await app.guitars('migrate', 'up')).code).to.equal(0);
    expect((await app.guitars('migrate', 'down', '--all')).code).to.equal(0);
    app.remove('migrations/90000000000002-cli.js');
    app.models(SHELF);
  });

  it('--to: one that is not there is refused, running or not; a pair may be named by its file', async () => {
    app.write('migrations/90000000000003-pair.up.sql', 'CREATE TABLE pair (n int);');
    const [file = ''] = app.migrations();
    for (const more of [[], ['--dry-run']]) {
      const run = await app.guitars('migrate', 'up', '--to', 'nope', ...more);
      expect([run.code, run.err]).to.deep.equal([
        2,
        `guitars: --to: "nope" is not among the migrations that are pending. Those are: ${file}, 90000000000003-pair.\n`,
      ]);
    }
    const dry = await app.guitars('migrate', 'up', '--to', '90000000000003-pair.up.sql', '--dry-run', '--json');
    expect(
      JSON.parse(dry.out).map(({ name, sql }: { name: string; sql: string[] }) => [name, sql.length > 0]),
    ).to.deep.equal([
      [file, true],
      ['90000000000003-pair', true],
    ]);
    expect((await app.guitars('migrate', 'up', '--to', '90000000000003-pair.up.sql')).code).to.equal(0);
    const down = await app.guitars('migrate', 'down');
    expect([
      down.code,
      down.err.includes('cannot be undone: there is no 90000000000003-pair.down.sql. Write one.'),
    ]).to.deep.equal([2, true]);
    app.write('migrations/90000000000003-pair.down.sql', 'DROP TABLE pair;');
    expect((await app.guitars('migrate', 'down', '--to', file)).code).to.equal(0);
    expect(await log()).to.deep.equal([]);
    app.remove('migrations/90000000000003-pair.up.sql');
    app.remove('migrations/90000000000003-pair.down.sql');
  });

  it('an application that prints, leaves timers behind, and throws what is no error', async () => {
    app.models(`${SHELF}\nconsole.log('loading'); setInterval(() => {}, 1000);`);
    const status = await app.guitars('migrate', 'status', '--json');
    expect([JSON.parse(status.out), status.err]).to.have.nested.property('[1]', 'loading\n');
    app.write('models.js', 'throw null;');
    const thrown = await app.guitars('migrate', 'status');
    expect([thrown.code, thrown.out]).to.deep.equal([2, '']);
    expect(thrown.err).to.match(/^guitars: null\n/);
    app.models(SHELF);
  });

  it('says of the package’s own migrations, which createUmzug ran, nothing odd', async () => {
    await createUmzug(db.sequelize).up();
    const status = await app.guitars('migrate', 'status');
    expect([status.err, status.out.match(/missing/)]).to.deep.equal(['', null]);
    await createUmzug(db.sequelize).down();
    await query('DROP TABLE guitars_migrations');
  });

  it('of two branches that were merged, either goes without taking what the other needs', async () => {
    const both = `${SHELF}\nclass Box extends Guitar(Model) {}
Box.init({ name: DataTypes.TEXT }, { sequelize, modelName: 'Box', tableName: 'box' });
Box.belongsTo(Shelf, { foreignKey: 'shelfId', onDelete: 'CASCADE' });`;
    await query(
      `CREATE TABLE box (id serial PRIMARY KEY, name text, "shelfId" int REFERENCES shelf ON DELETE CASCADE, ${TIMES}); CREATE INDEX ON box ("shelfId")`,
    );
    const [first = ''] = app.migrations();
    app.models(both);
    await app.guitars('make', '--name', 'left');
    const left = app.migrations().at(-1) ?? '';
    const text = app.read(`migrations/${left}`);
    app.remove(`migrations/${left}`);
    await app.guitars('make', '--name', 'right');
    app.write(`migrations/${left}`, text);
    const right = app.migrations().at(-1) ?? '';
    expect(app.migrations()).to.deep.equal([first, left, right]);
    // The later one runs first: it was deployed before the merge.
    app.remove(`migrations/${left}`);
    expect((await app.guitars('migrate', 'up')).code).to.equal(0);
    app.write(`migrations/${left}`, text);
    expect((await app.guitars('migrate', 'up')).code).to.equal(0);
    const clean = await app.guitars('audit');
    expect(clean.code, clean.out).to.equal(0);
    const down = await app.guitars('migrate', 'down');
    expect([down.code, down.err]).to.deep.equal([0, `down  ${right}\n`]);
    const still = await app.guitars('audit');
    expect(still.code, still.out).to.equal(0);
    expect((await app.guitars('migrate', 'down', '--all')).code).to.equal(0);
    expect(await number(db.sequelize, `SELECT count(*) AS n FROM pg_namespace WHERE nspname = 'guitars'`)).to.equal(0);
    app.models(SHELF);
  });
});

/** Waits until somebody else waits for a lock on the table. */
async function waiting(client: import('pg').Client, table: string): Promise<void> {
  for (;;) {
    const { rows: found } = await client.query('SELECT FROM pg_locks WHERE NOT granted AND relation = $1::regclass', [
      table,
    ]);
    if (found.length > 0) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
