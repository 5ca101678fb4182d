import { expect } from 'chai';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { audit, Guitar, install, plan, uninstall } from '../../lib';
import { installObjects } from '../../lib/enforcement/objects/change';
import { rows, sqlstate } from '../contract/world';
import { useDatabase } from '../support/database';

/** Authors, their books, and the loans of these. */
function define(sequelize: Sequelize) {
  class Author extends Guitar(Model) {}
  class Book extends Guitar(Model) {}
  class Loan extends Guitar(Model) {}
  const id = () => ({ id: { type: DataTypes.INTEGER, primaryKey: true } });
  Author.init(id(), { sequelize, tableName: 'author' });
  Book.init(id(), { sequelize, tableName: 'book' });
  Loan.init(id(), { sequelize, tableName: 'loan' });
  Book.belongsTo(Author, { foreignKey: 'authorId', onDelete: 'CASCADE' });
  Loan.belongsTo(Book, { foreignKey: 'bookId', onDelete: 'RESTRICT' });
  return { Author, Book, Loan };
}

describe('some of the models, whose deletes reach the others', () => {
  const db = useDatabase();
  const query = (sql: string) => db.sequelize.query(sql);
  let models: ReturnType<typeof define>;
  before(() => {
    models = define(db.sequelize);
  });
  beforeEach(async () => {
    await query('DROP SCHEMA IF EXISTS guitars CASCADE');
    await db.sequelize.sync({ force: true, guitars: false });
    await query(`INSERT INTO author (id) VALUES (1), (2); INSERT INTO book (id, "authorId") VALUES (1, 1), (2, 2)`);
  });

  /** A DELETE archives, whatever the isolation. */
  async function archives() {
    for (const [n, level] of ['READ COMMITTED', 'REPEATABLE READ'].entries()) {
      const client = await db.client();
      await client.query(`BEGIN ISOLATION LEVEL ${level}; DELETE FROM author WHERE id = ${n + 1}; COMMIT`);
    }
    const archived = (table: string) => rows(db.sequelize, `SELECT FROM ${table} WHERE _deleted_at IS NOT NULL`);
    expect([await archived('author'), await archived('book')].map(({ length }) => length)).to.deep.equal([2, 2]);
  }

  it('install brings what their objects need at other tables, and no more of these', async () => {
    const { installed } = await install(db.sequelize, { models: [models.Author] });
    const elsewhere = installed.filter(({ model }) => model !== 'Author').map(({ kind, model }) => `${kind} ${model}`);
    expect(elsewhere).to.deep.equal(['column Book', 'sequence Book']);
    expect(
      (await audit(db.sequelize, { models: [models.Author], rows: false })).findings.map(({ kind }) => kind),
    ).to.deep.equal([]);
    expect((await install(db.sequelize, { models: [models.Author] })).installed).to.deep.equal([]);
    await archives();
  });

  it('the audit of one model finds that they are missing, and what it prints mends it', async () => {
    await install(db.sequelize, { models: [models.Author] });
    const [sequence] = await rows<{ name: string }>(
      db.sequelize,
      `SELECT oid::regclass::text AS name FROM pg_class WHERE relname LIKE 'book_links_%'`,
    );
    await query(`ALTER TABLE book DROP COLUMN _deletion; DROP SEQUENCE ${sequence?.name}`);
    expect(await sqlstate(query('DELETE FROM author'))).to.equal('42703');
    const { findings } = await audit(db.sequelize, { models: [models.Author], rows: false });
    expect(findings.map(({ kind, model, remedy }) => [kind, model, remedy])).to.deep.equal(
      Array(2).fill(['missing', 'Author', 'guitars install --model Author']),
    );
    expect(findings[0]?.message).to.match(
      /^the column _deletion of book, which a DELETE of its rows needs, is missing: it is not in the database/,
    );
    await installObjects(db.sequelize, { models: ['Author'] });
    await archives();
  });

  it('install --name brings them too', async () => {
    for (const names of [['guitars_stamp'], ['guitars_soft_delete'], ['guitars_cascade']]) {
      const done = await installObjects(db.sequelize, { models: ['Author'], names });
      const cascades = names[0] === 'guitars_cascade';
      expect(
        done.some((line) => /on app\.book$/.test(line)),
        String(names),
      ).to.equal(cascades);
    }
    expect(await installObjects(db.sequelize, { names: ['guitars_cascade'] })).to.include(
      'installed column _deletion on app.loan',
    );
    await archives();
  });

  it('uninstall leaves what others may need', async () => {
    await install(db.sequelize);
    await uninstall(db.sequelize, { models: [models.Author] });
    const { findings } = await audit(db.sequelize, { models: [models.Book], rows: false });
    expect(findings.filter(({ kind }) => kind !== 'unindexed_key')).to.deep.equal([]);
  });

  it('a plan of some is a migration that runs by itself', async () => {
    const { up, needs } = plan(db.sequelize, { schema: 'app', models: [models.Author] });
    expect(needs.map(({ kind, model }) => `${kind} ${model}`)).to.deep.equal(['column Book', 'sequence Book']);
    expect(up.slice(0, needs.length).join()).to.match(/^ALTER TABLE "app"."book" ADD COLUMN IF NOT EXISTS "_deletion"/);
    expect(plan(db.sequelize, { schema: 'app' }).needs).to.deep.equal([]);
  });
});
