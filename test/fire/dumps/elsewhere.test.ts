import { expect } from 'chai';
import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Sequelize,
} from 'sequelize';
import { audit, Guitar, install } from '../../../lib';
import { CursorError, Versioned } from '../../../lib/history';
import { number, refusal, rows, sqlstate } from '../../contract/world';
import { useDatabase } from '../../support/database';

/** A parent and its versioned children. */
function define(sequelize: Sequelize) {
  class Shelf extends Guitar(Model)<InferAttributes<Shelf>, InferCreationAttributes<Shelf>> {
    declare id: CreationOptional<number>;
  }
  class Book extends Versioned(Guitar(Model))<InferAttributes<Book>, InferCreationAttributes<Book>> {
    declare id: CreationOptional<number>;
    declare title: string;
    declare shelf_id: CreationOptional<number | null>;
  }
  const id = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });
  Shelf.init({ id: id() }, { sequelize, tableName: 'shelf' });
  Book.init(
    { id: id(), title: DataTypes.TEXT, shelf_id: DataTypes.INTEGER },
    { sequelize, tableName: 'book', indexes: [{ fields: ['shelf_id'] }] },
  );
  Book.belongsTo(Shelf, { foreignKey: 'shelf_id', onDelete: 'CASCADE' });
  return { Shelf, Book };
}

