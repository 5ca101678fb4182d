import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { DefinitionError, Guitar } from '../../lib';
import { withRevision } from '../../lib/history/revision';
import { Versioned } from '../../lib/history/versioned';
import { refusal } from '../contract/world';
import { ATTRIBUTES, useHistory } from './world';

describe('history: reading', () => {
  const { article, query, db } = useHistory();

  it('the versions of a row, in order, with what each changed', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a', meta: { n: 1 } });
    await one.update({ title: 'b' });
    await one.update({ meta: { n: 2 } });
    await one.destroy();
    const versions = await one.versions();
    expect(versions.map(({ number, operation }) => [number, operation])).to.deep.equal([
      [1, 'insert'],
      [2, 'update'],
      [3, 'update'],
      [4, 'archive'],
    ]);
    expect(versions.map(({ changedFields }) => changedFields)).to.deep.equal([
      ['id', 'title', 'meta', 'createdAt'],
      ['title'],
      ['meta'],
      ['deletedAt'],
    ]);
    const [first, second, third] = versions;
    expect(first?.changes().title).to.deep.equal({ old: undefined, new: 'a' });
    expect(second?.changes()).to.deep.equal({ title: { old: 'a', new: 'b' } });
    expect(third?.changes()).to.deep.equal({ meta: { old: { n: 1 }, new: { n: 2 } } });
    expect(third?.values).to.deep.include({ id: one.id, title: 'b', meta: { n: 2 }, _version: 3 });
    expect(third?.values.createdAt).to.deep.equal(one.createdAt);
    expect(third?.at).to.be.instanceOf(Date);
    expect(third?.transaction).to.match(/^\d+$/);
    expect([third?.actor, third?.comment, third?.context]).to.deep.equal([null, null, null]);
  });

  it('pages, the last first, within a transaction', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a' });
    for (const title of 'bcde') await one.update({ title });
    const numbers = async (...given: Parameters<typeof one.versions>) =>
      (await one.versions(...given)).map(({ number }) => number);
    expect(await numbers({ order: 'DESC', limit: 2 })).to.deep.equal([5, 4]);
    expect(await numbers({ offset: 3 })).to.deep.equal([4, 5]);
    await db.sequelize.transaction(async (transaction) => {
      await one.update({ title: 'f' }, { transaction });
      expect(await numbers({ transaction, offset: 4 })).to.deep.equal([5, 6]);
      expect(await numbers({ offset: 4 })).to.deep.equal([5]);
    });
    expect((await refusal(one.versions({ limit: -1 }))).message).to.match(/"limit" is a number of versions/);
    expect((await refusal(one.versions({ order: 'up' as never }))).message).to.match(/'ASC', or 'DESC'/);
  });

  it('one version, and those beside it', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a' });
    await one.update({ title: 'b' });
    await one.update({ title: 'c' });
    const second = await one.version(2);
    expect(second?.values.title).to.equal('b');
    expect((await second?.previous())?.values.title).to.equal('a');
    expect((await second?.next())?.number).to.equal(3);
    expect(await (await second?.previous())?.previous()).to.equal(null);
    expect(await (await second?.next())?.next()).to.equal(null);
    expect(await one.version(9)).to.equal(null);
    expect((await refusal(one.version('x' as never))).message).to.match(/"x" is no version/);
    expect((await refusal(Article.build({ title: 'n' }).versions())).message).to.match(/not in the database yet/);
  });

  it('an instance of the model for each, that shares nothing with the values', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a', meta: { n: 1 }, secret: 's' });
    await one.update({ title: 'b' });
    const version = await one.version(1);
    const { instance } = version as NonNullable<typeof version>;
    expect(instance).to.be.instanceOf(Article);
    expect(instance.get()).to.deep.include({ title: 'a', meta: { n: 1 }, secret: 's', _version: 1 });
    expect([instance.isNewRecord, instance.changed(), instance.isAlive]).to.deep.equal([false, false, true]);
    (instance.meta as { n: number }).n = 2;
    expect(version?.values.meta).to.deep.equal({ n: 1 });
    expect(version?.instance).to.equal(instance);
  });

  it('what is excluded is missing, what is filtered is told by markers', async () => {
    const Article = await article({ exclude: ['meta'], filter: ['secret'] });
    const one = await Article.create({ title: 'a', meta: { n: 1 }, secret: 'x' });
    await one.update({ title: 'b' });
    await one.update({ secret: 'y' });
    await one.update({ title: 'c' });
    await one.update({ secret: null });
    const versions = await one.versions();
    expect(versions.map(({ values }) => values.secret)).to.deep.equal([
      '[filtered]',
      '[filtered]',
      '[filtered: changed]',
      '[filtered]',
      null,
    ]);
    expect(versions.slice(1).map(({ changedFields }) => changedFields)).to.deep.equal([
      ['title'],
      ['secret'],
      ['title'],
      ['secret'],
    ]);
    expect(versions[0]?.values).not.to.have.property('meta');
    expect(versions[0]?.instance.get()).not.to.have.any.keys('meta', 'secret');
    expect(await one.diff(1, 2)).to.deep.equal({ title: { old: 'a', new: 'b' } });
    expect(Object.keys(await one.diff(1, 4))).to.deep.equal(['title', 'secret']);
    expect(Object.keys(await one.diff(4, 2))).to.deep.equal(['title', 'secret']);
    expect(await one.diff(3, 4)).to.deep.equal({ title: { old: 'b', new: 'c' } });
    expect(await one.diff(1, 5)).to.deep.include({ secret: { old: '[filtered]', new: null } });
  });

  it('the difference of two versions, by number or as they are', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a', meta: { n: 1 } });
    await one.update({ title: 'b', meta: { n: 2 } });
    await one.update({ title: 'c', meta: { n: 1 } });
    expect(await one.diff(1, 3)).to.deep.equal({ title: { old: 'a', new: 'c' } });
    expect(await one.diff(3, 1)).to.deep.equal({ title: { old: 'c', new: 'a' } });
    const [first, second] = await one.versions();
    expect(Object.keys(await one.diff(first as never, second as never))).to.deep.equal(['title', 'meta']);
    expect(await one.diff(2, 2)).to.deep.equal({});
    const other = await Article.create({ title: 'o' });
    const error = await refusal(other.diff(first as never, 1));
    expect([error.name, error.message]).to.deep.equal([
      'DefinitionError',
      `${Article.name} ${other.id}: the version is one of ${Article.name} ${one.id}. Pass one of the row's own.`,
    ]);
    expect((await refusal(one.diff(1, 7))).name).to.equal('HistoryError');
  });

  it('all rows that have had a key, after a hard delete too', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a' });
    await one.update({ title: 'b' });
    await one.hardDelete();
    const again = await Article.create({ id: one.id, title: 'A' });
    await again.update({ title: 'B' });
    await again.update({ title: 'C' });
    const all = await Article.historyOf(one.id);
    expect(all.map(({ operation, values }) => `${operation} ${values.title}`)).to.deep.equal([
      'insert a',
      'update b',
      'delete b',
      'insert A',
      'update B',
      'update C',
    ]);
    expect(all.map(({ changedFields }) => changedFields.includes('title'))).to.deep.equal([
      true,
      true,
      false,
      true,
      true,
      true,
    ]);
    expect((await again.versions()).map(({ values }) => values.title)).to.deep.equal(['A', 'B', 'C']);
    expect((await again.version(2))?.values.title).to.equal('B');
    await again.hardDelete();
    expect((await again.versions()).map(({ operation }) => operation)).to.deep.equal([
      'insert',
      'update',
      'update',
      'delete',
    ]);
    expect((await again.version(3))?.operation).to.equal('update');
    const last = await Article.create({ id: one.id, title: 'x' });
    expect((await last.version(3))?.values.title).to.equal('C');
    expect(await Article.historyOf(99)).to.deep.equal([]);
    expect((await refusal(Article.historyOf(null as never))).message).to.match(/null is no primary key/);
    expect((await refusal(Article.historyOf({ title: 'a' }))).message).to.match(/is no primary key/);
    for (const none of [[1, 2], [], [1], 'abc', '', 1.5, Number.NaN, true, '99999999999', new Date()] as never[]) {
      const error = await refusal(Article.historyOf(none));
      expect(error, String(none)).to.be.instanceOf(DefinitionError);
      expect(error.message).to.match(/is no primary key\. Pass the value of "id"/);
      expect(await refusal(Article.undelete(none))).to.be.instanceOf(DefinitionError);
    }
    expect(await Article.historyOf(String(one.id))).to.have.length((await Article.historyOf(BigInt(one.id))).length);
  });

  it('composite keys, columns of other names, every type as findAll reads it', async () => {
    const Odd = await article(
      {},
      {
        attributes: {
          a: { type: DataTypes.UUID, primaryKey: true, field: 'key a' },
          b: { type: DataTypes.DATE, primaryKey: true },
          title: { type: DataTypes.TEXT, field: "it's: $1 ?" },
          tags: DataTypes.ARRAY(DataTypes.TEXT),
          big: DataTypes.BIGINT,
          price: DataTypes.DECIMAL(20, 10),
          bytes: DataTypes.BLOB,
          kind: DataTypes.ENUM('x', 'y'),
          span: DataTypes.RANGE(DataTypes.INTEGER),
          day: DataTypes.DATEONLY,
          shown: {
            type: DataTypes.VIRTUAL,
            get() {
              return `<${(this as unknown as Model).getDataValue('title' as never)}>`;
            },
          },
        },
      },
    );
    const a = '6f1e5a0e-7a1c-4d86-9d3c-0d1f2a3b4c5d';
    const b = new Date('2031-05-01T10:00:00.123Z');
    const values = {
      title: 't',
      tags: ['a', 'b'],
      big: '9007199254740993',
      price: '0.1234567890',
      bytes: Buffer.from([0, 255]),
      kind: 'y',
      span: [1, 5],
      day: '2031-05-01',
    };
    await Odd.create({ a, b, ...values } as never);
    const [found] = await Odd.findAll();
    const [version] = await Odd.historyOf({ a, b } as never);
    const { shown: _shown, ...read } = (found as typeof found & object).get() as unknown as Record<string, unknown>;
    expect(version?.values).to.deep.equal(read);
    expect(version?.instance).to.have.property('shown', '<t>');
    expect((await found?.versions())?.length).to.equal(1);
    expect((await Odd.asOf(new Date()))[0]?.get()).to.deep.equal(found?.get());
    expect((await refusal(Odd.historyOf({ a } as never))).message).to.match(/Pass \{ a, b \}/);
  });

  it('what the model has gained or lost since', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a' });
    const init = { sequelize: db.connect(), tableName: Article.table, modelName: 'later' };
    const { secret: _gone, ...attributes } = ATTRIBUTES();
    await query(`ALTER TABLE ${Article.table} ADD COLUMN extra integer`);
    class Later extends Versioned(Guitar(Model)) {
      declare id: number;
    }
    Later.init({ ...attributes, extra: DataTypes.INTEGER }, init);
    const [version] = await Later.historyOf(one.id);
    expect(version?.values).to.include({ title: 'a' });
    expect(version?.values).not.to.have.any.keys('extra', 'secret');
    const [past] = await Later.asOf(new Date(), { where: { extra: null } });
    expect(past?.get()).to.include({ title: 'a', extra: null });
    class Never extends Versioned(Model) {}
    Never.init(ATTRIBUTES(), { ...init, modelName: 'never', tableName: 'never' });
    expect((await refusal(Never.historyOf(1))).message).to.match(/no table "public"."never_history" yet/);
  });

  it('an attribute that would hide a member is refused', async () => {
    const attributes = { ...ATTRIBUTES(), undo: { type: DataTypes.TEXT, field: 'un_do' } };
    expect((await refusal(article({}, { attributes }))).message).to.match(
      /the attribute "undo" would hide the instance's own undo\. Give it another name, with { field: 'un_do' }/,
    );
  });

  it('who, why and in which context', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a' });
    await withRevision({ actor: 'ann', comment: 'typo', request: 7 }, () => one.update({ title: 'b' }));
    await withRevision({ actor: 'bob' }, () => one.revertTo(1));
    const told = (await one.versions()).map(({ actor, comment, context }) => [actor, comment, context]);
    expect(told).to.deep.equal([
      [null, null, null],
      ['ann', 'typo', { request: 7 }],
      ['bob', null, told[2]?.[2]],
    ]);
  });

  it('tables of long names, in other schemas; models in a scope; instances of one that is', async () => {
    const tableName = `long "name" ${'x'.repeat(50)}`.replaceAll('"', '');
    for (const init of [{ tableName }, { tableName: 'plain', schema: 'Other one' }]) {
      if ('schema' in init) await query('CREATE SCHEMA "Other one"');
      const scopes = { a: { where: { title: 'a' } } };
      const Article = await article({}, { init: { ...init, scopes } });
      const one = await Article.create({ title: 'a' });
      await one.update({ title: 'b' });
      await one.revertTo(1);
      expect((await Article.historyOf(one.id)).map(({ values }) => values.title)).to.deep.equal(['a', 'b', 'a']);
      expect(await Article.asOf(new Date())).to.have.length(1);
      const Scoped = Article.scope('a');
      const [found] = await Article.asOf.call(Scoped, new Date());
      expect(await (found as typeof one).versions()).to.have.length(3);
      await one.hardDelete();
      expect((await Article.undelete(one.id))._version).to.equal(4);
    }
  });
});
