import { expect } from 'chai';
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

  it('two at the same moment: one runs, the other waits and finds nothing to do', async () => {
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
