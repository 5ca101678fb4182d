import { expect } from 'chai';
import { DataTypes, literal, Model, type ModelStatic, Op, QueryTypes } from 'sequelize';
import { leaks, statementsOf } from '../support/ladder';
import { defineShop, eachEngine, id, stored, useShop } from './shop';

eachEngine('D2 updates and increments', (database, engine) => {
  const shop = useShop(database, engine);
  const stocks = async () => {
    const rows = await shop.Article.findAll({ paranoid: false, order: ['id'] });
    return rows.map(({ title, stock }) => `${title} ${stock}`);
  };
  const find = (title: string) =>
    shop.Article.findOne({ where: { title }, paranoid: false, rejectOnEmpty: true }) as Promise<
      InstanceType<typeof shop.Article>
    >;
  /** Is the row's last update its own, later than its insert? In microseconds, which a Date has not. */
  const touched = async (title: string) => {
    const sql = 'SELECT _updated_at > _created_at AS touched FROM article WHERE article_title = $title';
    const options = { bind: { title }, type: QueryTypes.SELECT } as const;
    return (await database.sequelize.query<{ touched: boolean }>(sql, options))[0]?.touched;
  };

  beforeEach(async () => {
    await shop.Article.bulkCreate(['one', 'two', 'gone'].map((title, at) => ({ title, stock: at + 1 })));
    await shop.Article.destroy({ where: { title: 'gone' } });
  });

  it('Model.update touches no archived row, unless it is asked to', async () => {
    const { Article } = shop;
    expect(await Article.update({ stock: 9 }, { where: {} })).to.deep.equal([2]);
    expect(await stocks()).to.deep.equal(['one 9', 'two 9', 'gone 3']);
    expect(await Article.update({ stock: 8 }, { where: { title: 'gone' } })).to.deep.equal([0]);
    expect(await Article.update({ stock: 7 }, { where: { title: 'gone' }, paranoid: false })).to.deep.equal([1]);
    expect(await Article.archives.update({ stock: 6 } as never, { where: {} })).to.deep.equal([1]);
    expect(await stocks()).to.deep.equal(['one 9', 'two 9', 'gone 6']);
  });

  it('Model.update with returning: the database’s values, an instance for each row', async () => {
    const [count, rows] = await shop.Article.update(
      { stock: 9 },
      { where: { title: ['one', 'gone'] }, returning: true },
    );
    expect([count, rows.length]).to.deep.equal([1, 1]);
    const [row] = rows as [InstanceType<typeof shop.Article>];
    expect(row.get()).to.deep.equal((await find('one')).get());
    expect([leaks(row), row instanceof shop.Article, await touched('one'), await touched('two')]).to.deep.equal([
      [],
      true,
      true,
      false,
    ]);
  });

  it('Model.update with individualHooks, and with a literal value', async () => {
    const { Article } = shop;
    const seen: string[] = [];
    Article.addHook('beforeUpdate', (row) => void seen.push((row as InstanceType<typeof Article>).title));
    expect((await Article.update({ stock: 5 }, { where: {}, individualHooks: true }))[0]).to.equal(2);
    expect(seen).to.have.members(['one', 'two']);
    await Article.update({ stock: literal('in_stock + 1') as never }, { where: { title: 'one' } });
    expect(await stocks()).to.deep.equal(['one 6', 'two 5', 'gone 3']);
  });

  it('a Model.update that writes deletedAt says so to the database’s clock, and to no other', async () => {
    const { Article } = shop;
    await Article.update({ deletedAt: new Date(0) } as never, { where: { title: 'one' } });
    expect((await find('one')).deletedAt?.getFullYear()).to.be.greaterThan(2000);
    await Article.update({ deletedAt: null } as never, { where: { title: 'one' }, paranoid: false });
    expect((await find('one')).isAlive).to.equal(true);
  });

  it('Model.increment and decrement touch live rows only, unless asked, and count as an update', async () => {
    const { Article } = shop;
    const options = { by: 10, where: { title: ['one', 'gone'] } };
    const before = structuredClone(options);
    await Article.increment('stock', options);
    expect(options).to.deep.equal(before);
    expect(await stocks()).to.deep.equal(['one 11', 'two 2', 'gone 3']);
    expect([await touched('one'), await touched('two')]).to.deep.equal([true, false]);
    await Article.decrement(['stock'], { by: 1, where: { stock: { [Op.gt]: 0 } } });
    expect(await stocks()).to.deep.equal(['one 10', 'two 1', 'gone 3']);
    await Article.increment({ stock: 5 }, { where: { title: 'gone' }, paranoid: false } as never);
    await Article.archives.increment('stock' as never, { where: {} });
    expect(await stocks()).to.deep.equal(['one 10', 'two 1', 'gone 9']);
  });

  it('increment of an instance, live or archived: the row, and one statement', async () => {
    const one = await find('one');
    const sent = await statementsOf((logging) => one.increment('stock', { by: 2, logging }));
    expect(sent).to.have.length(1);
    await one.decrement({ stock: 1 });
    await (await find('gone')).increment('stock');
    expect(await stocks()).to.deep.equal(['one 2', 'two 2', 'gone 4']);
    await one.reload();
    expect([one.stock, one.updatedAt]).to.deep.equal([
      2,
      (await stored(database.sequelize, 'article', one.id))?.updatedAt,
    ]);
  });

  it('an instance’s update and save carry the database’s times; an archived row can be written too', async () => {
    for (const title of ['one', 'gone']) {
      const row = await find(title);
      await row.update({ stock: 7 });
      row.stock = 8;
      await row.save();
      expect(row.get()).to.deep.equal((await find(title)).get());
      expect([row.changed(), row.isDeleted]).to.deep.equal([false, title === 'gone']);
    }
  });
});

