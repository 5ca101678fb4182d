import { expect } from 'chai';
import { usePages } from './pages';
import { eachEngine, refusal } from './shop';

eachEngine('U1 findOrCreate and its kin', (database, engine) => {
  const { Page, pages } = usePages(database, engine);
  const where = { slug: 'a' };

  it('U1 findOrCreate finds the live row, and makes one beside the archived', async () => {
    const [first, created] = await Page.findOrCreate({ where, defaults: { title: 'one' } });
    const [again, second] = await Page.findOrCreate({ where, defaults: { title: 'two' } });
    expect([created, second, again.id, again.title]).to.deep.equal([true, false, first.id, 'one']);
    await first.destroy();
    const [anew, third] = await Page.findOrCreate({ where, defaults: { title: 'three' } });
    expect([third, anew.isAlive, anew.deletedAt]).to.deep.equal([true, true, null]);
    expect(await pages()).to.deep.equal([
      ['a', 'one', false],
      ['a', 'three', true],
    ]);
  });

  it('U1 findOrCreate, many at once: one is made, all find it', async () => {
    await Page.create({ slug: 'a', title: 'old' }).then((page) => page.destroy());
    const answers = await Promise.all([1, 2, 3, 4].map(() => Page.findOrCreate({ where })));
    expect(answers.filter(([, created]) => created)).to.have.length(1);
    expect(new Set(answers.map(([page]) => page.id)).size).to.equal(1);
    expect(await Page.count()).to.equal(1);
  });

  it('findOrCreate in a transaction, and with paranoid: false', async () => {
    const transaction = await database.sequelize.transaction();
    await Page.findOrCreate({ where, transaction });
    await transaction.rollback();
    expect(await Page.all.count()).to.equal(0);
    const page = await Page.create({ slug: 'a' });
    await page.destroy();
    const [found, created] = await Page.findOrCreate({ where, paranoid: false } as never);
    expect([created, found.id, found.isDeleted]).to.deep.equal([false, page.id, true]);
  });

  it('U1 findCreateFind', async () => {
    const page = await Page.create({ slug: 'a' });
    expect((await Page.findCreateFind({ where }))[1]).to.equal(false);
    await page.destroy();
    const [anew, created] = await Page.findCreateFind({ where });
    expect([created, anew.id === page.id]).to.deep.equal([true, false]);
  });

  it('findOrBuild', async () => {
    const page = await Page.create({ slug: 'a' });
    const [found, built] = await Page.findOrBuild({ where });
    expect([built, found.id]).to.deep.equal([false, page.id]);
    await page.destroy();
    const [draft, fresh] = await Page.findOrBuild({ where, defaults: { title: 'two' } } as never);
    expect([fresh, draft.isNewRecord, draft.isDeleted]).to.deep.equal([true, true, false]);
    await draft.save();
    expect(await pages()).to.deep.equal([
      ['a', null, false],
      ['a', 'two', true],
    ]);
  });

  it('U1 create, update and restore into a taken value: an error that names the attribute’s column', async () => {
    const archived = await Page.create({ slug: 'a' });
    await archived.destroy();
    await Page.create({ slug: 'a' });
    const other = await Page.create({ slug: 'b' });
    for (const work of [
      () => Page.create({ slug: 'a' }),
      () => other.update({ slug: 'a' }),
      () => Page.update({ slug: 'a' }, { where: { slug: 'b' } }),
      () => archived.restore(),
      () => Page.restore({ where: { id: archived.id } }),
    ]) {
      const error = (await refusal(work())) as Error & { fields: object };
      expect(error).to.have.property('name', 'SequelizeUniqueConstraintError');
      expect(error.fields).to.deep.equal({ page_slug: 'a' });
    }
    expect(archived.isDeleted).to.equal(true);
    expect(await Page.count()).to.equal(2);
  });
});
