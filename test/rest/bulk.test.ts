import { expect } from 'chai';
import express from 'express';
import { type RestOptions, softDeleteRouter } from '../../lib/rest';
import { eachEngine, emptied } from '../orm/shop';
import { type Blog, defineBlog } from './support/blog';
import { type Asked, useServer } from './support/client';

eachEngine('bulk requests', (database, engine) => {
  let blog: Blog;
  let options: RestOptions = {};
  before(async () => {
    blog = defineBlog(database.sequelize, engine);
    await database.sequelize.sync();
  });
  beforeEach(async () => {
    options = { filter: ['title', 'stock'] as never, bulkHardDelete: true, bulkResponseContent: true };
    await emptied(database.sequelize);
    await blog.Author.create({ name: 'Ann' });
    await blog.Article.bulkCreate([0, 1, 2, 3].map((stock) => ({ title: stock < 2 ? 'a' : 'b', stock, authorId: 1 })));
    await blog.Comment.bulkCreate([1, 1, 2, 4].map((articleId) => ({ articleId, text: 'x' })));
  });
  const { ask: send } = useServer(() =>
    express()
      .use('/articles', (request, response, next) =>
        softDeleteRouter(blog.Article, options as never)(request, response, next),
      )
      .use('/authors', (request, response, next) =>
        softDeleteRouter(blog.Author, options.filter ? { bulkHardDelete: true, bulkResponseContent: true } : {})(
          request,
          response,
          next,
        ),
      ),
  );
  const ask = (verb: string, path: string, asked?: Asked) => send(verb, `/articles${path}`, asked);
  const counts = async () => [await blog.Article.count(), await blog.Article.unscoped().count({ paranoid: false })];

  it('DELETE archives what the filters pick, and counts what was live', async () => {
    expect((await ask('DELETE', '?title=a')).body).to.deep.equal({ count: 2 });
    expect(await blog.Comment.count()).to.equal(1);
    expect((await ask('DELETE', '?title=a')).body).to.deep.equal({ count: 0 });
    expect((await ask('DELETE', '')).body).to.deep.equal({ count: 2 });
    expect(await counts()).to.deep.equal([0, 4]);
  });

  it('archiving again moves no time', async () => {
    await ask('DELETE', '');
    const before = (await ask('GET', '/deleted')).body.results;
    await ask('DELETE', '');
    expect((await ask('GET', '/deleted')).body.results).to.deep.equal(before);
  });

  it('DELETE ?permanent removes live and archived rows, and counts those of every table', async () => {
    await blog.Article.destroy({ where: { stock: 3 } });
    const { body } = await ask('DELETE', '?permanent=YES');
    expect(body).to.deep.equal({ count: 8, count_per_model: { Article: 4, Comment: 4 } });
    expect((await send('DELETE', '/authors?permanent=true')).body).to.deep.equal({
      count: 1,
      count_per_model: { Author: 1 },
    });
  });

  it('rows of temporary tables, which triggers have emptied, are not counted', async () => {
    await database.sequelize.query(`
      CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        CREATE TEMP TABLE IF NOT EXISTS notes (n int) ON COMMIT DROP;
        INSERT INTO notes VALUES (1);
        DELETE FROM notes;
        RETURN NULL;
      END $$;
      CREATE TRIGGER noted AFTER DELETE ON comment FOR EACH ROW EXECUTE FUNCTION noted()`);
    const { body } = await ask('DELETE', '?permanent=1&stock=0');
    await database.sequelize.query('DROP FUNCTION noted CASCADE');
    expect(body).to.deep.equal({ count: 3, count_per_model: { Article: 1, Comment: 2 } });
  });

  it('the counts are of this request alone, by the keys of any depth', async () => {
    expect((await ask('DELETE', '?permanent=1&stock=3')).body).to.deep.equal({
      count: 2,
      count_per_model: { Article: 1, Comment: 1 },
    });
    const { body } = await send('DELETE', '/authors?permanent=1');
    expect(body).to.deep.equal({ count: 7, count_per_model: { Author: 1, Article: 3, Comment: 3 } });
    expect((await ask('DELETE', '?permanent=1')).body).to.deep.equal({ count: 0, count_per_model: {} });
  });

  it('PATCH /restore brings back what the filters pick, with what went along', async () => {
    await ask('DELETE', '');
    expect((await ask('PATCH', '/restore?title=a')).body).to.deep.equal({ count: 2 });
    expect(await blog.Comment.count()).to.equal(3);
    expect((await ask('PATCH', '/restore')).body).to.deep.equal({ count: 2 });
    expect((await ask('PATCH', '/restore')).body).to.deep.equal({ count: 0 });
  });

  it('one row that is refused: none is changed', async () => {
    await blog.Invoice.create({ articleId: 2 });
    for (const path of ['', '?permanent=true']) {
      const { status, body } = await ask('DELETE', path);
      expect([status, body.type, body.table]).to.deep.equal([409, 'urn:sequelize-guitars:problem:guarded', 'invoice']);
    }
    expect(await counts()).to.deep.equal([4, 4]);
    expect((await ask('DELETE', '?stock=0')).body).to.deep.equal({ count: 1 });
  });

  it('more rows than the limit: none is changed', async () => {
    options = { ...options, bulkLimit: 3 };
    for (const path of ['', '?permanent=true']) {
      const { status, body } = await ask('DELETE', path);
      expect([status, body.type, body.limit]).to.deep.equal([422, 'urn:sequelize-guitars:problem:too-many-rows', 3]);
    }
    expect(await counts()).to.deep.equal([4, 4]);
    expect((await ask('DELETE', '?title=a')).status).to.equal(200);
    await blog.Article.destroy({ where: {} });
    expect((await ask('PATCH', '/restore')).status).to.equal(422);
    expect(await counts()).to.deep.equal([0, 4]);
  });

  it('without content: 204', async () => {
    options = { bulkHardDelete: true };
    for (const [verb, path] of [
      ['DELETE', ''],
      ['PATCH', '/restore'],
      ['DELETE', '?permanent=true'],
    ] as const) {
      const { status, body } = await ask(verb, path);
      expect([status, body]).to.deep.equal([204, '']);
    }
    expect(await counts()).to.deep.equal([0, 0]);
  });

  it('?permanent is 403 unless it is switched on, and single rows go all the same', async () => {
    options = {};
    const { status, body } = await ask('DELETE', '?permanent=true');
    expect([status, body.type]).to.deep.equal([403, 'urn:sequelize-guitars:problem:bulk-hard-delete-off']);
    expect(await counts()).to.deep.equal([4, 4]);
    expect((await ask('DELETE', '/1?permanent=true')).status).to.equal(204);
    expect(await counts()).to.deep.equal([3, 3]);
  });

  const values: [string, boolean | undefined][] = [
    ...['true', 't', 'y', 'yes', 'on', '1', 'TRUE', 'Yes'].map((text) => [text, true] as [string, boolean]),
    ...['false', 'f', 'n', 'no', 'off', '0', '', 'null', 'OFF', 'Null'].map(
      (text) => [text, false] as [string, boolean],
    ),
    ...['2', 'maybe', 'truee', '%20', 'true%00', '[]'].map((text) => [text, undefined] as [string, undefined]),
  ];
  for (const [text, forGood] of values) {
    const expected = forGood === undefined ? '400' : forGood ? 'for good' : 'soft';
    it(`?permanent=${text}: ${expected}`, async () => {
      for (const path of ['/1', '']) {
        const { status } = await ask('DELETE', `${path}?permanent=${text}`);
        if (forGood === undefined) expect(status).to.equal(400);
        else expect(status).to.be.oneOf([200, 204]);
      }
      const left = forGood === undefined ? [4, 4] : forGood ? [0, 0] : [0, 4];
      expect(await counts()).to.deep.equal(left);
    });
  }

  it('?permanent twice, or under another name: 400', async () => {
    for (const query of ['permanent=true&permanent=true', 'permanent[]=true', 'Permanent=true', 'force=true']) {
      expect((await ask('DELETE', `/1?${query}`)).status, query).to.equal(400);
    }
    expect(await counts()).to.deep.equal([4, 4]);
  });

  it('hooks of bulk calls run, and row by row where they are asked for', async () => {
    const seen: string[] = [];
    blog.Article.addHook('beforeBulkDestroy', 'one', (given: { individualHooks: boolean }) => {
      seen.push('bulk');
      given.individualHooks = true;
    });
    blog.Article.addHook('beforeDestroy', 'two', () => void seen.push('row'));
    await ask('DELETE', '?title=a');
    blog.Article.removeHook('beforeBulkDestroy', 'one');
    expect(seen).to.deep.equal(['bulk', 'row', 'row']);
    await ask('DELETE', '/3');
    expect(seen).to.deep.equal(['bulk', 'row', 'row', 'row']);
  });
});
