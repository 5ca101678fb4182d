import { expect } from 'chai';
import { literal, Op } from 'sequelize';
import { DefinitionError } from '../../lib';
import { eachEngine, refusal, titles, useShop } from './shop';
import { THREE, WHERES } from './wheres';

eachEngine('D2 Model.destroy', (database, engine) => {
  const shop = useShop(database, engine);
  const now = () => titles(database.sequelize);

  beforeEach(async () => {
    await shop.Article.bulkCreate([
      ...THREE,
      { ...THREE[0], title: 'gone', meta: { colour: 'red', size: { width: 2 } } },
    ]);
    await database.sequelize.query(`DELETE FROM article WHERE article_title = 'gone'`);
  });

  for (const [name, [where, expected]] of Object.entries(WHERES)) {
    it(`D2 where: ${name}`, async () => {
      expect(await shop.Article.destroy({ where })).to.equal(expected.length);
      const { live, archived } = await now();
      expect(archived).to.deep.equal([...expected, 'gone']);
      expect(live).to.deep.equal(['one', 'two', 'three'].filter((title) => !expected.includes(title)));
    });
  }

  it('D2 counts each row once, however often it is asked', async () => {
    const where = { title: ['one', 'gone'] };
    expect(await shop.Article.destroy({ where })).to.equal(1);
    expect(await shop.Article.destroy({ where })).to.equal(0);
    expect(await shop.Article.destroy({ where: {} })).to.equal(2);
  });

  it('D2 counts its own rows, not those of the cascade', async () => {
    const article = await shop.Article.findOne({ where: { title: 'one' }, rejectOnEmpty: true });
    await shop.Comment.bulkCreate(['a', 'b'].map((text) => ({ articleId: article.id, text })));
    expect(await shop.Article.destroy({ where: { id: article.id } })).to.equal(1);
    expect([await shop.Comment.count(), await shop.Comment.archives.count()]).to.deep.equal([0, 2]);
    expect(await shop.Article.restore({ where: { id: article.id } })).to.equal(1);
    expect(await shop.Comment.count()).to.equal(2);
  });

  it('D2 a row that another session archives while this one waits for it does not count', async () => {
    const other = await database.client();
    const watcher = await database.client();
    for (const options of [{}, { limit: 1, order: [['id', 'ASC']] }] as object[]) {
      await shop.Article.restore({ where: {} });
      await other.query(`BEGIN; DELETE FROM article WHERE article_title = 'one'`);
      const count = shop.Article.destroy({ where: { title: ['one', 'gone'] }, ...options });
      const { processID } = other as unknown as { processID: number };
      const waiting = 'SELECT 1 FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))';
      while ((await watcher.query(waiting, [processID])).rows.length === 0);
      await other.query('COMMIT');
      expect(await count, JSON.stringify(options)).to.equal('limit' in options ? 0 : 1);
    }
  });

  it('D2 limit, with order, in the words of the model', async () => {
    const { Article } = shop;
    expect(await Article.destroy({ where: { stock: { [Op.gt]: 1 } }, limit: 1 })).to.equal(1);
    expect((await now()).live)
      .to.include('one')
      .and.have.length(2);
    await Article.restore({ where: { title: ['two', 'three'] } });
    expect(await Article.destroy({ where: {}, limit: 2, order: [['stock', 'DESC']] } as never)).to.equal(2);
    expect((await now()).live).to.deep.equal(['one']);
    expect(await Article.destroy({ where: {}, limit: 10 })).to.equal(1);
  });

  it('D2 limit: 0 picks nothing, offset leaves rows out', async () => {
    const { Article } = shop;
    expect(await Article.destroy({ where: {}, limit: 0 })).to.equal(0);
    expect(await Article.destroy({ where: {}, limit: 0, individualHooks: true })).to.equal(0);
    expect(await Article.destroy({ where: {}, offset: 2, order: [['stock', 'ASC']] } as never)).to.equal(1);
    expect((await now()).live).to.deep.equal(['one', 'two']);
  });

  it('D2 through a scope that narrows', async () => {
    const { Article } = shop;
    Article.addScope('plenty', { where: { stock: { [Op.gt]: 2 } } }, { override: true });
    expect(await Article.scope('plenty').destroy({ where: { title: ['one', 'three'] } })).to.equal(1);
    expect((await now()).live).to.deep.equal(['one', 'two']);
    expect(await Article.scope('plenty').destroy()).to.equal(0);
    expect(await (Article.live as typeof Article).destroy({ where: { title: 'one' } })).to.equal(1);
    expect(await (Article.archives as typeof Article).destroy({ where: {} })).to.equal(0);
  });

  it('leaves the caller’s options as they were', async () => {
    const where = { title: 'one', deletedAt: null };
    const options = { where, limit: 1 };
    await shop.Article.destroy(options);
    await shop.Article.restore(options);
    expect(options).to.deep.equal({ where: { title: 'one', deletedAt: null }, limit: 1 });
    expect(options.where).to.equal(where);
  });

  it('without where: an error that says what to write, and nothing is sent', async () => {
    const { Article } = shop;
    const calls = {
      destroy: () => Article.destroy(),
      'destroy({})': () => Article.destroy({}),
      'destroy, where undefined': () => Article.destroy({ where: undefined }),
      restore: () => Article.restore(),
      'restore({})': () => Article.restore({}),
      'archives.restore': () => (Article.archives as typeof Article).restore(),
      'destroy, force': () => Article.destroy({ force: true }),
      hardDelete: () => Article.hardDelete({}),
      'live.destroy': () => (Article.live as typeof Article).destroy(),
      'a where of the wrong kind': () => Article.destroy({ where: 'everything' as never }),
      'hardDelete, a where of the wrong kind': () => Article.hardDelete({ where: 'id > 0' as never }),
      'destroy, no conditions': () => Article.destroy({ where: [] as never }),
      'restore, no conditions': () => Article.restore({ where: [] as never }),
      'hardDelete, no conditions': () => Article.hardDelete({ where: [] as never }),
      'hardDelete, an empty Op.and': () => Article.hardDelete({ where: { [Op.and]: [] } }),
      'hardDelete, empty conditions': () => Article.hardDelete({ where: [{}] as never }),
    };
    for (const [name, call] of Object.entries(calls)) {
      const error = await refusal(call());
      expect(error, name).to.be.instanceOf(DefinitionError);
      expect(error.message, name).to.include('{ where: {} }');
    }
    expect(await now()).to.deep.equal({ live: ['one', 'two', 'three'], archived: ['gone'] });
  });

  it('truncate is refused with a remedy, unless forced', async () => {
    const { Article, Comment } = shop;
    await Comment.create({ articleId: 1, text: 'a' });
    const error = await refusal(Comment.destroy({ truncate: true }));
    expect(error).to.be.instanceOf(DefinitionError);
    expect(error.message).to.include('{ truncate: true, force: true }').and.to.include('{ where: {} }');
    expect(await refusal(Comment.truncate())).to.be.instanceOf(DefinitionError);
    expect(await Comment.count()).to.equal(1);
    await Comment.destroy({ truncate: true, force: true });
    expect(await Comment.all.count()).to.equal(0);
    await Article.truncate({ force: true, cascade: true, restartIdentity: true });
    expect(await Article.all.count()).to.equal(0);
    expect((await Article.create({ title: 'new' })).id).to.equal(1);
  });

  it('a where that PostgreSQL refuses changes nothing, and the model works on', async () => {
    await refusal(shop.Article.destroy({ where: literal('nonsense(') }));
    expect((await now()).live).to.have.length(3);
    expect(await shop.Article.destroy({ where: { title: 'one' } })).to.equal(1);
  });
});