/** What a dump brings from another server names transactions of that one; here they are yet to come, or somebody else's. */
describe('transaction ids of another server, brought by a dump', () => {
  const db = useDatabase();
  let models: ReturnType<typeof define>;
  const query = (sql: string) => db.sequelize.query(sql);
  const present = () => number(db.sequelize, `SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS n`);
  /** Entries as a data-only restore writes them: through the door, with their own numbers. */
  const entries = (from: number, many: number, transaction: (n: number) => number) =>
    db.sequelize.transaction(async (t) => {
      await db.sequelize.query('SET LOCAL guitars.edit_history = on', { transaction: t });
      for (let n = 0; n < many; n++)
        await db.sequelize.query(
          `INSERT INTO book_history (_entry, _operation, _at, _transaction, id, title, _created_at, _updated_at, _version) OVERRIDING SYSTEM VALUE
           VALUES (${from + n}, '${n === 0 ? 'insert' : 'update'}', '2001-01-01', ${transaction(n)}, 1, 'v${n + 1}', '2001-01-01', '2001-01-01', ${n + 1})`,
          { transaction: t },
        );
      await db.sequelize.query(`INSERT INTO book (id, title, _version) VALUES (1, 'v${many}', ${many})`, {
        transaction: t,
      });
      await db.sequelize.query(
        `SELECT setval('book_history__entry_seq', ${from + many - 1}), setval('book_id_seq', 1)`,
        {
          transaction: t,
        },
      );
    });

  beforeEach(async () => {
    models = define(db.sequelize);
    await models.Shelf.sync();
    await models.Book.sync();
  });
  afterEach(async () => {
    await query('DROP TABLE book, book_history, shelf CASCADE; DROP SCHEMA guitars CASCADE');
  });

  it('changes() tells of each change once, while the counter passes what the entries name', async () => {
    const from = await present();
    await entries(1, 20, (n) => from + 5 + n);
    const { Book } = models;
    let { rows: told, cursor } = await Book.changes();
    expect(told.map(({ version }) => version)).to.deep.equal(Array.from({ length: 20 }, (_, n) => n + 1));
    for (let n = 21; n <= 60; n++) {
      await query(`UPDATE book SET title = 'own ${n}'`);
      ({ rows: told, cursor } = await Book.changes(cursor));
      expect(told.map(({ version }) => version)).to.deep.equal([n]);
    }
    expect(await present()).to.be.greaterThan(from + 5 + 20);
    expect((await Book.changes()).rows.length).to.equal(60);
  });

  it('a history is in order, also where its writer has the id of an entry that was brought', async () => {
    const { Book } = models;
    await query(`CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.title = 'outer' THEN UPDATE app.book SET title = 'inner' WHERE id = NEW.id; END IF; RETURN NULL; END $$`);
    await query('CREATE TRIGGER a_again AFTER UPDATE ON book FOR EACH ROW EXECUTE FUNCTION again()');
    await entries(1, 6, () => 0);
    const client = await db.client();
    await client.query('BEGIN');
    const { rows: own } = await client.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
    await client.query('SET LOCAL guitars.edit_history = on');
    await client.query(`UPDATE book_history SET _transaction = ${own[0]?.id} WHERE _version <> 6`);
    await client.query('SET LOCAL guitars.edit_history = off');
    const before = await client.query(`SELECT _entry, _version FROM book_history ORDER BY _entry`);
    await client.query(`UPDATE book SET title = 'outer'`);
    await client.query('COMMIT');
    const after = await rows(db.sequelize, `SELECT _entry, _version FROM book_history ORDER BY _entry`);
    expect(after.slice(0, 6)).to.deep.equal(before.rows);
    const versions = await Book.historyOf(1);
    expect(versions.map(({ number: n, values }) => [n, values.title]).slice(6)).to.deep.equal([
      [7, 'outer'],
      [8, 'inner'],
    ]);
    await query('DROP FUNCTION again CASCADE');
  });

  it('the id of a linker keeps nobody out for long, and lets no live orphan in', async () => {
    await query('INSERT INTO shelf DEFAULT VALUES; INSERT INTO shelf DEFAULT VALUES');
    const [{ name } = { name: '' }] = await rows<{ name: string }>(
      db.sequelize,
      `SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'guitars'`,
    );
    for (const linker of [(await present()) * 2 + 2_000_000, ((await present()) - 5) * 2, (await present()) * 2 + 7]) {
      await query(`SELECT setval('guitars."${name}"', ${linker})`);
      const [one, other] = [await db.client(), await db.client()];
      await one.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM shelf');
      await other.query(`INSERT INTO book (title, shelf_id) SELECT 'x', max(id) FROM shelf`);
      expect(await sqlstate(one.query('DELETE FROM shelf WHERE id = (SELECT max(id) FROM shelf)'))).to.equal('40001');
      await one.query('ROLLBACK');
      await query('DELETE FROM shelf WHERE id = (SELECT max(id) FROM shelf WHERE _deleted_at IS NULL)');
      await query('INSERT INTO shelf DEFAULT VALUES');
    }
    const orphans = `SELECT count(*) AS n FROM book JOIN shelf ON shelf.id = shelf_id WHERE book._deleted_at IS NULL AND shelf._deleted_at IS NOT NULL`;
    expect(await number(db.sequelize, orphans)).to.equal(0);
  });

  it('a deletion has a mark that no row of a dump can have, wherever the sequences stand', async () => {
    await query(
      `INSERT INTO shelf (id, _deleted_at, _deletion) SELECT n, now(), gen_random_uuid() FROM generate_series(1, 50) AS n`,
    );
    await query(
      `INSERT INTO book (title, shelf_id, _deleted_at, _deletion) SELECT 'old', id, now(), _deletion FROM shelf`,
    );
    await query(`SELECT setval('shelf_id_seq', 50); INSERT INTO shelf DEFAULT VALUES`);
    await query(`INSERT INTO book (title, shelf_id) VALUES ('new', 51)`);
    await query('DELETE FROM shelf WHERE id = 51');
    expect(await number(db.sequelize, 'SELECT count(DISTINCT _deletion) AS n FROM shelf')).to.equal(51);
    await query('UPDATE shelf SET _deleted_at = NULL WHERE id = 51');
    const live = await rows<{ title: string }>(db.sequelize, 'SELECT title FROM book WHERE _deleted_at IS NULL');
    expect(live).to.deep.equal([{ title: 'new' }]);
  });

  it('a cursor from before the tables were made anew is refused', async () => {
    const cursor = await models.Book.cursor();
    await query('DROP TABLE book, book_history CASCADE');
    await models.Book.sync();
    const error = await refusal(models.Book.changes(cursor));
    expect(error).to.be.instanceOf(CursorError);
    expect((error as CursorError).fault).to.equal('history');
    await install(db.sequelize);
    expect((await audit(db.sequelize)).findings).to.deep.equal([]);
  });
});
