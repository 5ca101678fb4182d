import { expect } from 'chai';
import { DataTypes, Model, type ModelStatic, OptimisticLockError } from 'sequelize';
import { DefinitionError, Guitar, SoftDeletable } from '../../lib';
import { statementsOf } from '../support/ladder';
import { eachEngine, id, stored, useShop } from './shop';

eachEngine('D2 instances carry what the database holds', (database, engine) => {
  const shop = useShop(database, engine);
  const times = ({ deletedAt, updatedAt }: InstanceType<typeof shop.Article>) => ({ deletedAt, updatedAt });
  const inDatabase = (key: number) => stored(database.sequelize, 'article', key);

  it('after destroy and restore, without a reload and with one statement each', async () => {
    const article = await shop.Article.create({ title: 'one' });
    const destroyed = await statementsOf((logging) => article.destroy({ logging }));
    expect(times(article)).to.deep.equal(await inDatabase(article.id));
    expect([article.isDeleted, article.isAlive, article.isSoftDeleted()]).to.deep.equal([true, false, true]);
    const restored = await statementsOf((logging) => article.restore({ logging }));
    expect(times(article)).to.deep.equal(await inDatabase(article.id));
    expect(article.deletedAt).to.equal(null);
    expect([destroyed.length, restored.length]).to.deep.equal([1, 1]);
    expect(article.changed()).to.equal(false);
  });

  it('sends as many statements as a paranoid model of Sequelize', async () => {
    class Plain extends Model {}
    Plain.init({ id: id(), title: DataTypes.TEXT }, { sequelize: database.sequelize, paranoid: true });
    await Plain.sync();
    const counts = async (model: ModelStatic<Model>) => {
      const lengths = [];
      const row = model.build({ title: 'x' } as never);
      for (const step of ['save', 'destroy', 'restore', 'destroy'] as const) {
        lengths.push((await statementsOf((logging) => row[step]({ logging }) as Promise<unknown>)).length);
      }
      const steps = ['destroy', 'restore'] as const;
      for (const step of steps) {
        lengths.push((await statementsOf((logging) => model[step]({ where: {}, logging }) as Promise<unknown>)).length);
      }
      return lengths;
    };
    expect(await counts(shop.Article)).to.deep.equal(await counts(Plain));
  });

  it('after a destroy of a row that was archived elsewhere', async () => {
    const article = await shop.Article.create({ title: 'one' });
    await database.sequelize.query('DELETE FROM article');
    const first = await inDatabase(article.id);
    await article.destroy();
    expect(times(article)).to.deep.equal(first);
    expect(await inDatabase(article.id)).to.deep.equal(first);
  });

  it('after a restore of a row that was archived elsewhere, whatever the instance believes', async () => {
    const article = await shop.Article.create({ title: 'one' });
    await database.sequelize.query('DELETE FROM article');
    await article.restore();
    expect((await inDatabase(article.id))?.deletedAt).to.equal(null);
    expect(times(article)).to.deep.equal(await inDatabase(article.id));
  });

  it('after a destroy of a row that was restored elsewhere', async () => {
    const article = await shop.Article.create({ title: 'one' });
    await article.destroy();
    await shop.Article.restore({ where: {} });
    await article.destroy();
    expect(times(article)).to.deep.equal(await inDatabase(article.id));
    expect(article.isDeleted).to.equal(true);
  });

  it('and do not fail when the row was removed elsewhere', async () => {
    const article = await shop.Article.create({ title: 'one' });
    await shop.Article.hardDelete({ where: {} });
    await article.destroy();
    await article.restore();
    expect(article.isDeleted).to.equal(false);
  });

  it('destroy saves nothing that is dirty, and validates nothing', async () => {
    const article = await shop.Article.create({ title: 'one', stock: 1 });
    article.set({ title: '', stock: 2 });
    await article.destroy();
    expect(article.changed()).to.have.members(['title', 'stock']);
    const again = await shop.Article.all.findByPk(article.id);
    expect(again?.get()).to.include({ title: 'one', stock: 1 });
  });

  it('reload finds an archived row, through whatever scope the instance came', async () => {
    const { id: key } = await shop.Article.create({ title: 'one' });
    for (const scope of [shop.Article, shop.Article.live, shop.Article.all]) {
      const article = await scope.findByPk(key, { rejectOnEmpty: true });
      await shop.Article.destroy({ where: {} });
      await article.reload();
      expect(article.isDeleted).to.equal(true);
      const archived = await shop.Article.archives.findByPk(key, { rejectOnEmpty: true });
      await shop.Article.restore({ where: {} });
      await archived.reload();
      expect(archived.isDeleted).to.equal(false);
    }
  });

  it('reload({ paranoid: true }) finds live rows only, as Sequelize says', async () => {
    const article = await shop.Article.create({ title: 'one' });
    await article.destroy();
    const error = await article.reload({ paranoid: true }).then(
      () => undefined,
      (caught: Error) => caught,
    );
    expect(error).to.be.an('error').with.property('message').that.includes('could not be reloaded');
  });

  it('whether a row is live is not told where deletedAt was not selected', async () => {
    const { Article } = shop;
    await Article.create({ title: 'gone' });
    await Article.destroy({ where: { title: 'gone' } });
    for (const attributes of [['id'], { exclude: ['deletedAt'] }]) {
      const [row] = await Article.findAll({ where: { title: 'gone' }, attributes, paranoid: false });
      for (const state of ['isAlive', 'isDeleted'] as const) {
        expect(() => row?.[state]).to.throw(
          DefinitionError,
          'Add "deletedAt" to the attributes of the query, or reload()',
        );
      }
      expect((await row?.reload({ attributes: ['deletedAt'] }))?.isDeleted).to.equal(true);
    }
    const [listed] = await Article.bulkCreate([{ title: 'new' }]);
    const built = [Article.build({ title: 'new' }), listed, await Article.create({ title: 'new' })];
    expect(built.map((row) => row?.isAlive)).to.deep.equal([true, true, true]);
  });
});

