import { expect } from 'chai';
import express from 'express';
import { softDeleteRouter } from '../../lib/rest';
import { emptied } from '../orm/shop';
import { useDatabase } from '../support/database';
import { type Blog, defineBlog } from './support/blog';
import { useServer } from './support/client';

describe('includes', () => {
  const database = useDatabase();
  let blog: Blog;
  before(async () => {
    blog = defineBlog(database.sequelize, 'rule');
    await database.sequelize.sync();
  });
  beforeEach(async () => {
    await emptied(database.sequelize);
    await blog.Author.bulkCreate([{ name: 'Ann', password: 'secret' }, { name: 'Bo' }]);
    await blog.Article.bulkCreate([1, 1, 2, null].map((authorId, n) => ({ title: `t${n}`, authorId })));
    await blog.Comment.bulkCreate([1, 1, 1, 2].map((articleId, n) => ({ articleId, text: `c${n}` })));
  });
  const { ask } = useServer(() => {
    const app = express();
    const include = { author: true, comments: { fields: ['text'], limit: 2 } } as const;
    app.use(
      '/articles',
      softDeleteRouter(blog.Article, {
        include,
        fields: ['title'],
        sort: ['title'] as never,
        filter: ['title'] as never,
      }),
    );
    app.use(
      '/all',
      softDeleteRouter(blog.Article, {
        include: { author: { archived: true, fields: ['name'] }, comments: { archived: true } },
      }),
    );
    app.use('/authors', softDeleteRouter(blog.Author, { include: ['articles'] }));
    return app;
  });

  it('shows what is associated, each row with its own limit, and what its scope leaves out is not', async () => {
    const { body } = await ask('GET', '/articles?include=author,comments&fields=title&sort=-title');
    const [last, , , first] = body.results;
    expect(first).to.deep.include({ title: 't0', comments: [{ text: 'c0' }, { text: 'c1' }] });
    expect(first.author).to.include({ name: 'Ann' }).and.not.to.have.property('password');
    expect(last).to.deep.equal({ title: 't3', author: null, comments: [] });
    expect(body.count).to.equal(4);
  });

  it('of single rows, and in pages', async () => {
    expect((await ask('GET', '/articles/2?include=comments')).body).to.deep.equal({
      title: 't1',
      comments: [{ text: 'c3' }],
    });
    const { body } = await ask('GET', '/articles?include=comments&cursor=&pageSize=1&sort=-title');
    expect(body.results[0].title).to.equal('t3');
    const next = await ask('GET', body.next);
    expect(next.body.results[0].title).to.equal('t2');
  });

  it('archived rows are among them where that was said', async () => {
    await blog.Comment.destroy({ where: { id: 4 } });
    expect((await ask('GET', '/articles/2?include=comments')).body.comments).to.deep.equal([]);
    expect((await ask('GET', '/all/2?include=comments')).body.comments).to.have.length(1);
    await blog.Author.destroy({ where: { id: 1 } });
    expect((await ask('GET', '/all/deleted/1?include=author')).body.author).to.deep.equal({ name: 'Ann' });
    expect((await ask('GET', '/articles/deleted/1?include=author')).body.author).to.equal(null);
  });

  it('an answer that shows more has another entity tag', async () => {
    const tag = async (query: string) => (await ask('GET', `/articles/1${query}`)).headers.get('etag');
    const before = await tag('?include=comments');
    expect(await tag('')).not.to.equal(before);
    await blog.Comment.update({ text: 'new' }, { where: { id: 1 } });
    expect(await tag('?include=comments')).not.to.equal(before);
  });

  it('after a write, too', async () => {
    const { body } = await ask('PATCH', '/articles/1?include=author&fields=title', { body: {} });
    expect(body.author.name).to.equal('Ann');
  });

  it('what there is not: 400', async () => {
    for (const query of ['include=invoices', 'include=author.articles', 'include=author&include=author', 'include=']) {
      expect((await ask('GET', `/articles?${query}`)).status, query).to.equal(400);
    }
  });
});
