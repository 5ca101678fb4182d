import { expect } from 'chai';
import express from 'express';
import fc from 'fast-check';
import { QueryTypes } from 'sequelize';
import { softDeleteRouter } from '../../lib/rest';
import { emptied, useShop } from '../orm/shop';
import { useDatabase } from '../support/database';
import { useServer } from './support/client';

describe('pages', () => {
  const database = useDatabase();
  const shop = useShop(database, 'rule');
  const { ask } = useServer(() =>
    express().use(
      '/articles',
      softDeleteRouter(shop.Article, {
        sort: ['title', 'stock', 'createdAt'],
        filter: ['stock'],
        pageSize: { default: 3, max: 5 },
        maxOffset: 10,
      }),
    ),
  );

  /** Follows `next` to the end. */
  async function walk(path: string): Promise<{ ids: number[]; pages: number }> {
    const ids: number[] = [];
    let pages = 0;
    for (let next: string | null = path; next; pages++) {
      const { body, status } = await ask('GET', next);
      expect(status, JSON.stringify(body)).to.equal(200);
      ids.push(...body.results.map(({ id }: { id: number }) => id));
      next = body.next;
    }
    return { ids, pages };
  }

  const make = (titles: readonly (string | null)[]) =>
    shop.Article.bulkCreate(titles.map((title, n) => ({ title: title as string, stock: n % 2 })));

  it('by number: so many rows, what there is in all, and the pages beside it', async () => {
    await make(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    const { body, headers } = await ask('GET', '/articles?page=2&sort=-title');
    expect(body.results.map(({ title }: { title: string }) => title)).to.deep.equal(['d', 'c', 'b']);
    expect(body).to.deep.include({
      count: 7,
      next: '/articles?page=3&sort=-title',
      previous: '/articles?page=1&sort=-title',
    });
    expect(headers.get('link')).to.equal(
      '</articles?page=3&sort=-title>; rel="next", </articles?page=1&sort=-title>; rel="prev"',
    );
    expect((await walk('/articles')).ids).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
    expect((await ask('GET', '/articles?page=4')).body).to.deep.include({ results: [], next: null });
  });

  it('by cursor, in any order, over NULLs and values that are the same, none twice and none left out', async () => {
    const text = fc.option(fc.constantFrom('a', 'b', "o'b\\", 'ä', ''), { nil: null });
    const orders = fc.subarray(['title', '-title', 'stock', '-stock', 'createdAt', '-createdAt', '']);
    const one = fc.tuple(fc.array(text, { maxLength: 12 }), orders, fc.integer({ min: 1, max: 5 }));
    await fc.assert(
      fc.asyncProperty(one, async ([titles, wanted, size]) => {
        await emptied(database.sequelize);
        if (titles.length > 0) await make(titles);
        const names = wanted.filter(
          (name, n) => name && !wanted.slice(0, n).some((each) => each.replace('-', '') === name.replace('-', '')),
        );
        const columns: Record<string, string> = { title: 'article_title', stock: 'in_stock', createdAt: '_created_at' };
        const order = names.map(
          (name) => `${columns[name.replace('-', '')]} ${name.startsWith('-') ? 'DESC' : 'ASC'}, `,
        );
        const all = await database.sequelize.query<{ id: number }>(
          `SELECT id FROM article ORDER BY ${order.join('')}id`,
          {
            type: QueryTypes.SELECT,
          },
        );
        const { ids, pages } = await walk(`/articles?cursor=&pageSize=${size}&sort=${names.join(',')}`);
        expect(ids).to.deep.equal(all.map(({ id }) => id));
        expect(pages).to.equal(Math.max(1, Math.ceil(titles.length / size)));
      }),
      { numRuns: 60 },
    );
  });

  it('by cursor: times that differ by a microsecond', async () => {
    await make(['a', 'b', 'c', 'd']);
    await database.sequelize.transaction(async (transaction) => {
      await database.sequelize.query('SET LOCAL guitars.keep_timestamps = on', { transaction });
      await database.sequelize.query(
        `UPDATE article SET _created_at = '2026-01-01T00:00:00.000001Z'::timestamptz + (4 - id) * interval '1 microsecond'`,
        { transaction },
      );
    });
    expect((await walk('/articles?cursor=&pageSize=1&sort=createdAt')).ids).to.deep.equal([4, 3, 2, 1]);
  });

  it('by cursor: rows that come and go beside it do not shift the rest', async () => {
    await make(['a', 'b', 'c', 'd', 'e']);
    const { body } = await ask('GET', '/articles?cursor=&pageSize=2');
    await shop.Article.destroy({ where: { id: 1 } });
    expect((await walk(body.next)).ids).to.deep.equal([3, 4, 5]);
  });

  const refused: [string, RegExp][] = [
    ['pageSize=0', /from 1 to 5/],
    ['pageSize=6', /from 1 to 5/],
    ['pageSize=1e3', /from 1 to 5/],
    ['page=0', /from 1 to 4/],
    ['page=5', /from 1 to 4.*cursor/],
    ['page=-1', /from 1/],
    ['page=1&page=2', /more than once/],
    ['page=1&cursor=', /goes without "page"/],
    ['sort=id', /has no "id"/],
    ['sort=title,-title', /"title" twice/],
    ['sort=__proto__', /has no "__proto__"/],
    ['fields=title,secret', /has no "secret"/],
    ['include=comments', /It takes none/],
    ['cursor=x', /is no cursor/],
    [`cursor=${Buffer.from('["id ASC"]').toString('base64url')}`, /is no cursor/],
    [`cursor=${Buffer.from('["id ASC",{"a":1}]').toString('base64url')}`, /is no cursor/],
    [`cursor=${Buffer.from('["id ASC","1","2"]').toString('base64url')}`, /another order/],
    [`sort=title&cursor=${Buffer.from('["id ASC","1"]').toString('base64url')}`, /another order/],
    [`cursor=${Buffer.from(`["id ASC","1' OR true --"]`).toString('base64url')}`, /cannot be one of its column/],
  ];
  for (const [query, detail] of refused) {
    it(`?${query.slice(0, 40)}: 400, which says why`, async () => {
      const { status, body } = await ask('GET', `/articles?${query}`);
      expect(status).to.equal(400);
      expect(body.detail).to.match(detail);
    });
  }

  it('shows the fields that are asked for', async () => {
    await shop.Article.create({ title: 'a' });
    expect((await ask('GET', '/articles?fields=title')).body.results).to.deep.equal([{ title: 'a' }]);
    expect((await ask('GET', '/articles/1?fields=stock,title')).body).to.deep.equal({ stock: 0, title: 'a' });
  });
});
