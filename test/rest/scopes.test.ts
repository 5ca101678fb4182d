import { expect } from 'chai';
import express from 'express';
import { literal, Op } from 'sequelize';
import { softDeleteRouter } from '../../lib/rest';
import { defineShop, emptied, type Shop } from '../orm/shop';
import { useDatabase } from '../support/database';
import { useServer } from './support/client';

/** What a default scope may be, to pick the articles whose stock is 1. */
const SCOPES: Readonly<Record<string, object>> = {
  'an attribute': { where: { stock: 1 } },
  'Op.and': { where: { [Op.and]: [{ stock: 1 }] } },
  'Op.and and more': { where: { stock: [1, 2], [Op.and]: [{ stock: 1 }] } },
  SQL: { where: literal('in_stock = 1 OR in_stock = 7') },
};

for (const [title, defaultScope] of Object.entries(SCOPES))
  describe(`a model whose default scope is by ${title}`, () => {
    const database = useDatabase();
    let shop: Shop;
    let permission: unknown = true;
    before(async () => {
      shop = defineShop(database.sequelize, 'rule', { defaultScope });
      await database.sequelize.sync();
    });
    beforeEach(async () => {
      permission = true;
      await emptied(database.sequelize);
      await shop.Article.bulkCreate([1, 2].map((stock) => ({ title: `t${stock}`, stock })));
    });
    const { ask } = useServer(() => {
      const authorize = () => permission as boolean;
      const options = { authorize, bulkResponseContent: true, bulkHardDelete: true };
      return express().use('/articles', softDeleteRouter(shop.Article, options));
    });

    it('is served as far as the scope goes', async () => {
      const { body } = await ask('GET', '/articles');
      expect([body.count, body.results.length]).to.deep.equal([1, 1]);
      for (const [verb, asked] of [
        ['GET', {}],
        ['PATCH', { body: { title: 'x' } }],
        ['DELETE', {}],
      ] as const)
        expect((await ask(verb, '/articles/2', asked)).status, verb).to.equal(404);
      expect((await ask('PATCH', '/articles/1', { body: { stock: 2 } })).status).to.equal(403);
      expect((await ask('DELETE', '/articles')).body.count).to.equal(1);
      expect((await ask('PATCH', '/articles/restore')).body.count).to.equal(1);
      expect((await ask('DELETE', '/articles?permanent=true')).body.count).to.equal(1);
      expect(await shop.Article.unscoped().count()).to.equal(1);
    });

    it('and no further by what authorize answers', async () => {
      for (const where of [{ stock: 2 }, { [Op.and]: [{ stock: 2 }] }, literal('in_stock = 2 OR in_stock = 3')]) {
        permission = { where };
        expect((await ask('GET', '/articles')).body.count).to.equal(0);
        expect((await ask('DELETE', '/articles')).body.count).to.equal(0);
      }
    });
  });

describe('a model whose default scope orders, limits and includes', () => {
  const database = useDatabase();
  let shop: Shop;
  before(async () => {
    shop = defineShop(database.sequelize, 'rule', {
      defaultScope: { order: [['title', 'DESC']], limit: 2, offset: 1 },
    });
    await database.sequelize.sync();
    await shop.Article.unscoped().bulkCreate([...'abcdef'].map((title) => ({ title })));
    await shop.Comment.unscoped().bulkCreate([1, 1, 2].map((articleId) => ({ articleId, text: 'x' })));
    shop.Article.addScope('talked', { include: [{ association: 'comments' }] });
  });
  const { ask } = useServer(() =>
    express()
      .use('/articles', softDeleteRouter(shop.Article, { sort: ['title'], bulkResponseContent: true }))
      .use('/talked', softDeleteRouter(shop.Article.unscoped().scope('talked'))),
  );
  const titles = (rows: { title: string }[]) => rows.map(({ title }) => title).join('');

  it('goes by the order of the request, and leaves no row out', async () => {
    const { body } = await ask('GET', '/articles?sort=title');
    expect([titles(body.results), body.count]).to.deep.equal(['abcdef', 6]);
    let [url, found] = ['/articles?cursor=&sort=title&pageSize=2', ''];
    for (let n = 0; url && n < 9; n++) {
      const page = (await ask('GET', url)).body;
      found += titles(page.results);
      url = page.next;
    }
    expect(found).to.equal('abcdef');
    expect((await ask('GET', '/articles/1')).status).to.equal(200);
  });

  it('counts rows, not what they are joined with', async () => {
    const { body } = await ask('GET', '/talked');
    expect([body.count, body.results.length]).to.deep.equal([6, 6]);
  });

  it('is archived whole', async () => {
    expect((await ask('DELETE', '/articles')).body).to.deep.equal({ count: 6 });
  });
});
