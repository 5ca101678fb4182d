import { expect } from 'chai';
import express from 'express';
import { literal, Op } from 'sequelize';
import { type Action, type RestOptions, softDeleteRouter } from '../../lib/rest';
import { emptied, stored, titles, useShop } from '../orm/shop';
import { useDatabase } from '../support/database';
import { useServer } from './support/client';

describe('permissions', () => {
  const database = useDatabase();
  const shop = useShop(database, 'rule');
  let asked: { action: Action; key: unknown }[] = [];
  let answer: unknown = true;
  const options: RestOptions = {
    authorize(action, { key }) {
      asked.push({ action, key });
      return answer as boolean;
    },
    filter: ['title'] as never,
    bulkHardDelete: true,
    bulkResponseContent: true,
  };
  const { ask } = useServer(() => express().use('/articles', softDeleteRouter(shop.Article, options as never)));

  beforeEach(async () => {
    asked = [];
    answer = true;
    await emptied(database.sequelize);
    await shop.Article.bulkCreate(['mine', 'yours', 'mine'].map((title, stock) => ({ title, stock })));
  });

  const actions: [string, string, Action, object | undefined][] = [
    ['GET', '/', 'list', undefined],
    ['POST', '/', 'create', undefined],
    ['DELETE', '/', 'deleteMany', undefined],
    ['DELETE', '/?permanent=1', 'hardDeleteMany', undefined],
    ['PATCH', '/restore', 'restoreMany', undefined],
    ['GET', '/deleted', 'listDeleted', undefined],
    ['GET', '/deleted/1', 'readDeleted', { id: 1 }],
    ['GET', '/with-deleted', 'listWithDeleted', undefined],
    ['GET', '/with-deleted/1', 'readWithDeleted', { id: 1 }],
    ['GET', '/1', 'read', { id: 1 }],
    ['PUT', '/1', 'replace', { id: 1 }],
    ['PATCH', '/1', 'update', { id: 1 }],
    ['DELETE', '/1', 'delete', { id: 1 }],
    ['DELETE', '/1?permanent=yes', 'hardDelete', { id: 1 }],
    ['PATCH', '/1/restore', 'restore', { id: 1 }],
  ];
  for (const [verb, path, action, key] of actions) {
    it(`${verb} ${path} asks for ${action}, once, before anything is read`, async () => {
      for (const no of [
        false,
        undefined,
        null,
        0,
        '',
        1,
        'yes',
        {},
        { where: undefined },
        { where: [] },
        { where: { [Op.and]: [] } },
      ]) {
        answer = no;
        const log: unknown[] = [];
        const logging = (database.sequelize as unknown as { options: { logging: unknown } }).options;
        logging.logging = (sql: string) => log.push(sql);
        const { status } = await ask(verb, `/articles${path}`);
        logging.logging = false;
        expect([status, log], String(no)).to.deep.equal([403, []]);
        expect(asked.splice(0)).to.deep.equal([{ action, key }]);
      }
    });
  }

  const mine = { where: { title: 'mine' } };

  it('with a condition: lists, counts and single rows are of those rows alone', async () => {
    answer = mine;
    const { body } = await ask('GET', '/articles');
    expect([body.count, body.results.length]).to.deep.equal([2, 2]);
    expect((await ask('GET', '/articles?title=yours')).body.count).to.equal(0);
    for (const [verb, path] of [
      ['GET', '/2'],
      ['GET', '/with-deleted/2'],
      ['DELETE', '/2'],
      ['DELETE', '/2?permanent=true'],
    ] as const) {
      expect((await ask(verb, `/articles${path}`)).status, path).to.equal(404);
    }
    expect((await ask('PATCH', '/articles/2', { body: { title: 'mine' } })).status).to.equal(404);
    expect((await ask('PUT', '/articles/2', { body: { title: 'mine' } })).status).to.equal(404);
    expect(await titles(database.sequelize)).to.deep.equal({ live: ['mine', 'yours', 'mine'], archived: [] });
  });

  it('with a condition: bulk requests leave the rest as it is', async () => {
    answer = mine;
    expect((await ask('DELETE', '/articles')).body).to.deep.equal({ count: 2 });
    expect(await titles(database.sequelize)).to.deep.equal({ live: ['yours'], archived: ['mine', 'mine'] });
    await shop.Article.destroy({ where: { title: 'yours' } });
    expect((await ask('PATCH', '/articles/restore')).body).to.deep.equal({ count: 2 });
    expect(await titles(database.sequelize)).to.deep.equal({ live: ['mine', 'mine'], archived: ['yours'] });
    expect((await ask('DELETE', '/articles?permanent=on')).body).to.deep.equal({
      count: 2,
      count_per_model: { Article: 2 },
    });
    expect(await titles(database.sequelize)).to.deep.equal({ live: [], archived: ['yours'] });
  });

  it('with a condition in symbols, and one with an OR', async () => {
    answer = { where: { [Op.or]: [{ stock: 0 }, { stock: 1 }] } };
    expect((await ask('DELETE', '/articles?title=mine')).body).to.deep.equal({ count: 1 });
    expect((await stored(database.sequelize, 'article', 3))?.deletedAt).to.equal(null);
  });

  for (const where of [literal('in_stock = 7 OR in_stock = 2'), { [Op.and]: literal('in_stock = 7 OR in_stock = 2') }])
    it(`with a condition in SQL, whose OR reaches over to nothing (${where.constructor.name})`, async () => {
      answer = { where };
      await shop.Article.destroy({ where: { id: 3 } });
      expect((await ask('GET', '/articles')).body.count).to.equal(0);
      for (const [verb, path] of [
        ['GET', '/1'],
        ['GET', '/with-deleted/1'],
        ['DELETE', '/1?permanent=true'],
      ] as const) {
        expect((await ask(verb, `/articles${path}`)).status, path).to.equal(404);
      }
      expect((await ask('PATCH', '/articles/1', { body: { title: 'x' } })).status).to.equal(404);
      for (const [verb, path] of [
        ['DELETE', '?title=none'],
        ['DELETE', '?title=none&permanent=true'],
        ['PATCH', '/restore?title=none'],
      ] as const) {
        expect((await ask(verb, `/articles${path}`)).body.count, path).to.equal(0);
      }
      expect(await titles(database.sequelize)).to.deep.equal({ live: ['mine', 'yours'], archived: ['mine'] });
    });

  it('with a condition: no row is made, or changed, to be another', async () => {
    answer = mine;
    expect((await ask('POST', '/articles', { body: { title: 'yours' } })).status).to.equal(403);
    expect((await ask('PATCH', '/articles/1', { body: { title: 'yours' } })).status).to.equal(403);
    expect((await ask('PUT', '/articles/1', { body: { title: 'yours' } })).status).to.equal(403);
    expect(await titles(database.sequelize)).to.deep.equal({ live: ['mine', 'yours', 'mine'], archived: [] });
    expect((await ask('POST', '/articles', { body: { title: 'mine' } })).status).to.equal(201);
  });
});
