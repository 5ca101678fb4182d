import { expect } from 'chai';
import { Op } from 'sequelize';
import { withoutHooks } from '../../lib';
import { eachEngine, refusal, titles, useShop } from './shop';

const HOOKS = ['Destroy', 'Restore', 'BulkDestroy', 'BulkRestore', 'Save', 'Update', 'Validate', 'BulkUpdate'].flatMap(
  (name) => [`before${name}`, `after${name}`],
);

eachEngine('hooks of destroy and restore', (database, engine) => {
  const shop = useShop(database, engine);
  type Row = InstanceType<typeof shop.Article>;
  let fired: { hook: string; args: unknown[] }[] = [];
  const names = () => fired.splice(0).map(({ hook }) => hook);
  const on = (hook: string, run: (...args: never[]) => unknown) =>
    shop.Article.addHook(hook as 'beforeSave', run as () => void);
  const refuse = (hook: string) => on(hook, () => Promise.reject(new Error('on purpose')));
  const one = () => shop.Article.findOne({ where: { title: 'one' }, paranoid: false, rejectOnEmpty: true });

  beforeEach(async () => {
    await shop.Article.bulkCreate([
      { title: 'one', stock: 1 },
      { title: 'two', stock: 2 },
    ]);
    fired = [];
    for (const hook of HOOKS) on(hook, (...args) => void fired.push({ hook, args }));
  });

  it('of an instance: each once, with the instance and the options', async () => {
    const article = await one();
    for (const [step, Name] of [
      ['destroy', 'Destroy'],
      ['restore', 'Restore'],
    ] as const) {
      await article[step]({ benchmark: true });
      expect(fired.map(({ args }) => args[0])).to.deep.equal([article, article]);
      for (const { args } of fired) expect(args[1]).to.include({ benchmark: true, hooks: true });
      expect(names()).to.deep.equal([`before${Name}`, `after${Name}`]);
    }
    await article.hardDelete();
    expect(names()).to.deep.equal(['beforeDestroy', 'afterDestroy']);
  });

  it('of a bulk: each once, with the options', async () => {
    const { Article } = shop;
    for (const [step, Name] of [
      ['destroy', 'BulkDestroy'],
      ['restore', 'BulkRestore'],
    ] as const) {
      await Article[step]({ where: { title: 'one' }, limit: 1 });
      for (const { args } of fired)
        expect(args[0]).to.deep.include({ where: { title: 'one' }, limit: 1, individualHooks: false, model: Article });
      expect(names()).to.deep.equal([`before${Name}`, `after${Name}`]);
    }
    await Article.hardDelete({ where: { title: 'one' } });
    expect(names()).to.deep.equal(['beforeBulkDestroy', 'afterBulkDestroy']);
  });

  it('individualHooks: once for each row that is meant, in order, with the database’s times', async () => {
    const { Article } = shop;
    const times: unknown[] = [];
    on('afterDestroy', (row: Row) => void times.push([row.deletedAt, row.updatedAt, row.changed()]));
    expect(await Article.destroy({ where: {}, individualHooks: true })).to.equal(2);
    const rows = await Article.all.findAll({ order: ['id'] });
    expect(times).to.have.deep.members(rows.map((row) => [row.get('deletedAt'), row.get('updatedAt'), false]));
    const both = (name: string) => [`before${name}`, `before${name}`, `after${name}`, `after${name}`];
    const around = (name: string) => [`beforeBulk${name}`, ...both(name), `afterBulk${name}`];
    expect(names()).to.deep.equal(around('Destroy'));
    expect(await Article.destroy({ where: {}, individualHooks: true })).to.equal(0);
    expect(names()).to.deep.equal(['beforeBulkDestroy', 'afterBulkDestroy']);
    expect(await Article.restore({ where: {}, individualHooks: true })).to.equal(2);
    expect(names()).to.deep.equal(around('Restore'));
    await Article.destroy({ where: { title: 'one' } });
    names();
    expect(await Article.hardDelete({ where: {}, individualHooks: true })).to.equal(2);
    expect(names()).to.deep.equal(around('Destroy'));
  });

  it('individualHooks with a limit: of the rows that are archived, and of no others', async () => {
    const meant: string[] = [];
    on('beforeDestroy', async (row: Row) => {
      meant.push(row.title);
      // Asked again, the condition would now pick the other row.
      await database.sequelize.query(`UPDATE article SET in_stock = 0 WHERE id = ${row.id}`);
    });
    const options = { where: { stock: { [Op.gt]: 0 } }, limit: 1, individualHooks: true };
    expect(await shop.Article.destroy(options)).to.equal(1);
    expect((await titles(database.sequelize)).archived).to.deep.equal(meant);
  });

  it('hooks: false fires none, and individualHooks beside it those of the rows', async () => {
    const { Article } = shop;
    const article = await one();
    await article.destroy({ hooks: false });
    await article.restore({ hooks: false } as never);
    await Article.destroy({ where: {}, hooks: false });
    await Article.restore({ where: {}, hooks: false });
    expect(names()).to.deep.equal([]);
    await Article.destroy({ where: { title: 'one' }, hooks: false, individualHooks: true });
    expect(names()).to.deep.equal(['beforeDestroy', 'afterDestroy']);
    await Article.hardDelete({ where: {}, hooks: false });
    expect(names()).to.deep.equal([]);
  });

  it('withoutHooks fires none, or all but those named', async () => {
    const { Article } = shop;
    await withoutHooks(async () => {
      await (await one()).destroy();
      await (await one()).restore();
      await Article.destroy({ where: {}, individualHooks: true });
      await Article.restore({ where: {} });
    });
    expect(names()).to.deep.equal([]);
    await withoutHooks({ hooks: ['beforeDestroy', 'afterBulkDestroy'] }, () =>
      Article.destroy({ where: { title: 'one' }, individualHooks: true }),
    );
    expect(names()).to.deep.equal(['beforeBulkDestroy', 'afterDestroy']);
  });

  it('a bulk hook may change the options', async () => {
    on('beforeBulkDestroy', (options: { where: object; individualHooks: boolean }) => {
      options.where = { title: 'two' };
      options.individualHooks = true;
    });
    expect(await shop.Article.destroy({ where: {} })).to.equal(1);
    expect(names()).to.deep.equal(['beforeBulkDestroy', 'beforeDestroy', 'afterDestroy', 'afterBulkDestroy']);
    expect((await titles(database.sequelize)).archived).to.deep.equal(['two']);
  });

  it('what a before-hook sets on the instance is written with it, in one UPDATE', async () => {
    on('beforeDestroy', (row: Row) => void row.set({ stock: 0 }));
    const article = await one();
    await article.destroy();
    expect([article.changed(), (await one()).stock]).to.deep.equal([false, 0]);
  });

  for (const hook of ['beforeDestroy', 'beforeRestore'] as const) {
    it(`${hook} that throws: nothing is written, and the instance believes nothing`, async () => {
      const article = await one();
      if (hook === 'beforeRestore') await article.destroy();
      const before = { ...article.get() };
      refuse(hook);
      const step = hook === 'beforeDestroy' ? 'destroy' : 'restore';
      expect((await refusal(article[step]())).message).to.equal('on purpose');
      expect((await refusal(shop.Article[step]({ where: {}, individualHooks: true }))).message).to.equal('on purpose');
      expect([article.get(), article.changed()]).to.deep.equal([before, false]);
      expect((await one()).get()).to.deep.equal(before);
    });
  }

  for (const hook of ['beforeBulkDestroy', 'beforeDestroy', 'afterDestroy', 'afterBulkDestroy']) {
    it(`${hook} that throws in a transaction: all of it is rolled back, hard deletes too`, async () => {
      const { Article } = shop;
      refuse(hook);
      for (const step of ['destroy', 'hardDelete'] as const) {
        const work = database.sequelize.transaction((transaction) =>
          Article[step]({ where: {}, individualHooks: true, transaction }),
        );
        expect((await refusal(work)).message).to.equal('on purpose');
        expect(await Article.count()).to.equal(2);
      }
    });
  }

  it('afterDestroy that throws: a hard delete outside a transaction is rolled back as well', async () => {
    refuse('afterDestroy');
    await refusal((await one()).hardDelete());
    await refusal(shop.Article.hardDelete({ where: {}, individualHooks: true }));
    expect(await shop.Article.count()).to.equal(2);
  });

  it('afterDestroy that throws: a destroy outside a transaction has happened, and the instance says so', async () => {
    refuse('afterDestroy');
    const article = await one();
    await refusal(article.destroy());
    expect(article.get()).to.deep.equal((await one()).get());
    expect(article.isDeleted).to.equal(true);
  });
});
