import { expect } from 'chai';
import { DataTypes, Model, QueryTypes, type Transaction } from 'sequelize';
import { Guitar, GuitarsError } from '../../lib';
import { previewDelete } from '../../lib/enforcement/preview';
import { defineShape } from '../contract/shapes';
import { refusal, wipe } from '../contract/world';
import { useDatabase } from '../support/database';

describe('previewDestroy', () => {
  const db = useDatabase();
  const query = (sql: string, transaction?: Transaction) => db.sequelize.query(sql, { transaction });
  let models: ReturnType<typeof defineShape>;
  before(async () => {
    models = defineShape(db.sequelize, 'rule', {
      author: {},
      book: { author: ['author', 'CASCADE'] },
      loan: { book: ['book', 'RESTRICT'] },
      wish: { book: ['book', 'SET NULL'] },
    });
    class Pair extends Guitar(Model) {}
    const part = { type: DataTypes.INTEGER, primaryKey: true };
    Pair.init({ left: { ...part }, right: { ...part, field: 'r i' } }, { sequelize: db.sequelize, tableName: 'pair' });
    await db.sequelize.sync();
    await query(`CREATE TABLE note (id serial PRIMARY KEY, book int REFERENCES book ON DELETE CASCADE)`);
    await query(`CREATE TABLE pair_note (a int, b int, FOREIGN KEY (a, b) REFERENCES pair ON DELETE CASCADE)`);
  });
  beforeEach(async () => {
    await wipe(db.sequelize);
    await query('INSERT INTO author (id) VALUES (1); INSERT INTO book (id, author) VALUES (1, 1), (2, 1), (3, 1)');
    await query('INSERT INTO wish (id, book) VALUES (1, 1); INSERT INTO note (book) VALUES (1), (1), (3)');
    await query('DELETE FROM book WHERE id = 3');
  });
  const author = async () => (await models.author?.findByPk(1)) as InstanceType<ReturnType<typeof Guitar>>;

  it('names tables, models and counts', async () => {
    const { key, archived, soft, hard } = await (await author()).previewDestroy();
    expect([key, archived]).to.deep.equal([{ id: 1 }, false]);
    expect(soft).to.deep.equal({
      does: 'archive',
      rows: 3,
      takes: [
        { schema: 'app', table: 'author', model: 'author', rows: 1 },
        { schema: 'app', table: 'book', model: 'book', rows: 2 },
      ],
      refusedBy: [],
    });
    expect(hard).to.deep.include({ does: 'remove', rows: 7, refusedBy: [] });
    expect(hard.takes.map(({ table, model, rows, archived }) => [table, model, rows, archived])).to.deep.equal([
      ['author', 'author', 1, 0],
      ['book', 'book', 3, 1],
      ['note', null, 3, 0],
    ]);
    expect(hard.cuts).to.deep.equal([
      {
        schema: 'app',
        table: 'wish',
        model: 'wish',
        constraint: 'wish_book_fkey',
        columns: ['book'],
        rows: 1,
        becomes: 'NULL',
      },
    ]);
  });

  it('names what would refuse', async () => {
    await query('INSERT INTO loan (id, book) VALUES (1, 2), (2, 2)');
    const { soft, hard } = await (await author()).previewDestroy();
    expect([soft?.does, hard.does]).to.deep.equal(['refuse', 'refuse']);
    const guard = { schema: 'app', table: 'loan', model: 'loan', constraint: 'loan_book_fkey', columns: ['book'] };
    expect(soft?.refusedBy).to.deep.equal([{ ...guard, rows: 2, reason: 'live child' }]);
    expect(hard.refusedBy).to.deep.equal([{ ...guard, rows: 2, reason: 'RESTRICT' }]);
  });

  it('a link that cannot be cut', async () => {
    await query('CREATE TABLE tied (book int NOT NULL REFERENCES book ON DELETE SET NULL)');
    await query('INSERT INTO tied VALUES (1), (3)');
    const { hard } = await (await author()).previewDestroy();
    expect(hard.refusedBy.map(({ table, rows, reason }) => [table, rows, reason])).to.deep.equal([
      ['tied', 2, 'NOT NULL'],
    ]);
    expect(hard.cuts.map(({ table }) => table)).to.deep.equal(['wish']);
    await query('DROP TABLE tied');
  });

  for (const [what, column, cut, refused] of [
    ['has no row', 'int DEFAULT 99', [], [2]],
    ['has no row, by way of a cast', `bigint DEFAULT (('9' || '9')::int)`, [], [2]],
    ['goes itself', 'int DEFAULT 2', [], [2]],
    ['is missing on NOT NULL', 'int NOT NULL', [], [2]],
    ['is missing', 'int', [2], []],
    ['has a row that stays', 'int DEFAULT 50', [2], []],
    ['has side effects, so that it cannot be told', `int DEFAULT nextval('side')`, [2], []],
  ] as const) {
    it(`a link whose default ${what}`, async () => {
      await query(`CREATE SEQUENCE side; INSERT INTO author (id) VALUES (2); INSERT INTO book (id, author) VALUES (50, 2);
        CREATE TABLE turned (book ${column} REFERENCES book ON DELETE SET DEFAULT); INSERT INTO turned VALUES (1), (3), (50)`);
      const { hard } = await (await author()).previewDestroy();
      const side = await db.sequelize.query<{ is_called: boolean }>('SELECT is_called FROM side', {
        type: QueryTypes.SELECT,
      });
      await query('DROP TABLE turned; DROP SEQUENCE side');
      const rows = (found: readonly { table: string; rows: number }[]) =>
        found.filter(({ table }) => table === 'turned').map((each) => each.rows);
      expect([rows(hard.cuts), rows(hard.refusedBy)]).to.deep.equal([cut, refused]);
      expect(hard.refusedBy.map(({ reason }) => reason)).to.deep.equal(refused.map(() => 'SET DEFAULT'));
      expect(side).to.deep.equal([{ is_called: false }]);
    });
  }

  it('of each model of a table', async () => {
    class Writer extends Guitar(Model) {}
    Writer.init(
      { id: { type: DataTypes.INTEGER, primaryKey: true } },
      { sequelize: db.sequelize, tableName: 'author' },
    );
    const row = (await Writer.findByPk(1)) as Writer;
    const { model, soft } = await row.previewDestroy();
    db.sequelize.modelManager.removeModel(Writer as never);
    expect([model, soft?.does, soft?.rows]).to.deep.equal(['Writer', 'archive', 3]);
  });

  it('a key that is none leaves the transaction as it is', async () => {
    await db.sequelize.transaction(async (transaction) => {
      const error = await refusal(previewDelete(models.author as never, { id: 'x' }, { transaction }));
      expect(error).to.be.instanceOf(GuitarsError);
      expect(error.message).to.match(/^id x is no primary key of author \(invalid input syntax.*\)\. Give a value/);
      expect((await (await author()).previewDestroy({ transaction })).soft?.rows).to.equal(3);
    });
  });

  it('an archived row: a soft delete does nothing', async () => {
    const row = await author();
    await row.destroy();
    const { archived, soft, hard } = await row.previewDestroy();
    expect([archived, soft?.does, soft?.rows, hard.rows]).to.deep.equal([true, 'nothing', 0, 7]);
  });

  it('a row that is gone', async () => {
    const row = await author();
    await row.hardDelete();
    const error = await refusal(row.previewDestroy());
    expect(error).to.be.instanceOf(GuitarsError);
    expect(error.message).to.match(/^There is no author with id 1\. Give the primary key/);
  });

  it('composite keys, with columns that are not named as their attributes', async () => {
    await query(
      'INSERT INTO pair ("left", "r i") VALUES (1, 2), (1, 3); INSERT INTO pair_note VALUES (1, 2), (1, 2), (1, 3)',
    );
    const row = (await db.sequelize.models.Pair?.findOne({ where: { left: 1, right: 2 } })) as never as {
      previewDestroy: Awaited<ReturnType<typeof author>>['previewDestroy'];
    };
    const { key, hard } = await row.previewDestroy();
    expect(key).to.deep.equal({ left: 1, right: 2 });
    expect(hard.takes.map(({ table, rows }) => [table, rows])).to.deep.equal([
      ['pair', 1],
      ['pair_note', 2],
    ]);
  });

  it('sees what its transaction sees', async () => {
    const row = await author();
    const rows = await db.sequelize.transaction(async (transaction) => {
      await query('INSERT INTO book (id, author) VALUES (9, 1)', transaction);
      return [(await row.previewDestroy({ transaction })).soft?.rows, (await row.previewDestroy()).soft?.rows];
    });
    expect(rows).to.deep.equal([4, 3]);
  });

  it('waits for no writer and makes none wait', async () => {
    const row = await author();
    const writer = await db.client();
    await writer.query('BEGIN; UPDATE book SET author = 1; UPDATE author SET id = 1; DELETE FROM wish');
    expect((await row.previewDestroy()).soft?.rows).to.equal(3);
    await writer.query('ROLLBACK');
    await db.sequelize.transaction(async (transaction) => {
      await row.previewDestroy({ transaction });
      await writer.query(`SET lock_timeout = '100ms'`);
      await writer.query('BEGIN; UPDATE book SET author = NULL; DELETE FROM author; DELETE FROM note; ROLLBACK');
      const locks = await db.sequelize.query<{ mode: string }>(
        `SELECT DISTINCT mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype IN ('relation', 'tuple')`,
        { type: QueryTypes.SELECT, transaction },
      );
      expect(locks).to.deep.equal([{ mode: 'AccessShareLock' }]);
      const [xid] = await db.sequelize.query<{ id: null }>('SELECT pg_current_xact_id_if_assigned() AS id', {
        type: QueryTypes.SELECT,
        transaction,
      });
      expect(xid?.id).to.equal(null);
    });
  });
});
