import { expect } from 'chai';
import { DataTypes, Model, type ModelStatic } from 'sequelize';
import { assertEnforced, Guitar, install, plan } from '../../lib';
import { Versioned } from '../../lib/history/versioned';
import { ATTRIBUTES, useHistory } from './world';

describe('history: any table', () => {
  const { db, article, entries, query } = useHistory();

  it('any name: quotes, dollars, percent signs, words of SQL, 63 bytes', async () => {
    const sequelize = db.connect();
    const client = await db.client();
    const long = (end: string) => `${'é'.repeat(30)}${end}`;
    const tables = [`its $1 $$ %I %s \\ :a`, 'old', long('aa'), long('ab')];
    for (const tableName of tables) {
      class Odd extends Versioned(Guitar(Model), { filter: ['hidden'] }) {}
      const attributes = {
        a: { type: DataTypes.INTEGER, primaryKey: true, field: `key $1 %s` },
        b: { type: DataTypes.UUID, primaryKey: true, field: `it's` },
        fresh: DataTypes.TEXT,
        was: DataTypes.TEXT,
        last: DataTypes.TEXT,
        revision: DataTypes.TEXT,
        name: { type: DataTypes.TEXT, field: 'type' },
        hidden: { type: DataTypes.TEXT, field: 'é%I' },
      };
      Odd.init(attributes, { sequelize, modelName: tableName, tableName });
      await Odd.sync();
      await assertEnforced(sequelize, { models: [Odd] as never, rebuild: true });
      // Not through Sequelize, which takes `$1` for a parameter, within quotes too.
      const id = (name: string) => `"${name}"`;
      const key = { a: id('key $1 %s'), b: id("it's") };
      const { history } = plan(sequelize, { models: [Odd] as never, schema: 'app' }).objects.reduce(
        (found, { kind, name }) => (kind === 'table' ? { history: name } : found),
        { history: '' },
      );
      const sql = async (text: string) => (await client.query(text)).rows as Record<string, unknown>[];
      await sql(
        `INSERT INTO ${id(tableName)} (${key.a}, ${key.b}, fresh, ${id('é%I')}) VALUES (1, gen_random_uuid(), 'x', 'h')`,
      );
      await sql(`UPDATE ${id(tableName)} SET type = 'a''b$1'`);
      await sql(`UPDATE ${id(tableName)} SET ${key.a} = 2`);
      await sql(`DELETE FROM ${id(tableName)}`);
      const rows = await sql(`SELECT * FROM ${id(history)} ORDER BY _entry`);
      expect(rows.map((row) => `${row._operation} ${row['key $1 %s']} ${row.type}`)).to.deep.equal([
        'insert 1 null',
        "update 1 a'b$1",
        "delete 1 a'b$1",
        "update 2 a'b$1",
        "archive 2 a'b$1",
      ]);
    }
  });

  it('two tables whose long names agree in their first bytes have histories apart', () => {
    const { objects } = plan(Long('aa').sequelize as never);
    const others = plan(Long('ab').sequelize as never);
    const name = (all: typeof objects) => all.find(({ kind }) => kind === 'table')?.name ?? '';
    expect(name(objects)).not.to.equal(name(others.objects));
    expect(Buffer.byteLength(name(objects))).to.be.at.most(63);
  });

  function Long(end: string) {
    class Any extends Versioned(Model) {}
    Any.init(ATTRIBUTES(), { sequelize: db.connect(), modelName: end, tableName: `${'x'.repeat(60)}${end}` });
    return Any;
  }

  for (const engine of ['rule', 'trigger'] as const) {
    it(`soft deletion by ${engine}, and what a cascade takes along`, async () => {
      const sequelize = db.connect();
      const init = (name: string) => ({
        sequelize,
        guitar: { engine },
        modelName: `${name}_${engine}`,
        tableName: `${name}_${engine}`,
      });
      class Post extends Versioned(Guitar(Model)) {}
      class Comment extends Versioned(Guitar(Model)) {}
      Post.init({ title: DataTypes.TEXT }, init('post'));
      Comment.init({ text: DataTypes.TEXT }, init('comment'));
      Post.hasMany(Comment, { onDelete: 'CASCADE', foreignKey: { name: 'postId', allowNull: false } });
      await sequelize.sync();
      const post = await Post.create({ title: 'a' });
      await Comment.bulkCreate([1, 2, 3].map((n) => ({ text: `${n}`, postId: post.get('id') })));
      await sequelize.query(`DELETE FROM post_${engine}`);
      await post.reload();
      await post.restore();
      const seen = (await entries(`comment_${engine}`)).map((each) => each._operation);
      expect(seen.sort()).to.deep.equal([
        'archive',
        'archive',
        'archive',
        'insert',
        'insert',
        'insert',
        'restore',
        'restore',
        'restore',
      ]);
      expect((await entries(`post_${engine}`)).map((each) => each._operation)).to.deep.equal([
        'insert',
        'archive',
        'restore',
      ]);
      await post.hardDelete();
      expect((await entries(`comment_${engine}`)).filter((each) => each._operation === 'delete')).to.have.length(3);
    });
  }

  it('a partitioned table: through the table, through a partition, and from one to the other', async () => {
    await query(`CREATE TABLE parted (id integer, region text, name text, _version integer NOT NULL DEFAULT 1,
        _created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz,
        PRIMARY KEY (id, region)) PARTITION BY LIST (region);
      CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN ('a'); CREATE TABLE parted_b PARTITION OF parted FOR VALUES IN ('b')`);
    const sequelize = db.connect();
    class Parted extends Versioned(Guitar(Model)) {}
    Parted.init(
      {
        id: { type: DataTypes.INTEGER, primaryKey: true },
        region: { type: DataTypes.TEXT, primaryKey: true },
        name: DataTypes.TEXT,
      },
      { sequelize, modelName: 'parted', tableName: 'parted', guitar: { engine: 'trigger', partitionKey: ['region'] } },
    );
    await install(sequelize, { models: [Parted] as never });
    await assertEnforced(sequelize, { models: [Parted] as never });
    await query(`INSERT INTO parted (id, region) VALUES (1, 'a'), (2, 'b')`);
    await query(`INSERT INTO parted_b (id, region) VALUES (3, 'b')`);
    await query(`UPDATE parted_a SET name = 'x'`);
    await query(`UPDATE parted SET region = 'b' WHERE id = 1`);
    await query(`DELETE FROM parted WHERE id = 2`);
    const seen = (await entries('parted')).map(
      (each) => `${each._operation} ${each.id}${each.region} ${each._version}`,
    );
    expect(seen.slice(0, 4)).to.have.members(['insert 1a 1', 'insert 2b 1', 'insert 3b 1', 'update 1a 2']);
    expect(seen.slice(4)).to.deep.equal(['delete 1a 2', 'update 1b 3', 'archive 2b 2']);
  });

  it('a history by the month', async () => {
    const Article = await article({ partition: 'month' });
    await Article.bulkCreate([{ title: 'a' }, { title: 'b' }]);
    await Article.update({ title: 'c' }, { where: { title: 'a' } });
    expect((await entries(Article.table)).map((each) => Number(each._entry))).to.deep.equal([1, 2, 3]);
    const [months] = (await query(
      `SELECT count(*)::int AS n FROM pg_inherits WHERE inhparent = '${Article.table}_history'::regclass`,
    )) as unknown as [{ n: number }[]];
    expect(months[0]?.n).to.equal(4);
    const [month] = (await query(
      `SELECT DISTINCT tableoid::regclass::text AS name FROM ${Article.table}_history`,
    )) as unknown as [{ name: string }[]];
    expect(month[0]?.name).to.match(/_history_\d{4}_\d{2}$/);
    await assertEnforced(db.sequelize, { models: [Article], rebuild: true });
    const error = await query(`DELETE FROM ${month[0]?.name}`).catch((reason: unknown) => reason);
    expect(error).to.have.property('code', '23U01');
  });

  it('sequelize.define, an optimistic lock, and bulk updates that say the version themselves', async () => {
    const sequelize = db.connect();
    const Defined = Versioned(
      sequelize.define(
        'defined',
        { title: DataTypes.TEXT },
        { tableName: 'defined', version: 'edition' },
      ) as unknown as typeof Model,
    ) as unknown as ModelStatic<Model>;
    await Defined.sync();
    const one = await Defined.create({ title: 'a' });
    const other = (await Defined.findByPk(one.get('id') as number)) as Model;
    await one.update({ title: 'b' });
    expect(one.get('edition')).to.equal(2);
    const error = await other.update({ title: 'c' }).catch((reason: unknown) => reason);
    expect(error).to.have.property('name', 'SequelizeOptimisticLockError');
    await Defined.update({ title: 'd' }, { where: {} });
    await sequelize.query('UPDATE defined SET _version = _version + 5');
    await one.reload();
    expect(one.get('edition')).to.equal(4);
    expect((await entries('defined')).map((each) => each._version)).to.deep.equal([1, 2, 3, 4]);
  });
});
