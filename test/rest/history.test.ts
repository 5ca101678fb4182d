import { expect } from 'chai';
import express from 'express';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { type Engine, Guitar } from '../../lib';
import { Versioned, withRevision } from '../../lib/history';
import { handlers, type RestOptions, softDeleteRouter } from '../../lib/rest';
import { eachEngine, emptied, id } from '../orm/shop';
import { useServer } from './support/client';

// biome-ignore lint/suspicious/noExplicitAny: rows and models of any attributes
type Any = any;

function defineNotes(sequelize: Sequelize, engine: Engine) {
  const guitar = { engine };
  class Author extends Versioned(Guitar(Model)) {}
  Author.init({ id: id(), name: DataTypes.TEXT }, { sequelize, guitar, tableName: 'author' });
  class Plain extends Guitar(Model) {}
  Plain.init({ id: id(), noteId: DataTypes.INTEGER }, { sequelize, guitar, tableName: 'plain' });
  class Note extends Versioned(Guitar(Model), { exclude: ['draft'], filter: ['secret'] }) {}
  Note.init(
    {
      id: { type: DataTypes.TEXT, primaryKey: true },
      title: { type: DataTypes.TEXT, field: 'note_title', allowNull: false, validate: { notEmpty: true } },
      owner: DataTypes.TEXT,
      stock: { type: DataTypes.INTEGER, defaultValue: 0 },
      photo: DataTypes.BLOB,
      draft: DataTypes.TEXT,
      secret: DataTypes.TEXT,
      hidden: DataTypes.TEXT,
      authorId: DataTypes.INTEGER,
    },
    { sequelize, guitar, tableName: 'note', indexes: [{ fields: ['authorId'] }] },
  );
  Note.belongsTo(Author, { as: 'author', foreignKey: 'authorId', onDelete: 'CASCADE' });
  Author.hasMany(Note, { as: 'notes', foreignKey: 'authorId', onDelete: 'CASCADE' });
  Note.hasMany(Plain, { as: 'plains', foreignKey: 'noteId', constraints: false });
  return { Author: Author as Any, Note: Note as Any };
}

const OPTIONS: RestOptions<Any> = {
  history: true,
  fields: ['id', 'title', 'owner', 'stock', 'photo', 'draft', 'secret', '_version', 'deletedAt'],
  writable: ['id', 'title', 'stock', 'draft'],
  filter: { title: ['eq', 'contains'], draft: ['eq'] },
  sort: ['title', 'draft'],
  include: ['author', 'plains'],
  pageSize: { default: 2, max: 3 },
  bodyLimit: 2000,
  revision: ({ request }) => ({ actor: request.headers['x-actor'] as string | undefined }),
  authorize: (_action, { request }) => {
    const owner = request.headers['x-owner'];
    return owner === 'nobody' ? false : owner ? { where: { owner } } : true;
  },
};

const read = (name: string, path: string) => ({ name, method: 'GET', path });
const READS = [
  read('listVersions', '/versions'),
  read('readVersion', '/versions/1'),
  read('diff', '/diff?from=1&to=2'),
] as const;
const WRITES = [
  { name: 'revertFields', path: '/revert-fields', body: { fields: { title: 1 } } },
  { name: 'rollBack', path: '/roll-back', body: { version: 1 } },
  { name: 'undo', path: '/undo', body: {} },
] as const;

