import { inspect } from 'node:util';
import { expect } from 'chai';
import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  literal,
  Model,
  Op,
  Sequelize,
} from 'sequelize';
import { audit, Dated, DefinitionError, Dutar, Guitar, install, plan, Setar, Tracked, uninstall } from '../../lib';
import { Since, type SinceCriteria } from '../../lib/history/since';
import { Versioned } from '../../lib/history/versioned';
import { refusal, rows } from '../contract/world';
import { useDatabase } from '../support/database';
import { statementsOf } from '../support/ladder';

class Article extends Since(Guitar(Model))<InferAttributes<Article>, InferCreationAttributes<Article>> {
  declare id: CreationOptional<number>;
  declare title: string;
  declare n: CreationOptional<number>;
}

/** Keys of several columns, whose text is not their order. */
class Entry extends Since(Setar(Model))<InferAttributes<Entry>, InferCreationAttributes<Entry>> {
  declare name: string;
  declare at: Date;
  declare no: string;
}

const id = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });
const titles = (found: readonly Article[]) => found.map(({ title }) => title);
const BEGINNING = { timestamp: 0 };

describe('Since', () => {
  const db = useDatabase();

  before(async () => {
    const { sequelize } = db;
    Article.init(
      { id: id(), title: DataTypes.TEXT, n: { type: DataTypes.INTEGER, defaultValue: 0 } },
      { sequelize, scopes: { some: { where: { [Op.and]: [{ n: 1 }] }, attributes: ['title'] }, few: { limit: 2 } } },
    );
    Entry.init(
      {
        name: { type: DataTypes.TEXT, primaryKey: true },
        at: { type: DataTypes.DATE, primaryKey: true, field: 'the time' },
        no: { type: DataTypes.BIGINT, primaryKey: true },
      },
      { sequelize },
    );
    await sequelize.sync();
  });

  afterEach(async () => {
    await Article.hardDelete({ where: {} });
    await Entry.destroy({ where: {} });
  });

  /** Rows with these times, to the microsecond. */
  const put = (...made: [title: string, created: string, updated?: string][]) =>
    db.sequelize.transaction(async (transaction) => {
      await db.sequelize.query('SET LOCAL guitars.keep_timestamps = on', { transaction });
      for (const [title, created, updated = created] of made) {
        await db.sequelize.query(
          `INSERT INTO "Articles" (title, n, _created_at, _updated_at) VALUES ('${title}', 1, '${created}', '${updated}')`,
          { transaction },
        );
      }
    });

  async function refused(criteria: unknown, ...parts: string[]) {
    for (const part of parts) {
      expect(() => Article.since(criteria as SinceCriteria), inspect(criteria))
        .to.throw(DefinitionError)
        .with.property('message')
        .that.includes(part);
    }
  }

  it('rows that were created or updated after a time, in the order of their last change', async () => {
    await put(
      ['b', '2024-01-01T00:00:00Z', '2024-01-01T00:00:03Z'],
      ['a', '2024-01-01T00:00:02Z'],
      ['same', '2024-01-01T00:00:02Z'],
      ['old', '2024-01-01T00:00:00Z', '2024-01-01T00:00:01Z'],
      ['created later', '2024-01-01T00:00:05Z', '2024-01-01T00:00:00Z'],
    );
    const since = async (timestamp: Date | string | number) => titles(await Article.since({ timestamp }));
    expect(await since('2024-01-01')).to.deep.equal(['old', 'a', 'same', 'b', 'created later']);
    // Strictly after.
    expect(await since('2024-01-01T00:00:02Z')).to.deep.equal(['b', 'created later']);
    expect(await since(new Date('2024-01-01T00:00:02Z'))).to.deep.equal(['b', 'created later']);
    expect(await since(1704067202)).to.deep.equal(['b', 'created later']);
    expect(await since(1704067201.5)).to.deep.equal(['a', 'same', 'b', 'created later']);
    expect(await since('2024-01-01T05:30:03+05:30')).to.deep.equal(['created later']);
    expect(await since('2024-01-01T00:00Z')).to.have.length(5);
    expect(await since('2024-01-01T00:00:05Z')).to.deep.equal([]);
  });

  it('microseconds count', async () => {
    await put(
      ['1', '2024-01-01T00:00:00.123456Z'],
      ['2', '2024-01-01T00:00:00.123457Z'],
      ['3', '2024-01-01T00:00:00.124Z'],
    );
    const since = async (timestamp: string | number | Date) => titles(await Article.since({ timestamp }));
    expect(await since('2024-01-01T00:00:00.123455Z')).to.deep.equal(['1', '2', '3']);
    expect(await since('2024-01-01T00:00:00.123456Z')).to.deep.equal(['2', '3']);
    expect(await since('2024-01-01T00:00:00.123456999Z')).to.deep.equal(['2', '3']);
    expect(await since('2024-01-01T00:00:00.1234560+00:00')).to.deep.equal(['2', '3']);
    expect(await since(1704067200.123456)).to.deep.equal(['2', '3']);
    expect(await since('2024-01-01T00:00:00.123457Z')).to.deep.equal(['3']);
    // A Date is the beginning of its millisecond: some come again, and none is missed.
    expect(await since(new Date('2024-01-01T00:00:00.123Z'))).to.deep.equal(['1', '2', '3']);
    expect((await Article.lastChange())?.toISOString()).to.equal('2024-01-01T00:00:00.124Z');
    await put(['4', '2024-01-01T00:00:00.999999Z']);
    expect((await Article.lastChange())?.toISOString()).to.equal('2024-01-01T00:00:00.999Z');
    expect(await since((await Article.lastChange()) as Date)).to.deep.equal(['4']);
    const exact = (await Article.lastChange({ exact: true })) as string;
    expect(exact).to.match(/\.999999[+-]/);
    expect(await since(exact)).to.deep.equal([]);
    const pages: string[][] = [];
    for await (const page of Article.since(BEGINNING, { pageSize: 1 }).pages()) pages.push(titles(page));
    expect(pages).to.deep.equal([['1'], ['2'], ['3'], ['4']]);
  });

  it('the settings of a session change nothing', async () => {
    await put(['1', '2024-01-01T00:00:00.123456Z'], ['2', '2024-01-01T00:00:00.123457Z']);
    const sequelize = db.connect({ timezone: '+05:30', dialectOptions: { options: '-c datestyle=German,DMY' } });
    class Elsewhere extends Since(Guitar(Model))<InferAttributes<Article>, InferCreationAttributes<Article>> {}
    Elsewhere.init({ id: id(), title: DataTypes.TEXT } as never, { sequelize, tableName: 'Articles' });
    const found: unknown[] = [];
    for await (const row of Elsewhere.since(BEGINNING, { pageSize: 1 })) found.push(row.get('title' as never));
    expect(found).to.deep.equal(['1', '2']);
    expect(await Elsewhere.lastChange({ exact: true })).to.equal('2024-01-01T05:30:00.123457+05:30');
    expect((await Elsewhere.lastChange())?.toISOString()).to.equal('2024-01-01T00:00:00.123Z');
  });

  it('archived rows with deleted: true alone; undeleted() and lastChange()', async () => {
    expect(await Article.lastChange()).to.equal(null);
    const [kept, gone] = await Article.bulkCreate([{ title: 'kept' }, { title: 'gone' }], { individualHooks: true });
    const before = (await Article.lastChange()) as Date;
    await (gone as Article).destroy();
    expect(titles(await Article.since(BEGINNING))).to.deep.equal(['kept']);
    expect(titles(await Article.since(BEGINNING, { deleted: true }))).to.deep.equal(['kept', 'gone']);
    expect(titles(await Article.undeleted())).to.deep.equal(['kept']);
    expect(titles(await Article.undeleted({ where: { title: 'gone' } }))).to.deep.equal([]);
    const last = (await Article.lastChange()) as Date;
    expect(last.getTime()).to.be.at.least(before.getTime());
    const archived = (await Article.findByPk(gone?.id, { paranoid: false })) as Article;
    expect(last).to.deep.equal(archived.updatedAt);
    for (const [scope, answer] of [
      ['archives', ['gone']],
      ['all', ['kept', 'gone']],
      ['live', ['kept']],
    ] as const) {
      const scoped = Article[scope] as unknown as typeof Article;
      expect(titles(await scoped.since(BEGINNING)), scope).to.deep.equal(answer);
      expect((await scoped.lastChange())?.getTime(), scope).to.equal(
        (scope === 'live' ? kept : archived)?.updatedAt.getTime(),
      );
    }
  });

  it('where, limit, and scopes', async () => {
    for (const title of ['a', 'b', 'c', 'd']) await Article.create({ title, n: title > 'b' ? 1 : 0 });
    const of = async (...[options]: [Parameters<typeof Article.since>[1]]) =>
      titles((await Article.since(BEGINNING, options)) as Article[]);
    expect(await of({ where: { n: 1 } })).to.deep.equal(['c', 'd']);
    expect(await of({ where: literal(`n = 1 OR title = 'a'`) as never, limit: 2 })).to.deep.equal(['a', 'c']);
    expect(await of({ where: { [Op.or]: [{ title: 'a' }, { title: 'd' }] } })).to.deep.equal(['a', 'd']);
    expect(await of({ limit: 3 })).to.deep.equal(['a', 'b', 'c']);
    expect(await of({ limit: 0 })).to.deep.equal([]);
    const scoped = (name: string) => Article.scope(name) as unknown as typeof Article;
    const streamed = async (model: typeof Article, options: { pageSize: number; limit?: number }) => {
      const found: Article[] = [];
      for await (const row of model.since(BEGINNING, options)) found.push(row);
      return found;
    };
    expect(titles(await scoped('some').since(BEGINNING, { where: { title: { [Op.ne]: 'd' } } }))).to.deep.equal(['c']);
    expect((await streamed(scoped('some'), { pageSize: 1 })).map((row) => row.get())).to.deep.equal([
      { title: 'c' },
      { title: 'd' },
    ]);
    expect(titles(await scoped('few').since(BEGINNING))).to.deep.equal(['a', 'b']);
    expect(titles(await streamed(scoped('few'), { pageSize: 1 }))).to.deep.equal(['a', 'b']);
    expect(titles(await streamed(Article, { pageSize: 3, limit: 4 }))).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(titles(await streamed(Article, { pageSize: 2, limit: 3 }))).to.deep.equal(['a', 'b', 'c']);
  });

  it('awaited, one statement; iterated, pages of keys and never an OFFSET', async () => {
    await Article.bulkCreate([...'abcde'].map((title) => ({ title })));
    const awaited = await statementsOf(async (logging) => {
      const query = Article.since(BEGINNING, { logging });
      expect(await query).to.equal(await query);
      expect(titles(await query)).to.deep.equal([...'abcde']);
    });
    expect(awaited).to.have.length(1);
    expect(awaited.join()).not.to.include('guitarsPlace');
    const found: Article[] = [];
    const streamed = await statementsOf(async (logging) => {
      for await (const row of Article.since(BEGINNING, { logging, pageSize: 2 })) found.push(row);
    });
    expect(streamed).to.have.length(3);
    expect(streamed.join()).not.to.include('OFFSET');
    expect(titles(found)).to.deep.equal([...'abcde']);
    for (const row of found)
      expect([row.get(), row.changed()]).to.deep.equal([(await Article.findByPk(row.id))?.get(), false]);
    // Only what is asked for is fetched.
    const broken = await statementsOf(async (logging) => {
      for await (const _ of Article.since(BEGINNING, { logging, pageSize: 2 })) break;
    });
    expect(broken).to.have.length(1);
    expect(
      await Promise.allSettled([Article.since(BEGINNING, { where: literal('nonsense') as never })]),
    ).to.have.nested.property('[0].status', 'rejected');
  });

  it('keys of several columns, exact ones too', async () => {
    const at = new Date('2024-01-01T00:00:00.001Z');
    const made = ['9007199254740993', '9007199254740992', '10', '9'].flatMap((no) =>
      ["it's", 'b'].map((name) => ({ name, at, no })),
    );
    await Entry.bulkCreate(made);
    await db.sequelize.query(`UPDATE "Entries" SET "the time" = "the time" + no % 3 * interval '1 microsecond'`);
    const whole = await Entry.since(BEGINNING);
    const streamed: Entry[] = [];
    for await (const row of Entry.since(BEGINNING, { pageSize: 1 })) streamed.push(row);
    expect(streamed.map((row) => row.get()))
      .to.deep.equal(whole.map((row) => row.get()))
      .and.have.length(8);
  });

  it('what others change while pages are fetched comes again later, and nothing is missed', async () => {
    const made = await Article.bulkCreate(Array.from({ length: 50 }, (_, n) => ({ title: String(n) })));
    const seen: string[] = [];
    let n = 0;
    for await (const row of Article.since(BEGINNING, { pageSize: 5 })) {
      seen.push(row.title);
      // One that was seen, one that was not yet, one that goes, and one that is new.
      if (++n === 12) {
        await Article.update({ n: 1 }, { where: { title: ['3', '40'] } });
        await (made[30] as Article).destroy();
        await Article.create({ title: 'new' });
      }
    }
    expect(seen.filter((title) => title === '3')).to.have.length(2);
    expect(seen.filter((title) => title === '40')).to.have.length(1);
    expect(seen.slice(-3)).to.have.members(['3', '40', 'new']);
    const all = [...Array.from({ length: 50 }, (_, each) => String(each)).filter((each) => each !== '30'), 'new'];
    expect([...new Set(seen)].sort()).to.deep.equal(all.sort());
  });

  it('inside a transaction, what it has written', async () => {
    await db.sequelize.transaction(async (transaction) => {
      await Article.create({ title: 'inside' }, { transaction });
      expect(titles(await Article.since(BEGINNING, { transaction }))).to.deep.equal(['inside']);
      expect(titles(await Article.since(BEGINNING))).to.deep.equal([]);
      expect(await Article.lastChange({ transaction })).to.be.instanceOf(Date);
      expect(await Article.lastChange()).to.equal(null);
    });
  });

  it('versions, where the database counts them, together with a time', async () => {
    const sequelize = db.connect();
    class Counted extends Since(Versioned(Setar(Model))) {
      declare id: number;
    }
    Counted.init({ id: id(), n: DataTypes.INTEGER }, { sequelize, modelName: 'counted' });
    await Counted.sync();
    await Counted.bulkCreate([1, 2, 3, 4].map((n) => ({ n })) as never[]);
    for (const n of [2, 3, 4]) await Counted.update({ n: 9 } as never, { where: { id: { [Op.gte]: n } } as never });
    const of = async (criteria: SinceCriteria) => (await Counted.since(criteria)).map((row) => row.id);
    expect(await of({ version: 2 })).to.deep.equal([3, 4]);
    expect(await of({ version: 0 })).to.deep.equal([1, 2, 3, 4]);
    const { updatedAt } = (await Counted.findByPk(2)) as Counted;
    expect(await of({ version: 3, timestamp: updatedAt })).to.deep.equal([4]);
    expect(await of({ version: 1, timestamp: new Date(Date.now() + 1e9) })).to.deep.equal([]);
    expect(await of({ version: 3, timestamp: undefined })).to.deep.equal([4]);
    for (const version of [-1, 1.5, '1', null, Number.NaN, 2 ** 53])
      expect(() => Counted.since({ version } as never), String(version)).to.throw(DefinitionError, 'a whole number');
  });

  it('a scope with includes: of parents, and of children by a query of their own', async () => {
    const sequelize = db.connect();
    class Author extends Since(Setar(Model)) {}
    class Book extends Since(Setar(Model)) {}
    for (const model of [Author, Book]) model.init({ n: DataTypes.INTEGER }, { sequelize });
    Author.hasMany(Book, { as: 'books', foreignKey: 'authorId' });
    Book.belongsTo(Author, { as: 'author', foreignKey: 'authorId' });
    Book.addScope('author', { include: 'author' });
    Author.addScope('joined', { include: [{ model: Book, as: 'books' }] });
    Author.addScope('separate', { include: [{ association: 'books', separate: true }] });
    await sequelize.sync();
    await Author.bulkCreate([{ n: 1 }, { n: 2 }] as never[]);
    await Book.bulkCreate([{ authorId: 1 }, { authorId: 1 }] as never[]);
    const of = async (model: typeof Author, name: string, options = {}) => {
      const scoped = model.scope(name) as unknown as typeof Author;
      const found: Author[] = [];
      for await (const row of scoped.since(BEGINNING, { pageSize: 1 })) found.push(row);
      expect(JSON.stringify(await scoped.since(BEGINNING, options))).to.equal(JSON.stringify(found));
      return JSON.parse(JSON.stringify(found));
    };
    const [book] = await of(Book as typeof Author, 'author');
    expect(book.author).to.include({ n: 1 });
    const authors = await of(Author, 'separate');
    expect(authors.map(({ books }: { books: object[] }) => books.length)).to.deep.equal([2, 0]);
    expect((await refusal(of(Author, 'joined'))).message).to.include("{ association: 'books', separate: true }");
    expect(await (Author.scope('joined') as unknown as typeof Author).since(BEGINNING)).to.have.length(2);
  });

  it('nothing and nonsense are refused, with what was given and what is taken', async () => {
    const taken = ['{ timestamp }', '{ version }', '{ cursor }'];
    await refused(undefined, 'given was nothing', ...taken);
    await refused(null, 'given was null', ...taken);
    await refused({}, 'given was {}', ...taken);
    await refused('2024-01-01', 'given was 2024-01-01');
    await refused(new Date(), 'given was a Date');
    await refused([5], 'given was a list');
    await refused({ timestamp: undefined }, 'given was { timestamp: undefined }');
    await refused({ timestmap: 5 }, 'given was { timestmap }');
    await refused({ timestamp: 5, order: 'x' }, 'given was { timestamp, order }');
    await refused({ version: 1 }, 'counts no versions', 'Versioned');
    await refused({ cursor: 'x' }, 'cursor');
    const time = (timestamp: unknown, ...parts: string[]) =>
      refused({ timestamp }, 'Pass a Date, an ISO 8601 text', ...parts);
    await time(null, 'it is null');
    await time(1704067202000, 'new Date(1704067202000)', '1704067202000 / 1000');
    await time(Date.now(), 'look like milliseconds');
    await time(Number.NaN, 'NaN');
    await time(Number.POSITIVE_INFINITY, 'Infinity');
    await time(new Date(Number.NaN), 'Invalid Date');
    await time(new Date(-1e14), 'in the years 1 to 9999');
    for (const text of ['1704067202', '1704067202.5', '2024']) await time(text, 'Number(…)');
    for (const text of [
      '',
      'yesterday',
      '2024-01',
      '01/02/2024',
      '2024-1-1',
      '2024-01-01T00:00:00',
      '2024-01-01 00:00:00Z',
      "2024-01-01'--",
      'now',
      'infinity',
      '2024-01-01T00:00:00.Z',
      '2024-01-01T00:00:00+5',
      '2024-01-01\n',
    ])
      await time(text, 'not ISO 8601');
    for (const text of [
      '2024-02-30',
      '2023-02-29',
      '2024-13-01',
      '2024-01-01T24:00:00Z',
      '2024-01-01T00:60:00Z',
      '0000-01-01',
    ])
      await time(text, 'no time of the calendar');
    await time('2024-01-01T00:00:00+16:00', 'offset');
    await time(true, 'of type boolean');
    await time({}, 'of type object');
    await time(5n, 'of type bigint');
    for (const [options, part] of [
      [{ order: ['title'] }, 'the order is'],
      [{ offset: 5 }, 'no option "offset"'],
      [{ limit: -1 }, '"limit"'],
      [{ limit: '5' }, '"limit"'],
      [{ pageSize: 0 }, '"pageSize"'],
      [{ deleted: 'yes' }, '"deleted"'],
    ] as const)
      expect(() => Article.since(BEGINNING, options as never)).to.throw(DefinitionError, part);
  });

  it('a model whose times are not kept, or without a key, is refused at init', () => {
    const sequelize = new Sequelize({ dialect: 'postgres' });
    for (const Base of [Model, Dutar(Model)]) {
      class Timeless extends Since(Base as typeof Model) {}
      expect(() => Timeless.init({}, { sequelize })).to.throw(DefinitionError, 'Timeless: Since(…) asks for times');
      expect(sequelize.isDefined('Timeless')).to.equal(false);
    }
    expect(() => Since(sequelize.define('defined', {}))).to.throw(DefinitionError, 'defined: Since(…)');
    expect(() => Since({} as never)).to.throw(DefinitionError, 'applied to a model class');
    class Uninitialised extends Since(Guitar(Model)) {}
    expect(() => Uninitialised.since(BEGINNING)).to.throw(DefinitionError, 'has not been initialised');
    expect(Since(Uninitialised as never)).to.equal(Uninitialised);
    expect(Since(Guitar(sequelize.define('other', {}))).name).to.equal('other');
  });

  it('on every rung that has times, with the names of the model, in either order', async () => {
    const sequelize = db.connect();
    const attributes = { createdAt: 'born', updatedAt: 'touched' };
    const columns = { createdAt: 'born-at', updatedAt: 'touched at' };
    for (const [name, Base] of Object.entries({
      a: Since(Dated(Model)),
      b: Setar(Since(Model)),
      c: Guitar(Since(Tracked(Model))),
      d: Tracked(Since(Guitar(Model))),
    })) {
      class Made extends (Base as unknown as typeof Article) {}
      Made.init({ id: { ...id(), field: 'the id' }, title: DataTypes.TEXT } as never, {
        sequelize,
        modelName: name,
        guitar: { attributes, columns },
      });
      await Made.sync();
      const row = await Made.create({ title: 'x' } as never);
      await Made.create({ title: 'y' } as never);
      const found: Article[] = [];
      for await (const each of Made.since(BEGINNING, { pageSize: 1 })) found.push(each);
      expect(titles(found), name).to.deep.equal(['x', 'y']);
      expect(
        found.map((each) => each.changed()),
        name,
      ).to.deep.equal([false, false]);
      await row.update({ title: 'z' });
      expect(titles(await Made.since({ timestamp: (await Made.lastChange({ exact: true })) as string }))).to.deep.equal(
        [],
      );
      expect(titles(await Made.since(BEGINNING)), name).to.deep.equal(['y', 'z']);
    }
  });
});

