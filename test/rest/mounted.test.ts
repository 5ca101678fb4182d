import { expect } from 'chai';
import express, { type Request } from 'express';
import { handlers, softDeleteRouter } from '../../lib/rest';
import { useShop } from '../orm/shop';
import { useDatabase } from '../support/database';
import { useServer } from './support/client';

describe('routers and handlers, where they are mounted', () => {
  const database = useDatabase();
  const shop = useShop(database, 'rule');
  const asked: object[] = [];
  const { ask } = useServer(() => {
    const authorize = (_action: unknown, { request, key }: { request: Request; key?: object }) => {
      asked.push({ ...request.params, key });
      return { where: { stock: Number(request.params.shop) } };
    };
    const { create, list } = handlers(shop.Article);
    return express()
      .use('/shops/:shop/articles', softDeleteRouter(shop.Article, { authorize }))
      .use('/filtered', softDeleteRouter(shop.Article, { filter: ['title'] }))
      .use('/of/:pk/articles', softDeleteRouter(shop.Article))
      .get('/under/:pk', list)
      .post('/things', create);
  });
  beforeEach(() => shop.Article.bulkCreate([1, 2].map((stock) => ({ title: 'a', stock }))));

  it('hooks see the parameters of the path', async () => {
    asked.length = 0;
    expect((await ask('GET', '/shops/2/articles')).body.results[0].id).to.equal(2);
    expect((await ask('GET', '/shops/2/articles/1')).status).to.equal(404);
    expect(asked).to.deep.equal([
      { shop: '2', key: undefined },
      { shop: '2', pk: '1', key: { id: 1 } },
    ]);
  });

  it('a :pk of another path is no key', async () => {
    for (const path of ['/of/none/articles', '/under/none'])
      expect((await ask('GET', path)).body.count, path).to.equal(2);
    expect((await ask('GET', '/of/none/articles/1')).body.id).to.equal(1);
    expect((await ask('POST', '/of/none/articles', { body: { title: 'b' } })).status).to.equal(201);
  });

  it('a new row is under the path of its handler', async () => {
    for (const path of ['/things', '/filtered', '/filtered/', '/of/none/articles']) {
      const { headers, body } = await ask('POST', path, { body: { title: 'b' } });
      expect(headers.get('location')).to.equal(`${path.replace(/\/$/, '')}/${body.id}`);
    }
  });

  it('the pages beside one are of the same filters, question marks in them or not', async () => {
    await shop.Article.bulkCreate([1, 2].map(() => ({ title: 'what?x' })));
    const { body } = await ask('GET', '/filtered?title=what?x&pageSize=1');
    expect([body.count, body.next]).to.deep.equal([2, '/filtered?title=what%3Fx&pageSize=1&page=2']);
  });
});
