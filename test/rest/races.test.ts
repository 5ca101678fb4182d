import { expect } from 'chai';
import express from 'express';
import { softDeleteRouter } from '../../lib/rest';
import { eachEngine } from '../orm/shop';
import { type Blog, defineBlog } from './support/blog';
import { useServer } from './support/client';

/*
 * A row that the request may be about is written by another session, which has not committed yet, to be one that it may not be
 * about. The request waits for that session, and is then to leave the row alone.
 */
const REQUESTS: readonly (readonly [verb: string, path: string, status: number, isArchived: boolean, body?: object])[] =
  [
    ['DELETE', '/1', 404, false],
    ['DELETE', '/1?permanent=true', 404, false],
    ['DELETE', '/', 200, false],
    ['DELETE', '/?permanent=true', 200, false],
    ['PATCH', '/1', 404, false, { title: 'Changed' }],
    ['PUT', '/1', 404, false, { title: 'Changed' }],
    ['PATCH', '/1/restore', 404, true],
    ['PATCH', '/restore', 200, true],
  ];

eachEngine('a row that changes hands while a request waits for it', (database, engine) => {
  let blog: Blog;
  before(async () => {
    blog = defineBlog(database.sequelize, engine);
    await database.sequelize.sync();
  });
  const { ask } = useServer(() => {
    const authorize = () => ({ where: { stock: 1 } }) as never;
    const options = { authorize, bulkHardDelete: true, bulkResponseContent: true };
    return express().use('/articles', softDeleteRouter(blog.Article, options));
  });

  for (const [verb, path, status, isArchived, body] of REQUESTS)
    it(`${verb} ${path} leaves it alone`, async () => {
      const other = await database.client();
      await blog.Article.hardDelete({ where: {} });
      const row = await blog.Article.create({ id: 1, title: 'One', stock: 1 });
      if (isArchived) await row.destroy();
      await other.query('BEGIN');
      await other.query('UPDATE article SET stock = 2');
      const asked = ask(verb, `/articles${path}`, { body });
      await waiting(other);
      await other.query('COMMIT');
      const reply = await asked;
      expect([reply.status, reply.body.count]).to.deep.equal([status, status === 200 ? 0 : undefined]);
      const [left] = (await other.query('SELECT article_title AS title, _deleted_at FROM article')).rows;
      expect([left.title, left._deleted_at !== null]).to.deep.equal(['One', isArchived]);
    });
});

/** Until a session of this database waits for a lock. */
async function waiting(client: { query(sql: string): Promise<{ rows: unknown[] }> }) {
  const sql = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  for (let n = 0; n < 200; n++) {
    if ((await client.query(sql)).rows.length > 0) return;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error('No session waits.');
}