eachEngine('as many statements as a paranoid model of Sequelize sends', (database, engine) => {
  class Plain extends Model {}
  let pair: ModelStatic<Model>[];
  before(async () => {
    const { Article } = defineShop(database.sequelize, engine);
    Plain.init(
      { id: id(), title: DataTypes.TEXT, stock: DataTypes.INTEGER },
      { sequelize: database.sequelize, paranoid: true },
    );
    await database.sequelize.sync();
    pair = [Article, Plain];
  });

  const where = { title: 'x' };
  const calls: Record<string, (model: ModelStatic<Model>, logging: (sql: string) => void) => Promise<unknown>> = {
    create: (model, logging) => model.create(where, { logging }),
    bulkCreate: (model, logging) => model.bulkCreate([where, where], { logging }),
    'Model.update': (model, logging) => model.update({ stock: 2 }, { where, logging }),
    'Model.update, returning': (model, logging) => model.update({ stock: 3 }, { where, returning: true, logging }),
    'Model.increment': (model, logging) => model.increment('stock', { where, logging }),
    findAll: (model, logging) => model.findAll({ where, logging }),
    findAndCountAll: (model, logging) => model.findAndCountAll({ where, logging }),
    'Model.destroy, limit': (model, logging) => model.destroy({ where, limit: 1, logging }),
    'Model.destroy, individualHooks': (model, logging) => model.destroy({ where, individualHooks: true, logging }),
    'Model.restore, individualHooks': (model, logging) => model.restore({ where, individualHooks: true, logging }),
    reload: async (model, logging) => (await model.findOne({ rejectOnEmpty: true })).reload({ logging }),
    update: async (model, logging) => (await model.findOne({ rejectOnEmpty: true })).update({ stock: 9 }, { logging }),
    'update of nothing': async (model, logging) =>
      (await model.findOne({ rejectOnEmpty: true })).update({ title: 'x' }, { logging }),
    'destroy and restore': async (model, logging) => {
      const row = await model.create(where);
      await row.destroy({ logging });
      await row.restore({ logging });
    },
    upsert: (model, logging) => model.upsert({ id: 1, title: 'x' }, { logging }),
  };
  for (const [name, call] of Object.entries(calls)) {
    it(name, async () => {
      const sent = [];
      for (const model of pair) {
        for (const _ of [1, 2, 3]) await model.create(where);
        sent.push((await statementsOf((logging) => call(model, logging))).length);
      }
      expect(sent[0]).to.equal(sent[1]);
    });
  }
});
