import { expect } from 'chai';
import { literal, Op, type WhereOptions } from 'sequelize';
import { eachEngine, useShop } from './shop';

eachEngine('includes, getters, counts', (database, engine) => {
  const shop = useShop(database, engine);
  type Article = InstanceType<typeof shop.Article>;
  type Comment = InstanceType<typeof shop.Comment>;
  type Getters = Article & {
    getComments(options?: object): Promise<Comment[]>;
    countComments(options?: object): Promise<number>;
    hasComment(comment: Comment): Promise<boolean>;
    createComment(values: object): Promise<Comment>;
    setComments(comments: Comment[]): Promise<void>;
    addComment(comment: Comment): Promise<void>;
    removeComment(comment: Comment): Promise<void>;
  };
  const order = [['id', 'ASC']] as [string, string][];
  const texts = (rows: readonly { text: string }[] = []) => rows.map(({ text }) => text).sort();
  const one = async () =>
    (await shop.Article.findOne({ where: { title: 'one' }, paranoid: false, rejectOnEmpty: true })) as Getters;

  // one: a, b live and c archived; two: none live, d archived; gone: archived with e by the cascade.
  beforeEach(async () => {
    const { Article, Comment } = shop;
    await Article.bulkCreate(['one', 'two', 'gone'].map((title) => ({ title })));
    await Comment.bulkCreate([
      ...['a', 'b', 'c'].map((text) => ({ articleId: 1, text })),
      { articleId: 2, text: 'd' },
      { articleId: 3, text: 'e' },
    ]);
    await Comment.destroy({ where: { text: ['c', 'd'] } });
    await Article.destroy({ where: { title: 'gone' } });
  });

  for (const separate of [false, true]) {
    it(`shows live children of live parents${separate ? ', by queries of their own' : ''}`, async () => {
      const articles = await shop.Article.findAll({ include: [{ association: 'comments', separate }], order });
      expect(articles.map((article) => [article.title, texts(article.comments)])).to.deep.equal([
        ['one', ['a', 'b']],
        ['two', []],
      ]);
    });

    it(`paranoid: false in the include${separate ? ', separate' : ''}: all children of live parents`, async () => {
      const include = [{ association: 'comments', paranoid: false, separate }];
      const articles = await shop.Article.findAll({ include, order });
      expect(articles.map((article) => texts(article.comments))).to.deep.equal([['a', 'b', 'c'], ['d']]);
    });
  }

  it('an OR in a literal lets no archived child in where the root is a plain model', async () => {
    const { sequelize } = database;
    const Plain = sequelize.define('plain', {}, { tableName: 'article', timestamps: false });
    try {
      Plain.hasMany(shop.Comment, { as: 'remarks', foreignKey: 'articleId', constraints: false });
      const either = literal(`text = 'a' OR text = 'c'`);
      for (const where of [either, { [Op.and]: either }, [either]] as WhereOptions[]) {
        const rows = await Plain.findAll({ include: [{ association: 'remarks', where, required: false }], order });
        expect(rows.map((row) => texts((row as never as { remarks: Comment[] }).remarks))).to.deep.equal([
          ['a'],
          [],
          [],
        ]);
      }
      const on = literal(`"remarks"."article_id" = "plain"."id" OR false`) as never;
      const rows = await Plain.findAll({ include: [{ association: 'remarks', on }], order });
      expect(texts((rows[0] as never as { remarks: Comment[] }).remarks)).to.deep.equal(['a', 'b']);
    } finally {
      sequelize.modelManager.removeModel(Plain);
    }
  });

  it('paranoid: false on the query alone: all parents, live children', async () => {
    const articles = await shop.Article.findAll({ include: ['comments'], paranoid: false, order });
    expect(articles.map((article) => texts(article.comments))).to.deep.equal([['a', 'b'], [], []]);
    const archived = await shop.Article.archives.findAll({
      include: [{ association: 'comments', paranoid: false }],
    } as never);
    expect(texts((archived[0] as never as Article).comments)).to.deep.equal(['e']);
  });

  it('required: parents with live children only', async () => {
    const found = await shop.Article.findAll({ include: [{ association: 'comments', required: true }], order });
    expect(found.map(({ title }) => title)).to.deep.equal(['one']);
    const include = [{ association: 'comments', required: true, paranoid: false }];
    expect(await shop.Article.count({ include, distinct: true })).to.equal(2);
  });

  it('a where in the include, an OR in a literal too, lets no archived child in', async () => {
    for (const where of [{ [Op.or]: [{ text: 'a' }, { text: 'c' }] }, literal(`text = 'a' OR text = 'c'`)]) {
      const [found] = await shop.Article.findAll({
        include: [{ association: 'comments', where: where as WhereOptions }],
      });
      expect(texts(found?.comments)).to.deep.equal(['a']);
    }
  });

  it('belongsTo: an archived parent is not shown, unless asked for', async () => {
    const { Comment } = shop;
    const find = (paranoid: boolean) =>
      Comment.findOne({
        where: { text: 'e' },
        paranoid: false,
        include: [{ association: 'article', paranoid }],
        rejectOnEmpty: true,
      });
    expect((await find(true)).article).to.equal(null);
    expect((await find(false)).article?.title).to.equal('gone');
  });

  it('getters', async () => {
    const article = await one();
    expect(texts(await article.getComments())).to.deep.equal(['a', 'b']);
    expect(texts(await article.getComments({ paranoid: false }))).to.deep.equal(['a', 'b', 'c']);
    expect(texts(await article.getComments({ scope: 'archives' }))).to.deep.equal(['c']);
    expect([await article.countComments(), await article.countComments({ paranoid: false })]).to.deep.equal([2, 3]);
    const gone = await shop.Comment.archives.findOne({ where: { text: 'c' } as never, rejectOnEmpty: true });
    expect(await article.hasComment(gone as never)).to.equal(false);
  });

  it('setters', async () => {
    const article = await one();
    const [a, b] = await article.getComments();
    await article.setComments([b as Comment]);
    expect(texts(await article.getComments())).to.deep.equal(['b']);
    await article.addComment(a as Comment);
    await article.removeComment(b as Comment);
    await article.createComment({ text: 'f' });
    expect(texts(await article.getComments())).to.deep.equal(['a', 'f']);
    // The archived one kept its link through all of it.
    expect(texts(await article.getComments({ scope: 'archives' }))).to.deep.equal(['c']);
  });

  it('count, findAndCountAll, aggregates, findByPk', async () => {
    const { Article, Comment } = shop;
    expect([await Comment.count(), await Comment.count({ paranoid: false })]).to.deep.equal([2, 5]);
    expect(await Comment.count({ where: { text: ['a', 'c'] } })).to.equal(1);
    const page = await Article.findAndCountAll({ limit: 1, order, include: ['comments'], distinct: true });
    expect([page.count, page.rows.length, texts(page.rows[0]?.comments)]).to.deep.equal([2, 1, ['a', 'b']]);
    const all = await Article.findAndCountAll({ limit: 2, paranoid: false, order });
    expect([all.count, all.rows.length]).to.deep.equal([3, 2]);
    expect([await Comment.max('id'), await Comment.max('id', { paranoid: false })]).to.deep.equal([2, 5]);
    expect([await Article.findByPk(3), (await Article.findByPk(3, { paranoid: false }))?.title]).to.deep.equal([
      null,
      'gone',
    ]);
  });

  it('scopes in an include, unscoped, and a scope beside an array', async () => {
    const { Article, Comment } = shop;
    const include = [{ model: Comment.scope('archives'), as: 'comments' }];
    const found = await Article.findAll({ include, order });
    expect(found.map((article) => texts(article.comments))).to.deep.equal([['c'], ['d']]);
    expect(await Article.unscoped().count()).to.equal(2);
    const archived = await Comment.archives.findAll({ where: [{ articleId: 1 }, { text: ['a', 'c'] }] as never });
    expect(texts(archived as never)).to.deep.equal(['c']);
  });

  it('a default scope of the model’s own stays beside live', async () => {
    const { Comment } = shop;
    Comment.addScope('defaultScope', { where: { articleId: 1 } }, { override: true });
    try {
      expect([await Comment.count(), await Comment.unscoped().count()]).to.deep.equal([2, 2]);
      expect(await Comment.count({ paranoid: false })).to.equal(3);
      expect(await Comment.scope(['defaultScope', 'archives']).count()).to.equal(1);
      expect(await Comment.destroy({ where: {} })).to.equal(2);
      expect(await Comment.unscoped().count({ paranoid: false })).to.equal(5);
    } finally {
      Comment.addScope('defaultScope', {}, { override: true });
    }
  });
});
