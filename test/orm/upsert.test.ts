import { expect } from 'chai';
import { literal, Op } from 'sequelize';
import { statementsOf } from '../support/ladder';
import { usePages } from './pages';
import { eachEngine, refusal } from './shop';

eachEngine('U1 upsert and bulkCreate', (database, engine) => {
  const { Page, pages } = usePages(database, engine);

  it('U1 upsert: updates the live row, leaves the archived one, answers what the database holds', async () => {
    await Page.upsert({ slug: 'a', title: 'old' });
    await Page.destroy({ where: {} });
    const [made] = await Page.upsert({ slug: 'a', title: 'one' });
    const [changed] = await Page.upsert({ slug: 'a', title: 'two' });
    expect(await pages()).to.deep.equal([
      ['a', 'old', false],
      ['a', 'two', true],
    ]);
    expect([made.title, changed.title, changed.id]).to.deep.equal(['one', 'two', made.id]);
    const row = await Page.findByPk(made.id, { rejectOnEmpty: true });
    expect(changed.get()).to.deep.equal(row.get());
    expect(changed.createdAt).to.deep.equal(made.createdAt);
    // Asked of the database: a Date has not the microseconds.
    const later = literal('_updated_at > _created_at');
    expect(await Page.count({ where: { [Op.and]: [{ id: made.id }, later] } })).to.equal(1);
  });

  it('U1 upsert sends one statement', async () => {
    const sent = await statementsOf((logging) => Page.upsert({ slug: 'a' }, { logging }));
    expect(sent).to.have.length(1);
  });

  it('U1 upsert by a unique index of several columns', async () => {
    for (const title of ['one', 'two']) await Page.upsert({ site: 1, path: '/', title });
    await Page.upsert({ site: 2, path: '/', title: 'three' });
    expect(await pages()).to.deep.equal([
      ['/', 'two', true],
      ['/', 'three', true],
    ]);
  });

  it('U1 upsert: of several that might be meant the one first named, unless conflictFields says', async () => {
    const [a] = await Page.upsert({ slug: 'a', site: 1, path: '/' });
    await Page.upsert({ slug: 'a', site: 2, path: '/x' });
    expect((await a.reload()).path).to.equal('/x');
    await Page.upsert({ slug: 'b', site: 2, path: '/x' }, { conflictFields: ['path', 'site'] });
    expect((await a.reload()).slug).to.equal('b');
    const taken = Page.upsert({ slug: 'c', site: 2, path: '/x' });
    expect(await refusal(taken)).to.have.property('name', 'SequelizeUniqueConstraintError');
    expect(await Page.count()).to.equal(1);
  });

  it('upsert by the primary key, live or archived', async () => {
    const page = await Page.create({ slug: 'a', title: 'one' });
    await Page.upsert({ id: page.id, slug: 'b', title: 'two' });
    expect(await pages()).to.deep.equal([['b', 'two', true]]);
    await page.destroy();
    await Page.upsert({ id: page.id, title: 'three' });
    expect(await pages()).to.deep.equal([['b', 'three', false]]);
  });

  it('U1 upsert by what is unique for good meets the archived row', async () => {
    await Page.upsert({ serial: 's', title: 'one' });
    await Page.destroy({ where: {} });
    await Page.upsert({ serial: 's', title: 'two' });
    expect(await pages()).to.deep.equal([['s', 'two', false]]);
  });

  it('upsert of what names no unique value inserts', async () => {
    for (const title of ['one', 'two']) await Page.upsert({ title, slug: null });
    expect(await Page.count()).to.equal(2);
  });

  it('U1 bulkCreate with updateOnDuplicate: some new, some met, archived ones left alone', async () => {
    await Page.bulkCreate(['a', 'b'].map((slug) => ({ slug, title: 'old', hits: 1 })));
    await Page.destroy({ where: { slug: 'a' } });
    const values = ['a', 'b', 'c'].map((slug) => ({ slug, title: 'new', hits: 2 }));
    const rows = await Page.bulkCreate(values, { updateOnDuplicate: ['title'] });
    expect(await pages()).to.deep.equal([
      ['a', 'old', false],
      ['b', 'new', true],
      ['a', 'new', true],
      ['c', 'new', true],
    ]);
    expect(rows.map(({ slug, hits }) => [slug, hits])).to.deep.equal([
      ['a', 2],
      ['b', 1],
      ['c', 2],
    ]);
    expect(await Page.all.count({ distinct: true, col: 'id' })).to.equal(4);
  });

  it('U1 updateOnDuplicate of one unique attribute goes by the other', async () => {
    await Page.create({ slug: 'a', site: 1, path: '/' });
    const values = [{ slug: 'b', site: 1, path: '/' }];
    await Page.bulkCreate(values, { updateOnDuplicate: ['slug'] });
    expect((await pages()).map(([slug]) => slug)).to.deep.equal(['b']);
    await Page.bulkCreate([{ slug: 'b', site: 5, path: '/' }], {
      updateOnDuplicate: ['site'],
      conflictAttributes: ['slug'],
    });
    expect((await Page.findOne({ rejectOnEmpty: true })).site).to.equal(5);
  });

  it('updateOnDuplicate by the primary key', async () => {
    const page = await Page.create({ slug: 'a', title: 'one' });
    await Page.bulkCreate([{ id: page.id, slug: 'a', title: 'two' }], { updateOnDuplicate: ['title'] });
    expect(await pages()).to.deep.equal([['a', 'two', true]]);
  });

  it('U1 ignoreDuplicates: a live duplicate is passed over, an archived one is none', async () => {
    await Page.bulkCreate(['a', 'b'].map((slug) => ({ slug, title: 'old' })));
    await Page.destroy({ where: { slug: 'a' } });
    await Page.bulkCreate(
      ['a', 'b'].map((slug) => ({ slug, title: 'new' })),
      { ignoreDuplicates: true },
    );
    expect(await pages()).to.deep.equal([
      ['a', 'old', false],
      ['b', 'old', true],
      ['a', 'new', true],
    ]);
  });

  it('leaves the caller’s options and records as they were', async () => {
    const options = { updateOnDuplicate: ['title' as const] };
    const record = { slug: 'a', title: 'one' };
    await Page.bulkCreate([record], options);
    await Page.upsert(record, options as never);
    expect([options, record]).to.deep.equal([{ updateOnDuplicate: ['title'] }, { slug: 'a', title: 'one' }]);
  });

  it('through a transaction that is rolled back: nothing of it', async () => {
    await database.sequelize.transaction(async (transaction) => {
      await Page.upsert({ slug: 'kept' }, { transaction });
    });
    const transaction = await database.sequelize.transaction();
    await Page.upsert({ slug: 'kept', title: 'x' }, { transaction });
    await Page.bulkCreate([{ slug: 'b' }], { updateOnDuplicate: ['title'], transaction });
    await transaction.rollback();
    expect(await pages()).to.deep.equal([['kept', null, true]]);
  });
});