describe('the index of Since', () => {
  const db = useDatabase();

  it('is used for pages and for lastChange, on a large table', async () => {
    const { sequelize } = db;
    class Big extends Since(Guitar(Model)) {}
    Big.init({ id: id(), n: DataTypes.INTEGER }, { sequelize, tableName: 'big' });
    await sequelize.sync();
    await sequelize.transaction(async (transaction) => {
      await sequelize.query('SET LOCAL guitars.keep_timestamps = on', { transaction });
      await sequelize.query(
        `INSERT INTO big (n, _created_at, _updated_at) SELECT n, to_timestamp(n % 100), to_timestamp(n) FROM generate_series(1, 50000) AS n`,
        { transaction },
      );
    });
    await sequelize.query('ANALYZE big');
    const sent = await statementsOf(async (logging) => {
      const query = Big.since({ timestamp: 100 }, { logging, pageSize: 500, limit: 1000 });
      let n = 0;
      for await (const _ of query) n++;
      expect(n).to.equal(1000);
      await Big.lastChange({ logging });
      expect(await Big.since({ timestamp: 49990 }, { logging, deleted: true })).to.have.length(10);
    });
    expect(sent).to.have.length(4);
    for (const sql of sent) {
      const explained = await rows<{ 'QUERY PLAN': string }>(sequelize, `EXPLAIN ${sql}`);
      const text = explained.map((line) => line['QUERY PLAN']).join('\n');
      expect(text, sql)
        .to.match(/Index Scan (Backward )?using big_since_[0-9a-f]{8}/)
        .and.not.to.match(/Sort|Seq Scan/);
      expect(/Index Cond/.test(text), sql).to.equal(/WHERE/.test(sql));
    }
  });

  it('is of the plan: installed, audited, and removed', async () => {
    const sequelize = db.connect();
    class Planned extends Since(Setar(Model)) {}
    Planned.init(
      {
        a: { type: DataTypes.TEXT, primaryKey: true, field: 'the a' },
        b: { type: DataTypes.INTEGER, primaryKey: true },
      },
      { sequelize, tableName: 'planned, Ltd' },
    );
    await Planned.sync({ guitars: false });
    const models = [Planned];
    const index = plan(sequelize, { models, schema: 'app' }).objects.find(({ kind }) => kind === 'index');
    expect(index?.create).to.include('ON "app"."planned, Ltd" (GREATEST("_created_at", "_updated_at"), "the a", "b")');
    await install(sequelize, { models });
    expect(await audit(sequelize, { models })).to.deep.include({ ok: true, findings: [] });
    await sequelize.query(index?.drop as string);
    expect((await audit(sequelize, { models })).findings.map(({ message }) => message).join()).to.include(index?.name);
    await install(sequelize, { models });
    await sequelize.query(`${index?.drop}; CREATE INDEX "${index?.name}" ON "planned, Ltd" (b)`);
    expect((await audit(sequelize, { models })).ok).to.equal(false);
    await install(sequelize, { models });
    expect((await audit(sequelize, { models })).ok).to.equal(true);
    const { removed } = await uninstall(sequelize, { models });
    expect(removed).to.include(index?.name);
  });

  it('a model of the same table without the mixin changes nothing', () => {
    const sequelize = new Sequelize({ dialect: 'postgres' });
    class One extends Setar(Model) {}
    class Two extends Since(Setar(Model)) {}
    for (const model of [One, Two]) model.init({}, { sequelize, tableName: 'one' });
    const names = (models: (typeof One)[]) => plan(sequelize, { models }).objects.map(({ name }) => name);
    expect(names([One]))
      .to.deep.equal(names([Two]))
      .and.to.satisfy((all: string[]) => all.some((name) => /^one_since_/.test(name)));
  });
});
