import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import express from 'express';
import { DataTypes, QueryTypes } from 'sequelize';
import { ProblemError, softDeleteRouter } from '../../lib/rest';
import { segmentOf } from '../../lib/rest/key';
import { eachEngine, emptied } from '../orm/shop';
import { type TestDatabase, useDatabase } from '../support/database';
import { type Blog, defineBlog, type Row } from './support/blog';
import { useServer } from './support/client';
import { type Cell, cells, type Scene } from './support/table';

/** Keys of each kind: of a row that is there, of one that is not, and what is none. */
const KEYS = {
  integer: { key: { type: DataTypes.INTEGER, primaryKey: true }, value: 7, missing: '8', bad: 'abc' },
  uuid: { key: { type: DataTypes.UUID, primaryKey: true }, value: randomUUID(), missing: randomUUID(), bad: 'no-uuid' },
  text: { key: { type: DataTypes.TEXT, primaryKey: true }, value: 'deleted', missing: 'gone', bad: 'a~b' },
};

function tests(database: TestDatabase, engine: 'rule' | 'trigger', kind: keyof typeof KEYS): void {
  const { key, value, missing, bad } = KEYS[kind];
  let blog: Blog;
  let scene: Scene;
  before(async () => {
    blog = defineBlog(database.sequelize, engine, { ...key });
    await database.sequelize.sync();
  });
  beforeEach(() => emptied(database.sequelize));
  const { ask } = useServer(() => {
    const authorize = () => {
      if (scene === 'anonymous') throw new ProblemError(401, 'Sign in.', { headers: { 'WWW-Authenticate': 'Bearer' } });
      return scene !== 'forbidden';
    };
    return express().use('/articles', softDeleteRouter(blog.Article, { authorize, bulkHardDelete: true }));
  });

  /** Makes the rows of a scene; answers the one that it is about. */
  async function set(): Promise<Row | undefined> {
    if (scene === 'missing') return undefined;
    const author = await blog.Author.create({ name: 'Ann' });
    const row: Row = await blog.Article.create({ id: value, title: 'One', slug: 'one', authorId: author.id });
    if (['archived', 'taken'].includes(scene)) await row.destroy();
    if (scene === 'guarded') await blog.Invoice.create({ articleId: value });
    if (scene === 'orphaned') await author.destroy();
    if (scene === 'taken') await blog.Article.create({ id: other(), title: 'Other', slug: 'one' });
    return row;
  }
  const other = () => (kind === 'integer' ? 9 : kind === 'uuid' ? randomUUID() : 'other');

  async function stateOf(): Promise<string> {
    const [found] = await database.sequelize.query<{ archived: boolean }>(
      'SELECT _deleted_at IS NOT NULL AS archived FROM article WHERE id = $key',
      { bind: { key: value }, type: QueryTypes.SELECT },
    );
    return found ? (found.archived ? 'archived' : 'live') : 'gone';
  }

  const bodyOf = ({ verb, path }: Cell) => {
    if (path !== '/' && path !== '/:pk') return undefined;
    if (verb === 'POST') {
      if (scene === 'malformed') return [1];
      return {
        id: other(),
        title: 'New',
        slug: scene === 'taken' ? 'one' : 'new',
        ...(scene === 'orphaned' ? { authorId: 1 } : {}),
      };
    }
    return ['PUT', 'PATCH'].includes(verb) ? { title: 'Two' } : undefined;
  };

  for (const cell of cells()) {
    it(`${cell.verb} ${cell.path} of what is ${cell.scene}: ${cell.text}`, async () => {
      scene = cell.scene;
      const row = await set();
      const segment = scene === 'malformed' ? bad : row ? segmentOf(row) : missing;
      const before = await stateOf();
      const unknown = scene === 'malformed' && !cell.path.includes(':pk') && cell.verb !== 'POST';
      const path =
        cell.path.replace(':pk', segment) + (unknown ? `${cell.path.includes('?') ? '&' : '?'}nonsense=1` : '');
      const reply = await ask(cell.verb, `/articles${path}`, { body: bodyOf(cell) });
      expect(reply.status, JSON.stringify(reply.body)).to.equal(cell.status);
      if (cell.status >= 400) {
        expect(reply.headers.get('content-type')).to.equal('application/problem+json; charset=utf-8');
        expect(reply.body).to.include({ status: cell.status }).and.to.include.keys('type', 'title', 'detail');
      }
      if (cell.status === 204) expect(reply.body).to.equal('');
      if (cell.status === 401) expect(reply.headers.get('www-authenticate')).to.equal('Bearer');
      if (cell.body?.startsWith('list')) {
        expect(reply.body.results).to.have.length(Number(cell.body.slice(5)));
        expect(reply.body.count).to.equal(reply.body.results.length);
      }
      if (cell.body === 'object') expect(reply.body).to.include.keys('id', 'title', 'deletedAt');
      if (cell.becomes) expect(await stateOf()).to.equal(cell.becomes === 'same' ? before : cell.becomes);
    });
  }
}

eachEngine('every route in every state', (database, engine) => tests(database, engine, 'integer'));

for (const kind of ['uuid', 'text'] as const) {
  describe(`every route in every state, by keys of ${kind}`, () => tests(useDatabase(), 'rule', kind));
}