eachEngine('history routes', (database, engine) => {
  let Note: Any;
  let Author: Any;
  before(async () => {
    ({ Note, Author } = defineNotes(database.sequelize, engine));
    await database.sequelize.sync();
  });
  beforeEach(() => emptied(database.sequelize));
  const { ask } = useServer(() =>
    express()
      .use('/notes', softDeleteRouter(Note, OPTIONS))
      .use('/bare', softDeleteRouter(Note))
      .use('/strict', softDeleteRouter(Note, { history: true, requireIfMatch: true }))
      .use(
        '/seen',
        softDeleteRouter(Note, { history: true, serialize: (row: Any) => ({ name: String(row.title).toUpperCase() }) }),
      )
      .get('/undone/:pk/:number', handlers(Note, { history: true }).readVersion),
  );
  const get = (path: string, headers = {}) => ask('GET', `/notes${path}`, { headers });

  /** A row with three versions: One, Two, Three. */
  async function three(values: object = {}): Promise<Any> {
    const row = await Note.create({
      id: 'a',
      title: 'One',
      owner: 'ann',
      draft: 'x',
      secret: 's1',
      hidden: 'h1',
      ...values,
    });
    await withRevision({ actor: 'bob', comment: 'why', ticket: 3 }, () => row.update({ title: 'Two', hidden: 'h2' }));
    await row.update({ title: 'Three', stock: 5, draft: 'y', secret: 's2' });
    return row;
  }
  const now = () => Note.findByPk('a', { paranoid: false });
  /** The time of a version: that of its transaction. */
  const timeOf = async (number: number): Promise<string> => (await get(`/a/versions/${number}`)).body.at;

  describe('versions', () => {
    it('lists them, the last one first, in pages', async () => {
      await three();
      const first = await get('/a/versions');
      expect(first.status).equal(200);
      expect(first.body.results.map(({ number }: Any) => number)).eql([3, 2]);
      expect(first.body).include({ next: '/notes/a/versions?page=2', previous: null });
      expect(first.headers.get('link')).equal('</notes/a/versions?page=2>; rel="next"');
      const second = await get('/a/versions?page=2');
      expect(second.body.results.map(({ number }: Any) => number)).eql([1]);
      expect(second.body).include({ next: null, previous: '/notes/a/versions?page=1' });
      const up = await get('/a/versions?sort=number&pageSize=3');
      expect(up.body.results.map(({ number }: Any) => number)).eql([1, 2, 3]);
    });

    it('tells of each what clients may see, who made it and why', async () => {
      await three({ photo: Buffer.from('abc') });
      const { body } = await get('/a/versions/2');
      expect(body.at).match(/^\d{4}-.*Z$/);
      expect(body).eql({
        number: 2,
        operation: 'update',
        at: body.at,
        actor: 'bob',
        comment: 'why',
        context: { ticket: 3 },
        changes: { title: { old: 'One', new: 'Two' } },
        values: {
          id: 'a',
          title: 'Two',
          owner: 'ann',
          stock: 0,
          photo: Buffer.from('abc').toString('base64'),
          secret: '[filtered]',
          _version: 2,
          deletedAt: null,
        },
      });
    });

    it('tells that a filtered attribute changed, and of an insert what was not null', async () => {
      await three();
      const { body: third } = await get('/a/versions/3');
      expect(third.changes).eql({
        title: { old: 'Two', new: 'Three' },
        stock: { old: 0, new: 5 },
        secret: { old: '[filtered]', new: '[filtered: changed]' },
      });
      const { body: first } = await get('/a/versions/1');
      expect(first.changes.title).eql({ old: null, new: 'One' });
      expect(first.changes).to.not.have.any.keys('hidden', 'draft', 'authorId');
    });

    it('answers those of an archived row, and those of one that is gone by its key', async () => {
      const row = await three();
      await row.destroy();
      expect((await get('/a/versions')).body.results[0]).include({ number: 4, operation: 'archive' });
      expect((await get('/a/versions/4')).body.changes.deletedAt.old).equal(null);
      await row.hardDelete();
      const { status, body } = await get('/a/versions?pageSize=1');
      expect([status, body.results[0].operation]).eql([200, 'delete']);
      expect((await get('/a/versions/2')).body.values.title).equal('Two');
      expect((await get('/a/diff?from=1&to=3')).body.changes.title).eql({ old: 'One', new: 'Three' });
    });

    it('does not tell, of a row that is there, of another that had its key', async () => {
      const other = await three({ owner: 'bob' });
      await other.hardDelete();
      await Note.create({ id: 'a', title: 'Mine', owner: 'ann' });
      const { body } = await get('/a/versions', { 'x-owner': 'ann' });
      expect(body.results.map(({ values }: Any) => values.title)).eql(['Mine']);
      const { number } = body.results[0];
      for (const old of [1, 2, 3].filter((each) => each !== number)) {
        expect((await get(`/a/versions/${old}`)).status, String(old)).equal(404);
        expect((await get(`/a/diff?from=${old}&to=${number}`)).status).equal(404);
        const reply = await ask('POST', '/notes/a/roll-back', { body: { version: old } });
        expect([reply.status, reply.body.type]).eql([404, 'urn:sequelize-guitars:problem:no-version']);
      }
      expect((await now()).title).equal('Mine');
    });

    it('shows of versions, changes and differences what serialize shows of rows', async () => {
      await three();
      const seen = await ask('GET', '/seen/a/versions?sort=number');
      const told = seen.body.results.map(({ values, changes }: Any) => ({ values, changes }));
      expect(told).eql([
        { values: { name: 'ONE' }, changes: { name: { old: null, new: 'ONE' } } },
        { values: { name: 'TWO' }, changes: { name: { old: 'ONE', new: 'TWO' } } },
        { values: { name: 'THREE' }, changes: { name: { old: 'TWO', new: 'THREE' } } },
      ]);
      const { body } = await ask('GET', '/seen/a/diff?from=3&to=1');
      expect(body).eql({ from: 3, to: 1, changes: { name: { old: 'THREE', new: 'ONE' } } });
    });

    it('has handlers to be put elsewhere, and none without the option', async () => {
      await three();
      expect((await ask('GET', '/undone/a/2')).body.values.title).equal('Two');
      expect((await ask('GET', '/bare/a/versions')).status).equal(404);
      expect(handlers(Note)).to.not.have.property('undo');
    });
  });

  describe('diff', () => {
    it('tells what differs between two versions, either way, of what clients may see', async () => {
      await three();
      const { status, body } = await get('/a/diff?from=1&to=3');
      expect([status, body.from, body.to]).eql([200, 1, 3]);
      expect(body.changes).eql({
        title: { old: 'One', new: 'Three' },
        stock: { old: 0, new: 5 },
        secret: { old: '[filtered]', new: '[filtered: changed]' },
      });
      expect((await get('/a/diff?from=3&to=1')).body.changes.title).eql({ old: 'Three', new: 'One' });
      expect((await get('/a/diff?from=2&to=2')).body.changes).eql({});
    });
  });

  describe('as of a moment', () => {
    it('lists the rows that were live then, filtered, sorted, in pages', async () => {
      const row = await three();
      const at = await timeOf(2);
      await row.destroy();
      for (const name of ['b', 'c']) await (await Note.create({ id: name, title: `T ${name}` })).update({ title: 'Z' });
      const later = (await get('/c/versions/1')).body.at;
      await row.hardDelete();
      const then = await get(`/as-of?at=${at}`);
      expect(then.body.results.map(({ id: key, title }: Any) => [key, title])).eql([['a', 'Two']]);
      expect(then.body).include({ count: 1, next: null });
      expect(then.body.results[0]).to.have.all.keys('id', 'title', 'owner', 'stock', 'photo', '_version', 'deletedAt');
      const list = await get(`/as-of?at=${later}&sort=-title&pageSize=1&title[contains]=T`);
      expect(list.body).include({ count: 1 });
      expect(list.body.results[0]).include({ id: 'c', title: 'T c' });
      const all = await get(`/as-of?at=${later}&sort=-title&pageSize=1&fields=title`);
      expect(all.body.results).eql([{ title: 'Z' }]);
      expect((await get(all.body.next.replace('/notes', ''))).body.results).eql([{ title: 'T c' }]);
    });

    it('goes by cursor, too', async () => {
      for (const key of ['a', 'b', 'c']) await Note.create({ id: key, title: key });
      const at = (await get('/c/versions/1')).body.at;
      for (const key of ['a', 'b']) await Note.destroy({ where: { id: key } });
      const keys: string[] = [];
      for (let path = `/as-of?at=${at}&cursor=&sort=-title`; path; ) {
        const { body } = await get(path);
        keys.push(...body.results.map((row: Any) => row.id));
        path = body.next?.replace('/notes', '') ?? '';
      }
      expect(keys).eql(['c', 'b', 'a']);
    });

    it('reads one row, without an entity tag; 404 where it was not live', async () => {
      const row = await three();
      await row.destroy();
      const found = await get(`/as-of/a?at=${await timeOf(1)}`);
      expect([found.status, found.body.title]).eql([200, 'One']);
      // Express's own, by which nothing can be written.
      expect(found.headers.get('etag')).match(/^W\//);
      expect((await get(`/as-of/a?at=${await timeOf(4)}`)).status).equal(404);
      expect((await get('/as-of/a?at=2001-01-01T00:00:00Z')).status).equal(404);
      await row.hardDelete();
      expect((await get(`/as-of/a?at=${await timeOf(3)}`)).body.title).equal('Three');
    });

    it('includes what has a history, as it was', async () => {
      const author = await Author.create({ name: 'Ann' });
      const row = await Note.create({ id: 'a', title: 'One', authorId: author.id });
      const at = (await get('/a/versions/1')).body.at;
      await author.update({ name: 'Anna' });
      await row.update({ title: 'Two' });
      const { body } = await get(`/as-of/a?at=${at}&include=author`);
      expect([body.title, body.author.name]).eql(['One', 'Ann']);
      expect((await get(`/as-of?at=${at}&include=author`)).body.results[0].author.name).equal('Ann');
      expect((await get(`/as-of?at=${at}&include=plains`)).status).equal(400);
    });

    it('has neither filter nor sort nor field of what history does not tell', async () => {
      const at = '2030-01-01T00:00:00Z';
      for (const query of ['draft=x', 'sort=draft', 'fields=secret', 'fields=draft']) {
        expect((await get(`/as-of?at=${at}&${query}`)).status, query).equal(400);
      }
    });

    for (const path of ['/as-of', '/as-of/a']) {
      it(`refuses what is no time: GET ${path}`, async () => {
        for (const query of [
          '',
          '?at=',
          '?at=now',
          '?at=2026-02-30T00:00:00Z',
          '?at=2026-01-01T00:00:00',
          '?at=2026-01-01',
        ]) {
          expect((await get(path + query)).status, query).equal(400);
        }
      });
    }
  });

  describe('the way back', () => {
    it('puts single attributes back, each from its version', async () => {
      await three();
      const reply = await ask('POST', '/notes/a/revert-fields', {
        body: { fields: { title: 1, stock: 2 } },
        headers: { 'x-actor': 'cleo' },
      });
      expect([reply.status, reply.body.title, reply.body.stock]).eql([200, 'One', 0]);
      expect(reply.headers.get('etag')).match(/^"v4\./);
      expect((await get('/a/versions/4')).body).include({ actor: 'cleo' });
    });

    it('puts a row back whole, undoes the last change, and that', async () => {
      await three();
      const back = await ask('POST', '/notes/a/roll-back', { body: { version: 1 }, headers: { 'x-actor': 'cleo' } });
      expect([back.status, back.body.title, (await now()).hidden]).eql([200, 'One', 'h1']);
      expect((await get('/a/versions/4')).body.actor).equal('cleo');
      expect((await ask('POST', '/notes/a/undo', { body: {} })).body.title).equal('Three');
      expect((await ask('POST', '/notes/a/undo', { body: {} })).body.title).equal('One');
    });

    it('undoes nothing that a page of another site could ask for: the body has a type', async () => {
      await three();
      await ask('PATCH', '/notes/a', { body: { title: 'Last' } });
      const plain = { 'content-type': 'text/plain' };
      expect((await ask('POST', '/notes/a/undo')).status).equal(400);
      expect((await ask('POST', '/notes/a/undo', { body: '{}', headers: plain })).status).equal(415);
      expect((await ask('POST', '/notes/a/undo', { body: { title: 1 } })).status).equal(422);
      expect((await ask('GET', '/notes/a')).body.title).equal('Last');
    });

    it('undoes archiving and restoring', async () => {
      const row = await three();
      await row.destroy();
      const live = await ask('POST', '/notes/a/undo', { body: {}, headers: { 'x-actor': 'cleo' } });
      expect([live.status, live.body.deletedAt]).eql([200, null]);
      const archived = await ask('POST', '/notes/a/undo', { body: {} });
      expect(archived.status).equal(200);
      expect(archived.body.deletedAt).a('string');
      expect((await now()).isDeleted).equal(true);
      expect((await get('/a/versions/5')).body).include({ operation: 'restore', actor: 'cleo' });
    });

    it('is a 409 where a parent is archived, where nothing is to be undone, and where validation says no', async () => {
      const author = await Author.create({ name: 'Ann' });
      const row = await Note.create({ id: 'a', title: 'One', authorId: author.id });
      const first = await ask('POST', '/notes/a/undo', { body: {} });
      expect([first.status, first.body.type]).eql([409, 'urn:sequelize-guitars:problem:history-conflict']);
      await row.destroy();
      await author.destroy();
      const orphan = await ask('POST', '/notes/a/undo', { body: {} });
      expect([orphan.status, orphan.body.type]).eql([409, 'urn:sequelize-guitars:problem:parent-archived']);
      expect((await now()).isDeleted).equal(true);
      await Note.create({ id: 'b', title: 'x' });
      await database.sequelize.query(`UPDATE note SET note_title = '' WHERE id = 'b'`);
      await Note.update({ title: 'y' }, { where: { id: 'b' } });
      expect((await ask('POST', '/notes/b/undo', { body: {} })).status).equal(422);
    });

    it('is refused of what clients do not write, of what history does not keep, and of what is no version', async () => {
      await three();
      const wrong = (fields: unknown) => ask('POST', '/notes/a/revert-fields', { body: { fields } });
      for (const name of ['hidden', 'owner', 'id', 'draft', 'secret', 'nosuch', '__proto__', '_version']) {
        const fields = JSON.parse(`{"${name}": 1, "title": 1}`);
        const reply = await ask('POST', '/notes/a/revert-fields', {
          body: `{"fields":${JSON.stringify(fields)}}`,
          headers: { 'content-type': 'application/json' },
        });
        expect([reply.status, reply.body.errors?.[0].pointer], name).eql([422, `/fields/${name}`]);
      }
      for (const bad of [{}, null, [], 'title', { title: 'x' }, { title: 1.5 }, { title: null }, { title: -1 }]) {
        expect((await wrong(bad)).status, JSON.stringify(bad)).equal(422);
      }
      for (const bad of [{ version: '1' }, {}, { version: 1, more: 1 }]) {
        expect((await ask('POST', '/notes/a/roll-back', { body: bad })).status, JSON.stringify(bad)).equal(422);
      }
      expect((await now())._version).equal(3);
    });

    it('needs a JSON object, of no more than the limit', async () => {
      await three();
      const long = { fields: { title: 1 }, pad: 'x'.repeat(3000) };
      for (const path of ['revert-fields', 'roll-back']) {
        const send = (body: unknown, type = 'application/json') =>
          ask('POST', `/notes/a/${path}`, { body, headers: { 'content-type': type } });
        expect((await send('[]')).status).equal(400);
        expect((await send('{')).status).equal(400);
        expect((await send('x=1', 'text/plain')).status).equal(415);
        expect((await send(long)).status).equal(413);
        expect((await ask('POST', `/notes/a/${path}`)).status).equal(400);
      }
    });

    for (const { path, body } of WRITES) {
      it(`heeds If-Match: POST /:pk${path}`, async () => {
        await three();
        const tag = (await get('/a')).headers.get('etag') as string;
        await Note.update({ stock: 9 }, { where: { id: 'a' } });
        const send = (headers: Record<string, string>) => ask('POST', `/strict/a${path}`, { body, headers });
        expect((await send({})).status).equal(428);
        expect((await send({ 'if-match': tag })).status).equal(412);
        expect((await now())._version).equal(4);
        const fresh = (await get('/a')).headers.get('etag') as string;
        expect((await send({ 'if-match': fresh })).status).equal(200);
      });
    }
  });

  describe('who may', () => {
    const all = [
      ...READS.map((each) => ({ ...each, body: undefined })),
      ...WRITES.map((each) => ({ ...each, method: 'POST' })),
    ];
    for (const { name, method, path, body } of all) {
      const send = (headers: Record<string, string> = {}, key = 'a') =>
        ask(method, `/notes/${key}${path}`, { headers, body });

      it(`${name}: its own rows alone, archived ones by reading, gone ones by nobody who may not see all`, async () => {
        const row = await three();
        // Of the change before it nothing is known to undo: it was of what is filtered.
        await row.update({ stock: 6 });
        expect((await send({ 'x-owner': 'nobody' })).status).equal(403);
        expect((await send({ 'x-owner': 'bob' })).status).equal(404);
        expect((await now())._version).equal(4);
        expect((await send({ 'x-owner': 'ann' })).status).equal(200);
        await row.reload();
        await row.destroy();
        expect((await send({ 'x-owner': 'bob' })).status).equal(404);
        const isOfLive = ['revertFields', 'rollBack'].includes(name);
        expect((await send({ 'x-owner': 'ann' })).status).equal(isOfLive ? 404 : 200);
        await row.hardDelete();
        expect((await send({ 'x-owner': 'ann' })).status).equal(404);
        expect((await send()).status).equal(method === 'GET' ? 200 : 404);
      });

      it(`${name}: 404 of what is missing, 400 of what is malformed`, async () => {
        await three();
        expect((await send({}, 'zzz')).status).equal(404);
        expect((await send({}, 'a~b')).status).equal(400);
        const more = path.includes('?') ? '&' : '?';
        expect((await ask(method, `/notes/a${path}${more}nosuch=1`, { body })).status).equal(400);
      });
    }

    it('shows as of a moment rows that are one’s own now and were then', async () => {
      const row = await three({ owner: 'bob' });
      const bobs = await timeOf(3);
      await row.update({ owner: 'ann' });
      const anns = await timeOf(4);
      const list = async (owner: string, at: string) =>
        (await get(`/as-of?at=${at}`, { 'x-owner': owner })).body.results.length;
      const one = async (owner: string, at: string) => (await get(`/as-of/a?at=${at}`, { 'x-owner': owner })).status;
      for (const [owner, at, seen] of [
        ['ann', anns, true],
        ['ann', bobs, false],
        ['bob', bobs, false],
        ['bob', anns, false],
      ] as const) {
        expect(await list(owner, at), owner).equal(seen ? 1 : 0);
        expect(await one(owner, at), owner).equal(seen ? 200 : 404);
      }
      await row.destroy();
      expect(await list('ann', anns)).equal(1);
      await row.hardDelete();
      expect([await list('ann', anns), await one('ann', anns)]).eql([0, 404]);
      expect((await get(`/as-of?at=${anns}`)).body.results.length).equal(1);
      expect((await get(`/as-of?at=${anns}`, { 'x-owner': 'nobody' })).status).equal(403);
      expect((await get(`/as-of/a?at=${anns}`, { 'x-owner': 'nobody' })).status).equal(403);
    });

    it('undoes nothing that would give a row to another', async () => {
      const row = await three({ owner: 'bob' });
      await row.update({ owner: 'ann' });
      for (const { path, body } of [WRITES[1], WRITES[2]]) {
        const reply = await ask('POST', `/notes/a${path}`, { body, headers: { 'x-owner': 'ann' } });
        expect(reply.status, path).equal(403);
      }
      expect((await now()).owner).equal('ann');
    });
  });

  it('is a 404 where there is no such version, and a 400 where it is no number', async () => {
    await three();
    for (const path of ['/a/versions/9', '/a/versions/999999999999', '/a/diff?from=1&to=9', '/a/diff?from=9&to=1']) {
      const { status, body } = await get(path);
      expect([status, body.type], path).eql([404, 'urn:sequelize-guitars:problem:no-version']);
    }
    expect((await ask('POST', '/notes/a/roll-back', { body: { version: 9 } })).status).equal(404);
    expect((await ask('POST', '/notes/a/revert-fields', { body: { fields: { title: 9 } } })).status).equal(404);
    const malformed = [
      '/a/versions/x',
      '/a/versions/-1',
      '/a/diff',
      '/a/diff?from=1',
      '/a/diff?from=x&to=1',
      '/a/diff?from=1&from=2&to=3',
      '/a/versions?page=0',
      '/a/versions?pageSize=4',
      '/a/versions?sort=title',
      '/a/versions?sort=number,-number',
    ];
    for (const path of malformed) expect((await get(path)).status, path).equal(400);
  });

  it('answers every other verb with those that there are, and reads by GET alone', async () => {
    await three();
    const reads = ['/as-of', '/as-of/a', '/a/versions', '/a/versions/1', '/a/diff'];
    for (const path of reads) {
      for (const verb of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const { status, headers } = await ask(verb, `/notes${path}`);
        expect([status, headers.get('allow')], `${verb} ${path}`).eql([405, 'GET, HEAD, OPTIONS']);
      }
    }
    for (const path of ['/a/revert-fields', '/a/roll-back', '/a/undo']) {
      for (const verb of ['GET', 'PUT', 'PATCH', 'DELETE']) {
        const { status, headers } = await ask(verb, `/notes${path}`);
        expect([status, headers.get('allow')], `${verb} ${path}`).eql([405, 'POST, OPTIONS']);
      }
    }
    expect((await now())._version).equal(3);
  });

  it('keeps fixed paths before keys, and lets a key be any word', async () => {
    const words = ['versions', 'diff', 'undo', 'as-of', 'deleted'];
    for (const word of words) await Note.create({ id: word, title: word });
    const at = (await get('/deleted/versions')).status;
    expect(at).equal(404); // the archived row 'versions': it is live
    for (const word of ['versions', 'diff', 'undo', '~-as-of', '~-deleted']) {
      expect((await get(`/${word}/versions/1`)).body.values?.title, word).equal(word.replace('~-', ''));
      expect((await get(`/as-of/${word}?at=2100-01-01T00:00:00Z`)).body.title, word).equal(word.replace('~-', ''));
    }
  });
});
