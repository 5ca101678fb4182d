import { expect } from 'chai';
import { QueryTypes } from 'sequelize';
import { useDatabase } from '../support/database';
import { defineShop, type Shop, titles } from './shop';

/** D6 needs no engine: nothing of it is in the database. */
describe('D6 a database without enforcement', () => {
  const database = useDatabase();
  let shop: Shop;

  before(async () => {
    shop = defineShop(database.sequelize, 'rule');
    await database.sequelize.sync({ guitars: false });
  });
  beforeEach(async () => {
    await database.sequelize.query('TRUNCATE article, comment RESTART IDENTITY');
    await shop.Article.bulkCreate(['one', 'two', 'three'].map((title) => ({ title })));
  });

  it('D6 has no rule and no trigger of ours: a raw DELETE removes', async () => {
    const [, removed] = await database.sequelize.query('DELETE FROM article');
    expect(removed).to.have.property('rowCount', 3);
    const sql = 'SELECT tgname FROM pg_trigger WHERE NOT tgisinternal';
    expect(await database.sequelize.query(sql, { type: QueryTypes.SELECT })).to.deep.equal([]);
  });

  it('D6 every destroy of the ORM archives', async () => {
    const { Article } = shop;
    const one = await Article.findOne({ where: { title: 'one' }, rejectOnEmpty: true });
    await one.destroy();
    expect([one.isDeleted, one.updatedAt]).to.deep.equal([true, one.deletedAt]);
    expect(await Article.destroy({ where: { title: 'two' } })).to.equal(1);
    expect(await Article.destroy({ where: {}, individualHooks: true, limit: 5 })).to.equal(1);
    expect(await titles(database.sequelize)).to.deep.equal({ live: [], archived: ['one', 'two', 'three'] });
    await one.restore();
    expect(await Article.restore({ where: { title: 'two' } })).to.equal(1);
    expect(await titles(database.sequelize)).to.deep.equal({ live: ['one', 'two'], archived: ['three'] });
  });

  it('D6 what an association removes is archived too', async () => {
    const { Article, Comment } = shop;
    const article = (await Article.findOne({ rejectOnEmpty: true })) as InstanceType<typeof Article> & {
      setComments(comments: unknown[]): Promise<void>;
    };
    const comment = await Comment.create({ articleId: article.id, text: 'a' });
    await article.setComments([]);
    await comment.destroy();
    expect(await Comment.all.count()).to.equal(1);
  });

  it('D6 a destroy that errs or is rolled back removes nothing', async () => {
    const { Article } = shop;
    const transaction = await database.sequelize.transaction();
    await Article.destroy({ where: {}, transaction });
    await transaction.rollback();
    expect(await Article.count()).to.equal(3);
  });

  it('D6 hardDelete, which means it, removes', async () => {
    expect(await shop.Article.hardDelete({ where: { title: 'one' } })).to.equal(1);
    expect(await shop.Article.all.count()).to.equal(2);
  });
});
