import { expect } from 'chai';
import { DataTypes, Model, type ModelAttributes, type Sequelize } from 'sequelize';
import { audit, Guitar, InstallError, install, withEnforcementSuspended } from '../../lib';
import { live, number, refusal, rows, sqlstate } from '../contract/world';
import { useDatabase } from '../support/database';

/** Authors and their books, whose key is called as it is said. */
function define(sequelize: Sequelize, column: string | undefined, engine: 'rule' | 'trigger' = 'rule') {
  class Author extends Guitar(Model) {}
  class Book extends Guitar(Model) {}
  Author.init({ name: DataTypes.TEXT }, { sequelize, tableName: 'author', guitar: { engine } });
  const link: ModelAttributes = column ? { authorId: { type: DataTypes.INTEGER, field: column } } : {};
  Book.init({ title: DataTypes.TEXT, ...link }, { sequelize, tableName: 'book', guitar: { engine } });
  if (column) Book.belongsTo(Author, { foreignKey: 'authorId', onDelete: 'CASCADE' });
  return [Author, Book];
}

describe('withEnforcementSuspended, when the models have changed', () => {
  const db = useDatabase();
  const query = (sql: string, transaction?: object) => db.sequelize.query(sql, transaction as object);
  beforeEach(async () => {
    await query('DROP SCHEMA IF EXISTS guitars CASCADE; DROP TABLE IF EXISTS book, author CASCADE');
    const first = db.connect();
    define(first, 'author_id');
    await first.sync();
    await query('CREATE INDEX ON book (author_id)');
  });

  it('definitions that name a renamed column are those of the plan, functions included', async () => {
    const sequelize = db.connect();
    const models = define(sequelize, 'writer_id');
    await withEnforcementSuspended(sequelize.getQueryInterface(), models, (transaction) =>
      query('ALTER TABLE book RENAME author_id TO writer_id', { transaction }),
    );
    expect((await audit(sequelize)).findings).to.deep.equal([]);
    await query(`INSERT INTO author (name) VALUES ('a'); INSERT INTO book (writer_id) VALUES (1); DELETE FROM author`);
    expect([await live(db.sequelize, 'author'), await live(db.sequelize, 'book')]).to.deep.equal([0, 0]);
    expect(await sqlstate(query('INSERT INTO book (writer_id) VALUES (1)'))).to.equal('23503');
  });

  it('what the models no longer call for comes back while it can, and stays off when its column is gone', async () => {
    const sequelize = db.connect();
    const models = define(sequelize, undefined);
    const names = `SELECT tgname AS name FROM pg_trigger WHERE tgname LIKE 'guitars_parents%'`;
    await withEnforcementSuspended(sequelize.getQueryInterface(), models, async () => undefined);
    expect(await rows(db.sequelize, names)).to.have.length(2);
    await withEnforcementSuspended(sequelize.getQueryInterface(), models, (transaction) =>
      query('ALTER TABLE book DROP COLUMN author_id', { transaction }),
    );
    expect((await rows<{ name: string }>(db.sequelize, names)).map(({ name }) => name)).to.deep.equal([
      'guitars_parents_insert',
    ]);
    await install(sequelize);
    expect((await audit(sequelize)).findings).to.deep.equal([]);
  });

  it('an engine that the database has yet to change to leaves the table protected', async () => {
    const sequelize = db.connect();
    const models = define(sequelize, 'author_id', 'trigger');
    await withEnforcementSuspended(sequelize.getQueryInterface(), models, async () => undefined);
    await query(`INSERT INTO author (name) VALUES ('a'); DELETE FROM author`);
    expect(await number(db.sequelize, 'SELECT count(*) AS n FROM author')).to.equal(1);
  });

  it('what can be neither is refused, and nothing has happened', async () => {
    const sequelize = db.connect();
    const models = define(sequelize, 'author_id');
    const error = await refusal(
      withEnforcementSuspended(sequelize.getQueryInterface(), models, (transaction) =>
        query('ALTER TABLE book DROP COLUMN author_id', { transaction }),
      ),
    );
    expect(error).to.be.instanceOf(InstallError);
    expect(error.message).to.match(/guitars_\w+ on "app"."book" can be restored neither as it was nor.*author_id/s);
    expect((await audit(sequelize)).findings).to.deep.equal([]);
  });

  it('works on the query interface of another instance, as sequelize-cli has one', async () => {
    const models = define(db.connect(), 'author_id');
    const face = db.connect().getQueryInterface();
    await withEnforcementSuspended(face, models, (transaction) =>
      face.changeColumn('book', 'author_id', { type: DataTypes.BIGINT }, { transaction }),
    );
    const [author] = models;
    expect((await audit(author?.sequelize as Sequelize)).findings).to.deep.equal([]);
  });

  it('a child that is not named: its rule, which looks its parent up, is taken off as well', async () => {
    const sequelize = db.connect();
    const [author] = define(sequelize, 'author_id');
    await withEnforcementSuspended(sequelize.getQueryInterface(), [author as never], (transaction) =>
      query('ALTER TABLE author ALTER COLUMN id TYPE bigint', { transaction }),
    );
    expect((await audit(sequelize)).findings).to.deep.equal([]);
  });

  it('a table that is dropped, and one that is renamed to what no model knows', async () => {
    const sequelize = db.connect();
    const models = define(sequelize, 'author_id');
    const renaming = withEnforcementSuspended(sequelize.getQueryInterface(), models, (transaction) =>
      query('ALTER TABLE book RENAME TO volume', { transaction }),
    );
    expect((await refusal(renaming)).message).to.match(/on "app"."volume" can be restored neither/);
    await withEnforcementSuspended(sequelize.getQueryInterface(), models, (transaction) =>
      query('DROP TABLE book', { transaction }),
    );
    const left = `SELECT DISTINCT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname LIKE 'guitars%'`;
    expect(await rows(db.sequelize, left)).to.deep.equal([{ name: 'author' }]);
  });
});

