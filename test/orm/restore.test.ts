import { expect } from 'chai';
import { literal, Op, type WhereOptions } from 'sequelize';
import { eachEngine, refusal, titles, useShop } from './shop';
import { THREE, WHERES } from './wheres';

// The times of deletion mean the opposite rows here.
const SHAPES = Object.entries(WHERES).filter(([name]) => !name.startsWith('the time of deletion'));

eachEngine('D2 Model.restore and Model.hardDelete', (database, engine) => {
  const shop = useShop(database, engine);
  const now = () => titles(database.sequelize);
  const all = ['one', 'two', 'three'];
  const rest = (expected: string[]) => all.filter((title) => !expected.includes(title));

  beforeEach(async () => {
    await shop.Article.bulkCreate(THREE);
    await database.sequelize.query('DELETE FROM article');
    await shop.Article.create({ title: 'here', stock: 1, meta: { colour: 'red', size: { width: 2 } } });
  });

  for (const [name, [where, expected]] of SHAPES) {
    it(`D2 where: ${name}`, async () => {
      const { Article } = shop;
      expect(await Article.restore({ where })).to.equal(expected.length);
      expect(await now()).to.deep.equal({ live: [...expected, 'here'], archived: rest(expected) });
      // A hard delete heeds no state: `here` would be meant as well.
      await Article.hardDelete({ where: { title: 'here' } });
      expect(await Article.hardDelete({ where })).to.equal(expected.length);
      expect(await now()).to.deep.equal({ live: [], archived: rest(expected) });
    });
  }

  it('D2 counts the rows that came back, not those that were there', async () => {
    const { Article } = shop;
    expect(await Article.restore({ where: { title: ['one', 'here'] } })).to.equal(1);
    expect(await Article.restore({ where: { title: ['one', 'here'] } })).to.equal(0);
    expect(await Article.restore({ where: {} })).to.equal(2);
  });

  it('D2 by the time of deletion', async () => {
    const { Article } = shop;
    expect(await Article.restore({ where: { deletedAt: null } as never })).to.equal(0);
    expect(await Article.restore({ where: { deletedAt: { [Op.lte]: new Date(0) } } as never })).to.equal(0);
    expect(await Article.restore({ where: { deletedAt: { [Op.ne]: null } } as never })).to.equal(3);
  });

  it('D2 limit: no more than that many', async () => {
    const { Article } = shop;
    expect(await Article.restore({ where: {}, limit: 2 })).to.equal(2);
    expect((await now()).archived).to.have.length(1);
    expect(await Article.restore({ where: {}, limit: 2 })).to.equal(1);
    expect(await Article.hardDelete({ where: { title: all }, limit: 2 })).to.equal(2);
    expect(await Article.all.count()).to.equal(2);
  });

  it('D2 hardDelete takes live and archived rows; through a scope those of the scope', async () => {
    const { Article } = shop;
    expect(await (Article.archives as typeof Article).hardDelete({ where: {} })).to.equal(3);
    expect(await now()).to.deep.equal({ live: ['here'], archived: [] });
    expect(await Article.hardDelete({ where: {} })).to.equal(1);
    expect(await Article.all.count()).to.equal(0);
  });

  it('D2 destroy({ force: true }) is hardDelete, of a model and of an instance', async () => {
    const { Article } = shop;
    expect(await Article.destroy({ where: { title: ['one', 'here'] }, force: true })).to.equal(2);
    const two = await Article.all.findOne({ where: { title: 'two' } as never, rejectOnEmpty: true });
    await two.destroy({ force: true });
    expect(await now()).to.deep.equal({ live: [], archived: ['three'] });
  });

  it('D2 destroy({ force: undefined }) archives', async () => {
    const here = await shop.Article.findOne({ rejectOnEmpty: true });
    await here.destroy({ force: undefined });
    await shop.Article.restore({ where: { title: 'here' } });
    expect(await shop.Article.destroy({ where: { title: 'here' }, force: undefined })).to.equal(1);
    expect((await now()).archived).to.have.length(4);
  });

  it('a restore that the database refuses restores nothing, and the instance stays archived', async () => {
    const { Article, Comment } = shop;
    const comment = await Comment.create({ articleId: (await Article.findOne({ rejectOnEmpty: true })).id, text: 'a' });
    await comment.destroy();
    await Article.destroy({ where: {} });
    const before = { ...comment.get() };
    await refusal(comment.restore());
    await refusal(Comment.restore({ where: {} }));
    expect([comment.get(), comment.isDeleted, await Comment.count()]).to.deep.equal([before, true, 0]);
  });

  for (const [name, written] of Object.entries({
    alone: (sql: string) => literal(sql),
    'under Op.and': (sql: string) => ({ [Op.and]: literal(sql) }),
    'under Op.or': (sql: string) => ({ [Op.or]: literal(sql) }),
    'in a list': (sql: string) => [literal(sql)],
    'for an attribute': (sql: string) => ({ title: literal(sql) }),
  } as Record<string, (sql: string) => WhereOptions>)) {
    it(`a literal with an OR ${name} reaches no archived row in a find, a count, an update or an increment`, async () => {
      const { Article } = shop;
      const where = written('"in_stock" = 1 OR "in_stock" = 3');
      const found = await Article.findAll({ where });
      expect([found.map(({ title }) => title), await Article.count({ where })]).to.deep.equal([['here'], 1]);
      expect(await Article.update({ meta: null }, { where })).to.deep.equal([1]);
      await Article.increment('stock', { by: 10, where });
      expect(await Article.all.sum('stock')).to.equal(17);
    });
  }

  it('D2 hardDelete, limit: picks rows by the order, and hooks run for those alone', async () => {
    const { Article } = shop;
    const ran: string[] = [];
    Article.addHook('beforeDestroy', (row) => void ran.push((row as InstanceType<typeof Article>).title));
    for (const individualHooks of [false, true]) {
      expect(await Article.hardDelete({ where: {}, limit: 0, individualHooks })).to.equal(0);
      expect(await Article.destroy({ where: {}, limit: 0, force: true, individualHooks })).to.equal(0);
    }
    expect(await Article.all.count()).to.equal(4);
    const last = { where: {}, limit: 1, order: [['title', 'DESC']] };
    expect(await Article.hardDelete(last as never)).to.equal(1);
    expect(await Article.destroy({ ...last, force: true, individualHooks: true } as never)).to.equal(1);
    expect(await now()).to.deep.equal({ live: ['here'], archived: ['one'] });
    expect(ran).to.deep.equal(['three']);
    expect(await Article.hardDelete({ where: {}, offset: 1, order: [['title', 'ASC']] } as never)).to.equal(1);
    expect(await now()).to.deep.equal({ live: ['here'], archived: [] });
  });
});
