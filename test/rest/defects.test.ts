import { expect } from 'chai';
import express from 'express';
import { DataTypes, QueryTypes } from 'sequelize';
import { handlers, softDeleteRouter } from '../../lib/rest';
import { eachEngine, emptied } from '../orm/shop';
import { type Blog, defineBlog, type Row } from './support/blog';
import { useServer } from './support/client';

const PERMANENT = {
  yes: ['true', 't', 'y', 'yes', 'on', '1', 'TRUE', 'Yes', 'oN'],
  no: ['false', 'f', 'n', 'no', 'off', '0', 'null', '', 'OFF', 'Null'],
};

// Rows of docs/rest-parity.md.
eachEngine('where django-timestampable falls short', (database, engine) => {
  let blog: Blog;
  let ann: Row;
  let one: Row;
  let two: Row;
  const heard: string[] = [];
  /** What `authorize` answers, for the test. */
  let permission: boolean | { where: object } = true;

  before(async () => {
    blog = defineBlog(database.sequelize, engine);
    await database.sequelize.sync();
  });
  beforeEach(async () => {
    await emptied(database.sequelize);
    permission = true;
    heard.length = 0;
    ann = await blog.Author.create({ name: 'Ann' });
    one = await blog.Article.create({ title: 'One', slug: 'one', authorId: ann.id });
    two = await blog.Article.create({ title: 'Two', slug: 'two', authorId: ann.id });
    await blog.Comment.bulkCreate([
      { text: 'a', articleId: one.id },
      { text: 'b', articleId: one.id },
    ]);
  });

  const { ask } = useServer(() => {
    const options = {
      authorize: () => permission,
      filter: ['id', 'title', 'slug'] as const,
      bulkResponseContent: true,
      revision: () => ({ actor: 'ann' }),
    };
    const app = express();
    app.use('/articles', softDeleteRouter(blog.Article, { ...options, bulkHardDelete: true }));
    app.use('/authors', softDeleteRouter(blog.Author, { bulkResponseContent: true, bulkHardDelete: true }));
    app.use('/careful', softDeleteRouter(blog.Article));
    return app;
  });

  interface Stored {
    id: number;
    deletedAt: string | null;
    updatedAt: string;
  }
  /** Rows of a table, their times as exact as the database has them. */
  const rows = (table: string) =>
    database.sequelize.query<Stored>(
      `SELECT id, _deleted_at::text AS "deletedAt", _updated_at::text AS "updatedAt" FROM "${table}" ORDER BY id`,
      { type: QueryTypes.SELECT },
    );
  const archived = async (table: string) =>
    (await rows(table)).filter(({ deletedAt }) => deletedAt).map(({ id }) => id);

  it('`permanent` is read where something is deleted, and is unknown elsewhere, whatever its value', async () => {
    await two.destroy();
    const before = await rows('article');
    const routes = [
      ...['GET /articles', 'GET /articles/1', 'GET /articles/deleted', 'GET /articles/deleted/2', 'POST /articles'],
      ...['GET /articles/with-deleted', 'GET /articles/with-deleted/1', 'PUT /articles/1', 'PATCH /articles/1'],
      ...['PATCH /articles/2/restore', 'PATCH /articles/restore'],
    ];
    for (const route of routes) {
      const [verb = '', path = ''] = route.split(' ');
      for (const value of ['true', 'false', 'nonsense']) {
        const body = ['POST', 'PUT'].includes(verb) ? { title: 'X' } : undefined;
        const reply = await ask(verb, `${path}?permanent=${value}`, { body });
        expect(reply.status, route).to.equal(400);
        expect(reply.body.detail, route).to.match(/^There is no parameter "permanent" here\./);
      }
    }
    expect(await rows('article')).to.deep.equal(before);
  });

  it('`permanent` is true or false in many words, nothing is false, and anything else is a 400 that removes nothing', async () => {
    const made = async () => String((await blog.Article.create({ title: 'X' })).id);
    for (const value of PERMANENT.yes) {
      const id = await made();
      expect((await ask('DELETE', `/articles/${id}?permanent=${value}`)).status, value).to.equal(204);
      expect((await ask('GET', `/articles/with-deleted/${id}`)).status, value).to.equal(404);
    }
    for (const value of PERMANENT.no) {
      const id = await made();
      expect((await ask('DELETE', `/articles/${id}?permanent=${value}`)).status, value).to.equal(204);
      expect((await ask('GET', `/articles/deleted/${id}`)).status, value).to.equal(200);
    }
    const before = await rows('article');
    for (const query of [
      'permanent=2',
      'permanent=ja',
      'permanent=true%20',
      'permanent=true&permanent=true',
      'permanent[]=true',
    ])
      for (const path of ['/articles/1', '/articles'])
        expect((await ask('DELETE', `${path}?${query}`)).status, `${path}?${query}`).to.equal(400);
    expect(await rows('article')).to.deep.equal(before);
  });

  it('a hard delete in bulk is a 403 unless it is switched on; of one row it is not, and it reaches archived ones', async () => {
    const refused = await ask('DELETE', '/careful?permanent=true');
    expect([refused.status, refused.body.type]).to.deep.equal([
      403,
      'urn:sequelize-guitars:problem:bulk-hard-delete-off',
    ]);
    expect(await rows('article')).to.have.length(2);
    await one.destroy();
    expect((await ask('DELETE', '/careful/1?permanent=true')).status).to.equal(204);
    expect((await rows('article')).map(({ id }) => id)).to.deep.equal([2]);
  });

  it('to delete what is archived is a 404, and in bulk counts nothing; its time stays', async () => {
    await ask('DELETE', '/articles/1');
    const before = await rows('article');
    expect((await ask('DELETE', '/articles/1')).status).to.equal(404);
    expect((await ask('DELETE', '/articles?id=1')).body).to.deep.equal({ count: 0 });
    expect(await rows('article')).to.deep.equal(before);
    expect((await ask('DELETE', '/articles')).body).to.deep.equal({ count: 1 });
    const [first, second] = await rows('article');
    expect(first).to.deep.equal(before[0]);
    expect(second?.deletedAt).to.be.a('string');
  });

  it('a deletion takes along what belongs to the row, and a restore brings just that back', async () => {
    await ask('DELETE', '/articles/2');
    expect((await ask('DELETE', '/authors/1')).status).to.equal(204);
    expect([await archived('article'), await archived('comment')]).to.deep.equal([
      [1, 2],
      [1, 2],
    ]);
    expect((await ask('PATCH', '/authors/1/restore')).status).to.equal(200);
    expect([await archived('article'), await archived('comment')]).to.deep.equal([[2], []]);
  });

  it('the same in bulk; a count is of the rows that were asked for', async () => {
    await ask('DELETE', '/articles/2');
    expect((await ask('DELETE', '/authors')).body).to.deep.equal({ count: 1 });
    expect([await archived('article'), await archived('comment')]).to.deep.equal([
      [1, 2],
      [1, 2],
    ]);
    expect((await ask('PATCH', '/authors/restore')).body).to.deep.equal({ count: 1 });
    expect([await archived('article'), await archived('comment')]).to.deep.equal([[2], []]);
  });

  it('a hard delete in bulk counts by model, what went with the rows included', async () => {
    const { status, body } = await ask('DELETE', '/authors?permanent=true');
    const count_per_model = { Author: 1, Article: 2, Comment: 2 };
    expect([status, body]).to.deep.equal([200, { count: 5, count_per_model }]);
    expect((await ask('DELETE', '/authors?permanent=true')).body).to.deep.equal({ count: 0, count_per_model: {} });
  });

  it('a restore into a unique value that is taken is a 409 that names it, by one and in bulk; nothing comes back', async () => {
    await one.destroy();
    await two.destroy();
    await blog.Article.create({ title: 'Other', slug: 'one' });
    for (const path of ['/articles/1/restore', '/articles/restore']) {
      const { status, body } = await ask('PATCH', path);
      expect([status, body.type], path).to.deep.equal([409, 'urn:sequelize-guitars:problem:unique-taken']);
      expect(body.errors, path).to.deep.equal([{ pointer: '/slug', detail: 'It is taken.' }]);
    }
    expect(await archived('article')).to.deep.equal([1, 2]);
  });

  it('a restore under an archived parent is a 409 that says so, by one and in bulk; nothing comes back', async () => {
    await ann.destroy();
    for (const path of ['/articles/1/restore', '/articles/restore']) {
      const { status, body } = await ask('PATCH', path);
      expect([status, body.type], path).to.deep.equal([409, 'urn:sequelize-guitars:problem:parent-archived']);
    }
    expect(await archived('article')).to.deep.equal([1, 2]);
  });

  it('a restore of what is live is a 404', async () => {
    expect((await ask('PATCH', '/articles/1/restore')).status).to.equal(404);
  });

  it('bulk runs hooks, and is kept to the rows that `authorize` picks', async () => {
    const { Article } = blog;
    for (const hook of ['beforeBulkDestroy', 'afterBulkDestroy', 'beforeBulkRestore', 'afterBulkRestore'])
      Article.addHook(hook, hook, () => heard.push(hook));
    permission = { where: { title: 'One' } };
    expect((await ask('DELETE', '/articles')).body).to.deep.equal({ count: 1 });
    expect(await archived('article')).to.deep.equal([1]);
    await two.destroy();
    expect((await ask('PATCH', '/articles/restore')).body).to.deep.equal({ count: 1 });
    expect(await archived('article')).to.deep.equal([2]);
    permission = { where: { title: 'Two' } };
    expect((await ask('DELETE', '/articles?permanent=true&title=One')).body).to.deep.equal({
      count: 0,
      count_per_model: {},
    });
    permission = false;
    for (const [verb, path] of [
      ['DELETE', '/articles'],
      ['DELETE', '/articles?permanent=true'],
      ['PATCH', '/articles/restore'],
    ] as const)
      expect((await ask(verb, path)).status, `${verb} ${path}`).to.equal(403);
    expect(await archived('article')).to.deep.equal([2]);
    expect(heard).to.include.members([
      'beforeBulkDestroy',
      'afterBulkDestroy',
      'beforeBulkRestore',
      'afterBulkRestore',
    ]);
  });

  it('bulk moves updatedAt, and is in the history, with who did it', async () => {
    const [made] = await rows('article');
    await ask('DELETE', '/articles');
    const [gone] = await rows('article');
    await ask('PATCH', '/articles/restore');
    const [back] = await rows('article');
    const times = [made, gone, back].map((row) => row?.updatedAt);
    expect(new Set(times).size).to.equal(3);
    expect([...times].sort()).to.deep.equal(times);
    expect(gone?.updatedAt).to.equal(gone?.deletedAt);
    const versions = await one.versions();
    expect(versions.map(({ operation, actor }: Row) => [operation, actor])).to.deep.equal([
      ['insert', null],
      ['archive', 'ann'],
      ['restore', 'ann'],
    ]);
  });

  it('of more rows than bulkLimit none is touched', async () => {
    const app = express().use('/few', softDeleteRouter(blog.Article, { bulkLimit: 1 }));
    const few = app.listen(0);
    try {
      const { port } = few.address() as import('node:net').AddressInfo;
      const response = await fetch(`http://127.0.0.1:${port}/few`, { method: 'DELETE' });
      expect([response.status, (await response.json()).limit]).to.deep.equal([422, 1]);
      expect(await archived('article')).to.deep.equal([]);
    } finally {
      few.closeAllConnections();
      few.close();
    }
  });
});