describe('withEnforcementSuspended goes by the table', () => {
  const db = useDatabase();

  it('a scoped class, and another model of the table', async () => {
    const { sequelize } = db;
    class Note extends Guitar(Model) {}
    class Memo extends Guitar(Model) {}
    for (const model of [Note, Memo]) model.init({ title: DataTypes.TEXT }, { sequelize, tableName: 'note' });
    await sequelize.sync();
    const given = { scope: Note.scope('all'), unscoped: Note.unscoped(), accessor: Memo.archives, second: Memo };
    for (const [what, model] of Object.entries(given)) {
      const names = await withEnforcementSuspended(sequelize.getQueryInterface(), [model], async (transaction) => {
        await sequelize.query('ALTER TABLE note ALTER COLUMN _deleted_at TYPE timestamptz(3)', { transaction });
        const [left] = await sequelize.query(`SELECT tgname FROM pg_trigger WHERE NOT tgisinternal`, { transaction });
        return left;
      });
      expect(names, what).to.deep.equal([]);
      expect((await audit(sequelize)).findings, what).to.deep.equal([]);
    }
  });
});

describe('withEnforcementSuspended on partitioned tables', () => {
  const db = useDatabase();

  it('partitions fire as they did, each', async () => {
    class Event extends Guitar(Model) {}
    const id = { type: DataTypes.INTEGER, primaryKey: true };
    const guitar = { engine: 'trigger', partitionKey: ['id'] } as const;
    Event.init({ id }, { sequelize: db.sequelize, tableName: 'event', guitar });
    const times = `_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz`;
    await db.sequelize.query(`CREATE TABLE event (id int PRIMARY KEY, ${times}) PARTITION BY RANGE (id);
      CREATE TABLE event_low PARTITION OF event FOR VALUES FROM (0) TO (100);
      CREATE TABLE event_high PARTITION OF event FOR VALUES FROM (100) TO (200)`);
    await install(db.sequelize);
    await db.sequelize.query('ALTER TABLE event_low DISABLE TRIGGER guitars_stamp');
    await db.sequelize.query('ALTER TABLE event_high ENABLE ALWAYS TRIGGER guitars_truncate');
    const catalog = `SELECT tgrelid::regclass || ' ' || tgname AS name, tgenabled::text, pg_get_triggerdef(oid), obj_description(oid)
      FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`;
    const before = await rows(db.sequelize, catalog);
    await withEnforcementSuspended(db.sequelize.getQueryInterface(), [Event], (transaction) =>
      db.sequelize.query('ALTER TABLE event ALTER COLUMN _deleted_at TYPE timestamptz(3)', { transaction }),
    );
    expect(await rows(db.sequelize, catalog)).to.deep.equal(before);
  });
});