eachEngine('D2 other kinds of instance', (database, engine) => {
  it('SoftDeletable without Dated has one time, kept fresh', async () => {
    class Bare extends SoftDeletable(Model) {
      declare id: number;
    }
    Bare.init(
      { id: id(), name: DataTypes.TEXT },
      { sequelize: database.sequelize, tableName: 'bare', guitar: { engine } },
    );
    await Bare.sync();
    const bare = await Bare.create({ name: 'one' });
    await bare.destroy();
    const [row] = (await database.sequelize.query('SELECT * FROM bare'))[0] as { _deleted_at: Date }[];
    expect(bare.deletedAt).to.deep.equal(row?._deleted_at);
    expect(Object.keys(bare.get())).to.have.members(['id', 'name', 'deletedAt']);
    expect([await Bare.count(), await Bare.archives.count()]).to.deep.equal([0, 1]);
    expect(await Bare.restore({ where: {} })).to.equal(1);
    expect(await Bare.destroy({ where: { name: 'one' } })).to.equal(1);
    await bare.reload();
    expect(bare.isDeleted).to.equal(true);
    await bare.hardDelete();
    expect(await Bare.all.count()).to.equal(0);
  });

  it('optimistic locking: a destroy counts the version up, and a stale one is refused', async () => {
    class Versioned extends Guitar(Model) {
      declare id: number;
    }
    const options = { sequelize: database.sequelize, version: true, guitar: { engine } };
    Versioned.init({ id: id(), name: DataTypes.TEXT }, options);
    await Versioned.sync();
    const fresh = await Versioned.create({ name: 'one' });
    const stale = await Versioned.findByPk(fresh.id, { rejectOnEmpty: true });
    await fresh.update({ name: 'two' });
    const error = await stale.destroy().then(
      () => undefined,
      (caught: Error) => caught,
    );
    expect(error).to.be.instanceOf(OptimisticLockError);
    await fresh.destroy();
    expect([fresh.get('version'), fresh.isDeleted]).to.deep.equal([2, true]);
    await fresh.restore();
    expect([fresh.get('version'), fresh.isDeleted, fresh.changed()]).to.deep.equal([3, false, false]);
  });
});
