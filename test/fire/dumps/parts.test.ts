import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { DataTypes, Model, Sequelize } from 'sequelize';
import { audit, Guitar, install } from '../../../lib';
import { Versioned } from '../../../lib/history';
import { rows, sqlstate } from '../../contract/world';
import type { PostgresServer } from '../../support/server';
import { asAdmin, serverOf } from './support/between';
import { lacking, must, run, sources } from './support/programs';

/** A parent and its versioned children. */
function define(sequelize: Sequelize): void {
  const id = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });
  class Shelf extends Guitar(Model) {}
  class Book extends Versioned(Guitar(Model)) {}
  Shelf.init({ id: id() }, { sequelize, tableName: 'shelf' });
  Book.init(
    { id: id(), shelf_id: DataTypes.INTEGER },
    { sequelize, tableName: 'book', indexes: [{ fields: ['shelf_id'] }] },
  );
  Book.belongsTo(Shelf, { foreignKey: 'shelf_id', onDelete: 'CASCADE' });
}

const why = lacking();

/** What docs/dumps.md says of dumps of a part of a database, and of other owners. */
describe(`dumps of parts, and to other owners${why ? ` (left out: ${why})` : ''}`, () => {
  let server: PostgresServer;
  let dump: (...options: string[]) => string;
  let scratch: string;
  const opened: Sequelize[] = [];
  const connect = (url: string) => {
    const sequelize = new Sequelize(url, { logging: false });
    opened.push(sequelize);
    define(sequelize);
    return sequelize;
  };
  before(async function () {
    if (why) this.skip();
    scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-parts-'));
    server = await serverOf(sources().at(-1) as string);
    const url = server.url(await server.createDatabase());
    const sequelize = connect(url);
    for (const model of Object.values(sequelize.models)) await model.sync();
    await sequelize.query(`INSERT INTO shelf DEFAULT VALUES; INSERT INTO shelf DEFAULT VALUES;
      INSERT INTO book (shelf_id) VALUES (1), (1), (2); DELETE FROM book WHERE id = 2; DELETE FROM shelf WHERE id = 1`);
    const file = path.join(scratch, 'dump');
    dump = (...options) => {
      must('pg_dump', ['-Fc', '-f', file, ...options, url]);
      return file;
    };
  });
  after(async () => {
    for (const sequelize of opened) await sequelize.close();
    await server?.stop();
    if (scratch) fs.rmSync(scratch, { recursive: true });
  });

  /** A database without the schema that a dump brings. */
  async function empty(): Promise<string> {
    const database = await server.createDatabase();
    await asAdmin(server, database, 'DROP SCHEMA app');
    return database;
  }
  /** Archived with the shelf, and apart from it; both are to be restored as they were archived. */
  async function whole(sequelize: Sequelize): Promise<void> {
    expect((await audit(sequelize)).findings).to.deep.equal([]);
    expect((await install(sequelize)).installed).to.deep.equal([]);
    const live = () => rows(sequelize, 'SELECT id FROM app.book WHERE _deleted_at IS NULL ORDER BY id');
    expect(await live()).to.deep.equal([{ id: 3 }]);
    await sequelize.query('UPDATE app.shelf SET _deleted_at = NULL WHERE id = 1');
    expect(await live()).to.deep.equal([{ id: 1 }, { id: 3 }]);
    await sequelize.query('DELETE FROM app.book');
    expect(await live()).to.deep.equal([]);
    expect((await rows(sequelize, 'SELECT id FROM app.book')).length).to.equal(3);
  }

  it('the tables’ schema with the schema guitars is whole', async () => {
    const database = await empty();
    const file = dump('-n', 'app', '-n', 'guitars');
    must('pg_restore', ['--exit-on-error', '--no-owner', '-d', server.url(database), file]);
    await whole(connect(server.url(database)));
  });

  for (const part of [
    ['-n', 'app'],
    ['-t', 'app.shelf', '-t', 'app.book*'],
  ]) {
    it(`${part.join(' ')}: the restore fails at the first trigger; where it goes on, audit says that nothing is enforced, and install mends it`, async () => {
      const file = dump(...part);
      const schema = 'CREATE SCHEMA app AUTHORIZATION CURRENT_USER';
      const ready = async () => {
        const database = await empty();
        if (part[0] === '-t') must('psql', ['-q', '-c', schema, server.url(database)]);
        return database;
      };
      const stopped = run('pg_restore', ['--exit-on-error', '--no-owner', '-d', server.url(await ready()), file]);
      expect(stopped.status).to.equal(1);
      expect(stopped.stderr).to.match(/schema "guitars" does not exist/);
      const database = await ready();
      run('pg_restore', ['--no-owner', '-d', server.url(database), file]);
      const sequelize = connect(server.url(database));
      const { findings } = await audit(sequelize);
      expect(new Set(findings.map(({ kind }) => kind))).to.deep.equal(new Set(['no_functions']));
      await install(sequelize);
      await whole(sequelize);
    });
  }

  it('another owner', async () => {
    const database = await empty();
    await asAdmin(
      server,
      database,
      `CREATE ROLE "other ""owner" LOGIN PASSWORD 'other'`,
      `GRANT CREATE ON DATABASE "${database}" TO "other ""owner"`,
    );
    const url = new URL(server.url(database));
    url.username = encodeURIComponent('other "owner');
    url.password = 'other';
    must('pg_restore', ['--exit-on-error', '--no-owner', '--no-privileges', '-d', url.href, dump()]);
    const sequelize = connect(url.href);
    // Who may call the functions was left out, as the page says.
    expect(new Set((await audit(sequelize)).findings.map(({ kind }) => kind))).to.deep.equal(new Set(['drifted']));
    await install(sequelize);
    await whole(sequelize);
    // The role of the first owner is somebody else now.
    const first = connect(server.url(database));
    expect(await sqlstate(first.query('DELETE FROM app.book'))).to.equal('42501');
  });
});
