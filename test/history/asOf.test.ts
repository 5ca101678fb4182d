import { expect } from 'chai';
import { col, fn, Model, Op, QueryTypes } from 'sequelize';
import { Versioned } from '../../lib/history/versioned';
import { refusal, wipe } from '../contract/world';
import { useDatabase } from '../support/database';
import { defineAuthors } from './pastWorld';
import { ATTRIBUTES, useHistory } from './world';

describe('history: rows as of a moment', () => {
  const db = useDatabase();
  let models: ReturnType<typeof defineAuthors>;
  before(async () => {
    models = defineAuthors(db.sequelize);
    await db.sequelize.sync();
  });
  afterEach(() => wipe(db.sequelize));

  /** The present, as text with microseconds: a moment that all of what is done later comes after. */
  const now = async (): Promise<string> => {
    const [row] = await db.sequelize.query<{ at: string }>(
      `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`,
      { type: QueryTypes.SELECT },
    );
    return row?.at as string;
  };

  it('findAll, with where, order, limit, attributes and group', async () => {
    const { Article } = models;
    const before = await now();
    const [one, two] = await Article.bulkCreate([
      { title: 'a', rank: 1 },
      { title: 'b', rank: 2 },
      { title: 'c', rank: 2 },
    ]);
    const then = await now();
    await one?.update({ title: 'A', rank: 9 });
    await two?.hardDelete();
    await Article.create({ title: 'new' });
    await Article.destroy({ where: { title: 'c' } });
    const titles = async (...given: Parameters<typeof Article.asOf>) =>
      (await Article.asOf(...given)).map(({ title }: { title: string }) => title);
    expect(await titles(before)).to.deep.equal([]);
    expect(await titles(then, { order: ['title'] })).to.deep.equal(['a', 'b', 'c']);
    expect(await titles(then, { where: { rank: 2 }, order: [['title', 'DESC']] })).to.deep.equal(['c', 'b']);
    expect(await titles(then, { order: ['id'], limit: 1, offset: 1 })).to.deep.equal(['b']);
    expect(await titles(new Date(), { order: ['title'] })).to.deep.equal(['A', 'new']);
    expect(await titles(new Date(), { order: ['title'], paranoid: false })).to.deep.equal(['A', 'c', 'new']);
    const groups = await Article.asOf(then, {
      attributes: ['rank', [fn('count', col('id')), 'n']],
      group: ['rank'],
      order: ['rank'],
      raw: true,
    });
    expect(groups).to.deep.equal([
      { rank: 1, n: '1' },
      { rank: 2, n: '2' },
    ]);
    expect(await Article.countAsOf(then, { where: { rank: { [Op.gt]: 1 } } })).to.equal(2);
    expect(await Article.countAsOf(before)).to.equal(0);
    expect(await Article.count()).to.equal(2);
    const [found] = await Article.asOf(then, { where: { id: one?.id } });
    expect(found?.get()).to.deep.include({ title: 'a', rank: 1, _version: 1, deletedAt: null });
    expect([found?.isNewRecord, found?.changed()]).to.deep.equal([false, false]);
    await found?.reload();
    expect(found?.title).to.equal('A');
  });

  it('paranoid as it was then: archived and restored rows, scopes', async () => {
    const { Article } = models;
    const one = await Article.create({ title: 'a' });
    await one.destroy();
    const archived = await now();
    await one.restore();
    expect(await Article.asOf(archived)).to.have.length(0);
    expect(await Article.asOf(archived, { paranoid: false })).to.have.length(1);
    const Archives = Article.archives as unknown as typeof Article;
    expect(await Archives.asOf(archived)).to.have.length(1);
    expect(await Archives.asOf(new Date())).to.have.length(0);
    expect(await Article.asOf(new Date())).to.have.length(1);
  });

  it('includes: nested, required, through, separate, to themselves', async () => {
    const { Author, Article, Note, Tag } = models;
    const [ann, bob] = await Author.bulkCreate([{ name: 'ann' }, { name: 'bob' }]);
    const one = await Article.create({ title: 'one', author_id: ann?.id });
    const two = await Article.create({ title: 'two', author_id: bob?.id });
    const tags = await Tag.bulkCreate([{ word: 'x' }, { word: 'y' }]);
    await one.addTags(tags);
    await Note.bulkCreate([
      { body: 'n1', article_id: one.id },
      { body: 'n2', article_id: one.id },
      { body: 'n3', article_id: two.id },
    ]);
    const then = await now();
    await ann?.update({ name: 'ANN' });
    await one.setTags(tags.slice(0, 1));
    await tags[0]?.update({ word: 'X' });
    await Note.destroy({ where: { body: 'n1' } });
    await Note.update({ body: 'N2' }, { where: { body: 'n2' } });
    await bob?.destroy();
    const include = [
      { association: 'author', required: true },
      { association: 'tags', through: { where: { weight: 1 } } },
    ];
    for (const separate of [false, true]) {
      const found = await Article.asOf(then, {
        include: [...include, { association: 'notes', separate, order: separate ? ['id'] : undefined }],
        order: ['id'],
      });
      const told = found.map(({ title, author, tags, notes }) => [
        title,
        author?.name,
        tags?.map(({ word }) => word).sort(),
        notes?.map(({ body }) => body).sort(),
      ]);
      expect(told).to.deep.equal([
        ['one', 'ann', ['x', 'y'], ['n1', 'n2']],
        ['two', 'bob', [], ['n3']],
      ]);
    }
    const present = await Article.asOf(new Date(), { include: [...include, 'notes'] });
    expect(present.map(({ author, notes }) => [author?.name, notes?.map(({ body }) => body)])).to.deep.equal([
      ['ANN', ['N2']],
    ]);
    // A limit, of which Sequelize makes a subquery; a nested include that is required; where of an include; the same model twice.
    const limited = await Author.asOf(then, {
      include: { association: 'articles', required: true, include: [{ association: 'notes', where: { body: 'n3' } }] },
      order: ['id'],
      limit: 1,
    });
    expect(limited.map(({ name }) => name)).to.deep.equal(['bob']);
    const twice = await Author.asOf(then, {
      include: { association: 'articles', include: [{ association: 'author' }] },
      where: { '$articles.author.name$': 'ann' },
    });
    expect(twice.map(({ name, articles }) => [name, articles?.[0]?.author?.name])).to.deep.equal([['ann', 'ann']]);
    const few = await Author.asOf(then, {
      include: {
        association: 'articles',
        separate: true,
        limit: 1,
        include: [{ association: 'notes', separate: true }],
      },
      order: ['id'],
    });
    expect(few.map(({ articles }) => articles?.[0]?.notes?.length)).to.deep.equal([2, 1]);
    expect(await Article.countAsOf(then, { include: [{ association: 'tags', required: true }] })).to.equal(2);
  });

  it('a model without a history is refused, wherever it is included; and so is a lock', async () => {
    const { Author, Article } = models;
    const plain = [
      { include: 'sponsors' },
      { include: [{ association: 'sponsors', separate: true }] },
      {
        include: [
          { association: 'articles', separate: true, include: [{ association: 'author', include: ['sponsors'] }] },
        ],
      },
    ];
    for (const options of plain) {
      const error = await refusal(Author.asOf(new Date(), options as never));
      expect([error.name, error.message]).to.deep.equal([
        'DefinitionError',
        'author.asOf(): sponsor keeps no history, so what it was is not known. Apply Versioned(…) to it (to a through model, too), or leave it out of the include.',
      ]);
    }
    expect((await refusal(Article.asOf(new Date(), { lock: true }))).message).to.match(/cannot be locked/);
    for (const moment of [undefined, null, 12, 'yesterday', '2031-13-45', new Date('x'), '2031-05-01T12:00'])
      expect((await refusal(Article.asOf(moment as never))).name, String(moment)).to.equal('DefinitionError');
  });

  it('a moment: to its last digit, in every form', async () => {
    const { Article } = models;
    const one = await Article.create({ title: 'a' });
    for (const title of 'bcdefg') await one.update({ title });
    const [row] = await db.sequelize.query<{ list: string[] }>(
      `SELECT array_agg(to_char(_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ORDER BY _entry) AS list FROM article_history WHERE id = ${one.id}`,
      { type: QueryTypes.SELECT },
    );
    // The key was another row's in the tests before.
    for (const [n, at] of (row?.list ?? []).slice(-7).entries()) {
      const [exact] = await Article.asOf(at);
      expect(exact?._version).to.equal(n + 1);
      const version = await one.version(n + 1);
      for (const moment of [version?.at, version?.at.toISOString()] as Date[]) {
        const [found] = await Article.asOf(moment);
        // Another change may have been made in the same millisecond.
        expect(found?._version).to.be.within(n + 1, n + 2);
      }
    }
    expect(await Article.asOf('1999-01-01')).to.deep.equal([]);
    expect(await Article.asOf('1999-01-01 00:00:00+02:00')).to.deep.equal([]);
  });

  it('a cursor: exact where transactions overlap', async () => {
    const { Author, Article } = models;
    const titles = async (moment: string | Date) =>
      (await Article.asOf(moment, { order: ['id'] })).map(({ title }) => title);
    const long = await db.sequelize.transaction();
    await Article.create({ title: 'late' }, { transaction: long });
    await Article.create({ title: 'early' });
    const cursor = await Article.cursor();
    const at = new Date();
    await long.commit();
    expect(await titles(cursor)).to.deep.equal(['early']);
    expect(await titles(at)).to.deep.equal(['late', 'early']);
    expect(await titles(await Article.cursor())).to.deep.equal(['late', 'early']);
    expect(await Article.countAsOf(cursor)).to.equal(1);
    const { cursor: end, more } = await Article.changes(cursor);
    expect(more).to.equal(false);
    expect(await titles(end)).to.have.length(2);
    const { cursor: between } = await Article.changes(null, { limit: 1 });
    expect((await refusal(titles(between))).message).to.match(/between two pages/);
    expect((await refusal(Author.asOf(await Article.cursor()))).name).to.equal('CursorError');
    const error = await refusal(Article.asOf(cursor, { include: 'author' }));
    expect([error.name, error.message]).to.match(
      /DefinitionError.*a position in the history of article alone, and author/,
    );
  });

  it('within a transaction, what it has written; never half of another', async () => {
    const { Article } = models;
    await db.sequelize.transaction(async (transaction) => {
      const one = await Article.create({ title: 'a' }, { transaction });
      await Article.create({ title: 'b' }, { transaction });
      const at = (await one.versions({ transaction }))[0]?.at as Date;
      expect(await Article.asOf(at, { transaction })).to.have.length(2);
      expect(await Article.asOf(at)).to.have.length(0);
    });
    expect(await Article.asOf(new Date())).to.have.length(2);
  });
});

