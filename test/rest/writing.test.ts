import { expect } from 'chai';
import express from 'express';
import { type RequestContext, type RestOptions, softDeleteRouter } from '../../lib/rest';
import { emptied } from '../orm/shop';
import { useDatabase } from '../support/database';
import { type Blog, defineBlog } from './support/blog';
import { type Asked, useServer } from './support/client';

describe('writing', () => {
  const database = useDatabase();
  let blog: Blog;
  let options: RestOptions = {};
  before(async () => {
    blog = defineBlog(database.sequelize, 'rule');
    await database.sequelize.sync();
  });
  beforeEach(() => {
    options = {};
    return emptied(database.sequelize);
  });
  const { ask: send } = useServer(() =>
    express().use('/articles', (request, response, next) =>
      softDeleteRouter(blog.Article, options as never)(request, response, next),
    ),
  );
  const ask = (verb: string, path: string, asked?: Asked) => send(verb, `/articles${path}`, asked);
  const make = (values: object = {}) => blog.Article.create({ title: 'One', slug: 'one', stock: 5, ...values });
  const pointers = (body: { errors: { pointer: string }[] }) => body.errors.map(({ pointer }) => pointer);

  it('POST answers the row as the database has it, and where it is', async () => {
    const { status, body, headers } = await ask('POST', '', { body: { title: 'One' } });
    expect(status).to.equal(201);
    expect(headers.get('location')).to.equal('/articles/1');
    expect(body).to.deep.include({ id: 1, title: 'One', stock: 0, slug: null, _version: 1 });
    expect((await ask('GET', '/1')).body).to.deep.equal(body);
    expect((await ask('GET', '/1')).headers.get('etag')).to.equal(headers.get('etag'));
  });

  it('PATCH writes what it says; PUT the rest as well: defaults, or null', async () => {
    await make();
    expect((await ask('PATCH', '/1', { body: { title: 'Two' } })).body).to.include({
      title: 'Two',
      slug: 'one',
      stock: 5,
    });
    expect((await ask('PUT', '/1', { body: { title: 'Three' } })).body).to.include({
      title: 'Three',
      slug: null,
      stock: 0,
    });
    expect(pointers((await ask('PUT', '/1', { body: { slug: 'x' } })).body)).to.deep.equal(['/title']);
  });

  it('what was read may be sent back as it is; what is kept by the database is not to be changed', async () => {
    await make();
    const { body } = await ask('GET', '/1');
    expect((await ask('PUT', '/1', { body: { ...body, title: 'Two' } })).body).to.include({
      title: 'Two',
      _version: 2,
    });
    const changed = {
      id: 2,
      createdAt: '2001-01-01T00:00:00.000Z',
      deletedAt: '2001-01-01T00:00:00.000Z',
      _version: 7,
      nothing: 1,
    };
    for (const verb of ['PUT', 'PATCH']) {
      const refused = await ask(verb, '/1', { body: { title: 'Three', ...changed } });
      expect(refused.status).to.equal(422);
      expect(pointers(refused.body)).to.have.members(Object.keys(changed).map((name) => `/${name}`));
    }
    expect(pointers((await ask('POST', '', { body: { title: 'x', id: 9, createdAt: null } })).body)).to.have.members([
      '/id',
      '/createdAt',
    ]);
  });

  it('each validation that fails is told by its member', async () => {
    const { status, body } = await ask('POST', '', { body: { title: '', slug: 'x'.repeat(41) } });
    expect([status, body.type]).to.deep.equal([422, 'urn:sequelize-guitars:problem:invalid']);
    expect(pointers(body)).to.deep.equal(['/title']);
    expect((await ask('POST', '', { body: { title: 'a', slug: 'x'.repeat(41) } })).status).to.equal(422);
    expect((await ask('POST', '', { body: { title: 'a', stock: 'many' } })).status).to.equal(422);
    expect((await ask('POST', '', { body: { title: 'a', stock: 1e12 } })).status).to.equal(422);
    expect((await ask('POST', '', { body: { title: { a: 1 } } })).status).to.equal(422);
    expect((await ask('POST', '', { body: { title: '\0' } })).status).to.equal(422);
  });

  it('a reference that leads nowhere is 422, one to an archived row 409', async () => {
    const none = await ask('POST', '', { body: { title: 'a', authorId: 99 } });
    expect([none.status, none.body.type]).to.deep.equal([422, 'urn:sequelize-guitars:problem:unknown-reference']);
    const author = await blog.Author.create({ name: 'Ann' });
    await author.destroy();
    const gone = await ask('POST', '', { body: { title: 'a', authorId: author.id } });
    expect([gone.status, gone.body.type]).to.deep.equal([409, 'urn:sequelize-guitars:problem:parent-archived']);
    expect(gone.body).to.include({ constraint: 'article_author_id_fkey', table: 'article' });
    const { id } = await make();
    expect((await ask('PATCH', `/${id}`, { body: { authorId: author.id } })).status).to.equal(409);
  });

  it('a value that is taken is 409, by its member', async () => {
    await make();
    const { status, body } = await ask('POST', '', { body: { title: 'a', slug: 'one' } });
    expect([status, body.type, pointers(body)]).to.deep.equal([
      409,
      'urn:sequelize-guitars:problem:unique-taken',
      ['/slug'],
    ]);
  });

  it('If-Match: one that is of another state is 412, and nothing is written', async () => {
    await make();
    const etag = (await ask('GET', '/1')).headers.get('etag') as string;
    expect(etag).to.match(/^"v1\./);
    const fields = (await ask('GET', '/1?fields=title')).headers.get('etag') as string;
    expect(fields)
      .to.match(/^"v1\./)
      .and.not.to.equal(etag);
    const headers = { 'if-match': fields };
    expect((await ask('PATCH', '/1', { body: { title: 'Two' }, headers })).status).to.equal(200);
    for (const verb of ['PATCH', 'PUT'])
      expect((await ask(verb, '/1', { body: { title: 'x' }, headers })).status).to.equal(412);
    for (const path of ['/1', '/1?permanent=1']) expect((await ask('DELETE', path, { headers })).status).to.equal(412);
    for (const tag of ['W/"v2.x"', 'v2', '""', '', 'garbage', '"v22"']) {
      expect((await ask('DELETE', '/1', { headers: { 'if-match': tag } })).status, tag).to.equal(412);
    }
    expect((await ask('DELETE', '/1', { headers: { 'if-match': '"x", "v2.y"' } })).status).to.equal(204);
    expect((await ask('PATCH', '/1/restore', { headers })).status).to.equal(412);
    expect((await ask('PATCH', '/1/restore', { headers: { 'if-match': '*' } })).status).to.equal(200);
  });

  it('If-Match where there is no version: two writes within a millisecond have tags of their own', async () => {
    await blog.Author.create({ name: 'Ann' });
    const authors = softDeleteRouter(blog.Author) as never;
    options = {};
    const tags = new Set<string>();
    for (const micro of [1, 2]) {
      await database.sequelize.transaction(async (transaction) => {
        await database.sequelize.query('SET LOCAL guitars.keep_timestamps = on', { transaction });
        await database.sequelize.query(`UPDATE author SET _updated_at = '2026-01-01T00:00:00.00000${micro}Z'`, {
          transaction,
        });
      });
      const server = express().use('/authors', authors).listen(0);
      const { port } = server.address() as { port: number };
      tags.add((await fetch(`http://127.0.0.1:${port}/authors/1`)).headers.get('etag') as string);
      server.close();
    }
    expect(tags.size).to.equal(2);
  });

  it('requireIfMatch: writes of one row without it are 428', async () => {
    options = { requireIfMatch: true };
    await make();
    for (const [verb, path] of [
      ['PATCH', '/1'],
      ['PUT', '/1'],
      ['DELETE', '/1'],
      ['DELETE', '/1?permanent=t'],
    ] as const) {
      expect((await ask(verb, path, { body: { title: 'x' } })).status).to.equal(428);
    }
    expect((await ask('POST', '', { body: { title: 'x' } })).status).to.equal(201);
  });

  it('If-None-Match: 304 while nothing has changed of what is shown', async () => {
    await make();
    const etag = (await ask('GET', '/1')).headers.get('etag') as string;
    expect(
      (await ask('GET', '/1', { headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } })).status,
    ).to.equal(304);
    await ask('PATCH', '/1', { body: { title: 'Two' } });
    expect(
      (await ask('GET', '/1', { headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } })).status,
    ).to.equal(200);
  });

  it('of writers with one tag, all at once, one is let through', async () => {
    await make();
    const headers = { 'if-match': (await ask('GET', '/1')).headers.get('etag') as string };
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, n) => ask('PATCH', '/1', { body: { title: `by ${n}` }, headers })),
    );
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([200, ...Array(7).fill(412)]);
    expect((await ask('GET', '/1')).body._version).to.equal(2);
  });

  it('of many deletions at once one is 204, the others 404', async () => {
    await make();
    const replies = await Promise.all(Array.from({ length: 8 }, () => ask('DELETE', '/1')));
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([204, ...Array(7).fill(404)]);
    const restored = await Promise.all(Array.from({ length: 8 }, () => ask('PATCH', '/1/restore')));
    expect(restored.map(({ status }) => status).sort()).to.deep.equal([200, ...Array(7).fill(404)]);
  });

  it('validate may change the values, or refuse them', async () => {
    options = {
      validate(values, { action }: RequestContext) {
        if (values.title === 'zod')
          throw Object.assign(new Error('no'), { issues: [{ path: ['title'], message: 'Not that.' }] });
        return { ...values, slug: action };
      },
    };
    expect((await ask('POST', '', { body: { title: 'a' } })).body.slug).to.equal('create');
    expect((await ask('PATCH', '/1', { body: { title: 'b' } })).body.slug).to.equal('update');
    const refused = await ask('PATCH', '/1', { body: { title: 'zod' } });
    expect(refused.status).to.equal(422);
    expect(refused.body.errors).to.deep.equal([{ pointer: '/title', detail: 'Not that.' }]);
  });

  it('serialize says what a row looks like', async () => {
    options = { serialize: async (row, { action }: RequestContext) => ({ name: row.get('title'), action }) };
    expect((await ask('POST', '', { body: { title: 'a' } })).body).to.deep.equal({ name: 'a', action: 'create' });
    expect((await ask('GET', '')).body.results).to.deep.equal([{ name: 'a', action: 'list' }]);
  });

  it('revision: history says who and why', async () => {
    options = { revision: ({ request }) => ({ actor: String(request.headers['x-user']), comment: request.method }) };
    const headers = { 'x-user': 'ann' };
    await ask('POST', '', { body: { title: 'a' }, headers });
    await ask('DELETE', '/1', { headers });
    await ask('PATCH', '/restore', { headers });
    const versions = (await blog.Article.historyOf(1)).slice(-3);
    const told = versions.map(({ actor, comment, operation }: Record<string, string>) => [actor, comment, operation]);
    expect(told).to.deep.equal([
      ['ann', 'POST', 'insert'],
      ['ann', 'DELETE', 'archive'],
      ['ann', 'PATCH', 'restore'],
    ]);
  });

  it('what the scope leaves out is neither shown nor written, unless it is named', async () => {
    const hidden = softDeleteRouter(blog.Author);
    const named = softDeleteRouter(blog.Author, { writable: ['name', 'password'] as never });
    const server = express().use('/hidden', hidden).use('/named', named).listen(0);
    const { port } = server.address() as { port: number };
    const post = async (path: string) => {
      const body = JSON.stringify({ name: 'Ann', password: 'secret' });
      const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      return [reply.status, 'password' in ((await reply.json()) as object)];
    };
    expect(await post('/hidden')).to.deep.equal([422, false]);
    expect(await post('/named')).to.deep.equal([201, false]);
    expect((await blog.Author.unscoped().findOne()).password).to.equal('secret');
    server.close();
  });

  const bodies: [string, Asked, number][] = [
    ['none', {}, 400],
    ['no JSON', { body: '{' }, 400],
    ['null', { body: 'null' }, 400],
    ['a list', { body: [] }, 400],
    ['a text', { body: '"a"' }, 400],
    ['a form', { body: 'title=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    ['of no type', { body: '{"title":"a"}', headers: { 'content-type': 'text/plain' } }, 415],
    ['a merge patch', { body: '{"title":"a"}', headers: { 'content-type': 'application/merge-patch+json' } }, 201],
    [
      'of another charset',
      { body: '{"title":"a"}', headers: { 'content-type': 'application/json; charset=latin9' } },
      415,
    ],
    ['of another encoding', { body: '{"title":"a"}', headers: { 'content-encoding': 'zip' } }, 415],
    ['too large', { body: { title: 'a'.repeat(103_000) } }, 413],
    ['too deep', { body: `{"title":${'['.repeat(5000)}${']'.repeat(5000)}}` }, 400],
  ];
  for (const [what, asked, status] of bodies) {
    it(`a body that is ${what}: ${status}`, async () => {
      const reply = await ask('POST', '', asked);
      expect(reply.status, JSON.stringify(reply.body)).to.equal(status);
      if (status > 201) expect(reply.headers.get('content-type')).to.match(/^application\/problem\+json/);
    });
  }

  it('an error of the application goes to its own handler', async () => {
    const seen: unknown[] = [];
    const router = softDeleteRouter(blog.Article, {
      authorize: () => {
        throw new TypeError('a bug');
      },
    });
    const app = express().use('/a', router);
    app.use((error: unknown, _request: unknown, response: express.Response, _next: unknown) => {
      seen.push(error);
      response.status(500).end();
    });
    const server = app.listen(0);
    const { port } = server.address() as { port: number };
    expect((await fetch(`http://127.0.0.1:${port}/a`)).status).to.equal(500);
    expect(seen).to.have.length(1);
    server.close();
  });
});
