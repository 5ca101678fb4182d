import { AsyncLocalStorage } from 'node:async_hooks';
import { expect } from 'chai';
import { Sequelize } from 'sequelize';
import { eachEngine, refusal, titles, useShop } from './shop';

/** What Sequelize asks of a CLS namespace, over what Node has. */
function namespace() {
  const store = new AsyncLocalStorage<Record<string, unknown>>();
  return {
    get: (key: string) => store.getStore()?.[key],
    set: (key: string, value: unknown) => {
      const values = store.getStore();
      if (values) values[key] = value;
    },
    run: (fn: (values: object) => unknown) => store.run({ ...store.getStore() }, () => fn(store.getStore() as object)),
    bind: (fn: (...args: unknown[]) => unknown) => fn,
  };
}

eachEngine('transactions', (database, engine) => {
  const shop = useShop(database, engine);
  const now = () => titles(database.sequelize);
  const all = { live: ['one', 'two', 'three'], archived: ['gone'] };
  beforeEach(async () => {
    await shop.Article.bulkCreate([...all.live, 'gone'].map((title) => ({ title })));
    await shop.Article.destroy({ where: { title: 'gone' } });
  });

  /** Every edge once: what remains is nothing but `one` and `gone`, the former archived. */
  async function everything(options: object): Promise<number[]> {
    const { Article } = shop;
    const find = (title: string) =>
      Article.findOne({ where: { title }, paranoid: false, rejectOnEmpty: true, ...options });
    const counts = [await Article.destroy({ where: { title: 'one' }, ...options })];
    counts.push(await Article.restore({ where: { title: 'gone' }, ...options }));
    counts.push(await Article.hardDelete({ where: { title: 'two' }, ...options }));
    const three = await find('three');
    await three.destroy(options);
    await three.restore(options);
    await three.hardDelete(options);
    return counts;
  }
  const done = { live: ['gone'], archived: ['one'] };

  it('managed: committed together, rolled back together, seen by nobody before', async () => {
    const { sequelize } = database;
    const error = await refusal(
      sequelize.transaction(async (transaction) => {
        expect(await everything({ transaction })).to.deep.equal([1, 1, 1]);
        expect(await now()).to.deep.equal(all);
        throw new Error('on purpose');
      }),
    );
    expect(error.message).to.equal('on purpose');
    expect(await now()).to.deep.equal(all);
    await sequelize.transaction((transaction) => everything({ transaction }));
    expect(await now()).to.deep.equal(done);
  });

  it('unmanaged: rollback and commit', async () => {
    for (const [end, expected] of [
      ['rollback', all],
      ['commit', done],
    ] as const) {
      const transaction = await database.sequelize.transaction();
      await everything({ transaction });
      await transaction[end]();
      expect(await now()).to.deep.equal(expected);
    }
  });

  it('a savepoint that is rolled back takes back what was done in it, and no more', async () => {
    const { sequelize } = database;
    await sequelize.transaction(async (transaction) => {
      await shop.Article.destroy({ where: { title: 'one' }, transaction });
      const inner = await sequelize.transaction({ transaction });
      await shop.Article.destroy({ where: { title: 'two' }, transaction: inner });
      await shop.Article.hardDelete({ where: { title: 'three' }, transaction: inner });
      await inner.rollback();
      await sequelize.query('DELETE FROM article WHERE article_title = $title', {
        bind: { title: 'three' },
        transaction,
      });
    });
    expect(await now()).to.deep.equal({ live: ['two'], archived: ['one', 'three', 'gone'] });
  });

  it('a read-only transaction refuses, and nothing is written beside it', async () => {
    const transaction = await database.sequelize.transaction();
    await database.sequelize.query('SET TRANSACTION READ ONLY', { transaction });
    expect((await refusal(shop.Article.destroy({ where: {}, transaction }))).message).to.include('read-only');
    await transaction.rollback();
    expect(await now()).to.deep.equal(all);
  });

  it('logging and benchmark reach every statement', async () => {
    const quiet: string[] = [];
    const { options } = database.sequelize as unknown as { options: { logging: unknown } };
    options.logging = (sql: string) => void quiet.push(sql);
    const timed: (number | undefined)[] = [];
    const logging = (_sql: string, time?: number) => void timed.push(time);
    try {
      await everything({ logging, benchmark: true });
    } finally {
      options.logging = false;
    }
    expect(timed.filter((time) => typeof time === 'number').length).to.be.greaterThan(5);
    expect(quiet.filter((sql) => /UPDATE|DELETE|set_config/.test(sql))).to.deep.equal([]);
  });
});

eachEngine('transactions of CLS', (database, engine) => {
  const shop = useShop(database, engine);
  let sequelize: Sequelize;
  before(() => {
    Sequelize.useCLS(namespace());
    sequelize = database.sequelize;
  });
  // There is no way back but this: the namespace is kept on the class.
  after(() => Reflect.deleteProperty(Sequelize, '_cls'));
  beforeEach(() => shop.Article.bulkCreate(['one', 'two', 'three'].map((title) => ({ title }))));

  const steps: Record<string, () => Promise<unknown>> = {
    'Model.destroy': () => shop.Article.destroy({ where: {} }),
    'Model.destroy with individualHooks': () => shop.Article.destroy({ where: {}, individualHooks: true }),
    'Model.hardDelete': () => shop.Article.hardDelete({ where: {} }),
    'destroy({ force: true })': () => shop.Article.destroy({ where: {}, force: true }),
    truncate: () => shop.Comment.truncate({ force: true }).then(() => shop.Article.destroy({ where: {} })),
    'an instance’s destroy': async () => (await shop.Article.findOne({ rejectOnEmpty: true })).destroy(),
    'an instance’s hardDelete': async () => (await shop.Article.findOne({ rejectOnEmpty: true })).hardDelete(),
    'Model.restore': async () => {
      await sequelize.query('UPDATE article SET _deleted_at = now()');
      expect(await shop.Article.restore({ where: {} })).to.equal(3);
      await shop.Article.update({ title: 'other' }, { where: {} });
    },
  };
  for (const [name, step] of Object.entries(steps)) {
    it(`${name} runs in it, and is rolled back with it`, async () => {
      const work = sequelize.transaction(async () => {
        await step();
        const { live } = await titles(sequelize);
        expect(live).to.not.deep.equal(['one', 'two', 'three']);
        throw new Error('on purpose');
      });
      expect((await refusal(work)).message).to.equal('on purpose');
      expect((await titles(sequelize)).live).to.deep.equal(['one', 'two', 'three']);
    });
  }

  it('transaction: null opts out', async () => {
    const work = sequelize.transaction(async () => {
      await shop.Article.destroy({ where: { title: 'one' }, transaction: null });
      await shop.Article.hardDelete({ where: { title: 'two' }, transaction: null });
      const three = await shop.Article.findOne({ where: { title: 'three' }, rejectOnEmpty: true });
      await three.destroy({ transaction: null });
      throw new Error('on purpose');
    });
    expect((await refusal(work)).message).to.equal('on purpose');
    expect(await titles(sequelize)).to.deep.equal({ live: [], archived: ['one', 'three'] });
  });
});