describe('history: what it does not tell of', () => {
  const { article, db } = useHistory();

  it('excluded and filtered attributes are missing, and refused in a condition', async () => {
    const Article = await article({ exclude: ['meta'], filter: ['secret'] });
    await Article.create({ title: 'a', meta: { n: 1 }, secret: 's' });
    const [found] = await Article.asOf(new Date());
    expect(found?.get()).to.include({ title: 'a' });
    expect(found?.get()).not.to.have.any.keys('meta', 'secret', 'the secret');
    const [some] = await Article.asOf(new Date(), { attributes: ['id', 'secret'], raw: true });
    expect(Object.keys(some ?? {})).to.deep.equal(['id']);
    const error = await refusal(Article.asOf(new Date(), { where: { secret: 's' } }));
    expect([error.name, error.message]).to.deep.equal([
      'DefinitionError',
      `${Article.name}.asOf(): column ${Article.name}.the secret does not exist. Excluded and filtered attributes have no past: leave them out of where, order, group and the keys of includes.`,
    ]);
  });

  it('rows that were there before it began; a baseline', async () => {
    class Late extends Versioned(Model) {}
    Late.init(ATTRIBUTES(), { sequelize: db.sequelize, modelName: 'late', tableName: 'late', timestamps: false });
    await db.sequelize.query(`CREATE TABLE late (id int PRIMARY KEY, title text, meta jsonb, "the secret" text)`);
    await db.sequelize.query(`INSERT INTO late VALUES (1, 'a', NULL, NULL)`);
    const before = new Date();
    await new Promise<void>((resolve) => setImmediate(resolve));
    await db.sequelize.query(`SELECT pg_sleep(0.002)`);
    await Late.sync();
    expect(await Late.asOf(before)).to.deep.equal([]);
    expect(await Late.asOf(new Date())).to.have.length(1);
    const [baseline] = await Late.historyOf(1);
    expect([baseline?.operation, baseline?.changedFields]).to.deep.equal(['baseline', []]);
  });

  it('with options that Sequelize has for its SQL', async () => {
    const sequelize = db.connect({ minifyAliases: true });
    const Article = await article({}, { sequelize });
    await Article.create({ title: 'a' });
    const found = await Article.asOf(new Date(), {
      where: sequelize.literal(`title = :title`) as never,
      replacements: { title: 'a', '00': 'never' },
      limit: 1,
    } as never);
    expect(found.map(({ title }) => title)).to.deep.equal(['a']);
  });
});