const NAMES = [
  'deleted',
  'with-deleted',
  'restore',
  'as-of',
  '~',
  '~-',
  ',',
  'a,b',
  '.',
  '..',
  'a/b',
  '?',
  '%2F',
  'ä ö',
  'Deleted',
  'versions',
];

eachEngine('keys that are named as paths', (database, engine) => {
  let blog: Blog;
  before(async () => {
    blog = defineBlog(database.sequelize, engine, { type: DataTypes.TEXT, primaryKey: true });
    await database.sequelize.sync();
  });
  const { ask } = useServer(() => express().use('/articles', softDeleteRouter(blog.Article)));

  for (const key of NAMES) {
    it(`${JSON.stringify(key)} is reached, deleted, restored and removed`, async () => {
      const made = await ask('POST', '/articles', { body: { id: key, title: 'One' } });
      const location = String(made.headers.get('location'));
      expect(made.status, JSON.stringify(made.body)).to.equal(201);
      const segment = location.slice('/articles/'.length);
      const statuses: number[] = [];
      const step = async (verb: string, path: string, body?: object) => {
        const reply = await ask(verb, path, { body });
        if (reply.body) expect(reply.body.id, `${verb} ${path}`).to.equal(key);
        statuses.push(reply.status);
      };
      await step('GET', location);
      await step('PATCH', location, { title: 'Two' });
      await step('DELETE', location);
      await step('GET', `/articles/deleted/${segment}`);
      await step('GET', `/articles/with-deleted/${segment}`);
      await step('PATCH', `${location}/restore`);
      await step('DELETE', `${location}?permanent=true`);
      expect(statuses).to.deep.equal([200, 200, 204, 200, 200, 200, 204]);
      expect((await ask('GET', `/articles/with-deleted/${segment}`)).status).to.equal(404);
    });
  }
});

eachEngine('handlers on their own', (database, engine) => {
  let blog: Blog;
  before(async () => {
    blog = defineBlog(database.sequelize, engine);
    await database.sequelize.sync();
  });
  const { ask } = useServer(() => {
    const { readDeleted, restore, list, create } = handlers(blog.Article);
    const app = express();
    app.get('/trash/:pk', readDeleted);
    app.post('/trash/:pk/back', restore);
    app.route('/things').get(list).post(create);
    return app;
  });

  it('single routes, put where one likes', async () => {
    const made = await ask('POST', '/things', { body: { title: 'One' } });
    await blog.Article.destroy({ where: { id: made.body.id } });
    expect((await ask('GET', `/trash/${made.body.id}`)).body.title).to.equal('One');
    expect((await ask('GET', '/things')).body.count).to.equal(0);
    expect((await ask('POST', `/trash/${made.body.id}/back`)).body.deletedAt).to.equal(null);
    expect((await ask('GET', '/things')).body.count).to.equal(1);
  });
});
