import { expect } from 'chai';
import { type CreationOptional, DataTypes, type InferAttributes, type InferCreationAttributes, Model } from 'sequelize';
import { DefinitionError, UnknownAttributeError, Updatable } from '../../lib';
import { useDatabase } from '../support/database';

class Article extends Updatable(Model)<InferAttributes<Article>, InferCreationAttributes<Article>> {
  declare id: CreationOptional<number>;
  declare title: string;
  declare body: CreationOptional<string | null>;
}

describe('Updatable: update()', () => {
  const database = useDatabase();
  let article: Article;
  const stored = async () => (await Article.findByPk(article.id))?.get();

  before(async () => {
    const attributes = { title: { type: DataTypes.TEXT, allowNull: false }, body: DataTypes.TEXT };
    Article.init(
      { id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true }, ...attributes },
      { sequelize: database.sequelize, timestamps: false },
    );
    await Article.sync();
  });

  beforeEach(async () => {
    article = await Article.create({ title: 'old', body: 'old' });
  });

  it('writes just the fields named', async () => {
    article.body = 'dirty';
    expect(await article.update({ title: 'new' })).to.equal(article);
    expect(await stored()).to.include({ title: 'new', body: 'old' });
    expect(article.changed()).to.deep.equal(['body']);
  });

  it('save: false changes memory alone, and a later save or update does not write it', async () => {
    await article.update({ title: 'memory' }, { save: false });
    expect(article.title).to.equal('memory');
    article.body = 'saved';
    await article.save();
    expect(await stored()).to.include({ title: 'old', body: 'saved' });
    await article.update({ body: 'updated' });
    expect(await stored()).to.include({ title: 'old', body: 'updated' });
    expect(article.changed()).to.deep.equal(['title']);
  });

  for (const way of ['save', 'update'] as const) {
    it(`saveAllFields: true of ${way} writes what was kept in memory`, async () => {
      await article.update({ title: 'memory' }, { save: false });
      if (way === 'save') await article.save({ saveAllFields: true });
      else await article.update({ body: 'new' }, { saveAllFields: true });
      expect(await stored()).to.include({ title: 'memory', body: way === 'save' ? 'old' : 'new' });
      expect(article.changed()).to.equal(false);
    });
  }

  it('naming the field, again or in save({ fields }), writes it', async () => {
    await article.update({ title: 'memory', body: 'memory' }, { save: false });
    await article.update({ title: 'memory' });
    await article.save({ fields: ['body'] });
    expect(await stored()).to.include({ title: 'memory', body: 'memory' });
  });

  it('what is set after save: false, even to the same value by way of another, is an ordinary change', async () => {
    await article.update({ title: 'memory' }, { save: false });
    article.title = 'other';
    article.title = 'memory';
    await article.save();
    expect(await stored()).to.include({ title: 'memory' });
  });

  it('what is set after save: false to the value that it has already is an ordinary change', async () => {
    await article.update({ title: 'memory', body: 'memory' }, { save: false });
    article.title = 'memory';
    await article.save();
    expect(await stored()).to.include({ title: 'memory', body: 'old' });
    article.set({ body: 'memory' });
    await article.save();
    expect(await stored()).to.include({ body: 'memory' });
  });

  it('save: false twice holds both', async () => {
    await article.update({ title: 'memory' }, { save: false });
    await article.update({ title: 'memory', body: 'memory' }, { save: false });
    await article.save();
    expect(await stored()).to.include({ title: 'old', body: 'old' });
  });

  it('a reload forgets what was kept in memory', async () => {
    await article.update({ title: 'memory' }, { save: false });
    await article.reload();
    expect(article.title).to.equal('old');
    article.title = 'memory';
    await article.save();
    expect(await stored()).to.include({ title: 'memory' });
  });

  it('a new record is inserted whole', async () => {
    const fresh = Article.build({ title: 'fresh' });
    await fresh.update({ body: 'memory' }, { save: false });
    await fresh.save();
    expect((await Article.findByPk(fresh.id))?.body).to.equal('memory');
  });

  it('an unknown name is an error that lists the valid ones, and nothing is changed', async () => {
    const error = await article.update({ title: 'new', titel: 'new' } as object).catch((caught) => caught);
    expect(error).to.be.instanceOf(UnknownAttributeError);
    expect(error.message).to.match(/^Article has no attribute "titel"\. Use one of: id, title, body; or/);
    expect(error.valid).to.deep.equal(['id', 'title', 'body']);
    expect(article.changed()).to.equal(false);
    const nested = await article.update({ 'title.x': 1 } as object).catch((caught) => caught);
    expect(nested).to.be.instanceOf(UnknownAttributeError);
  });

  it('raiseForUnknown: false ignores it', async () => {
    await article.update({ title: 'new', titel: 'new' }, { raiseForUnknown: false });
    expect(await stored()).to.deep.equal({ id: article.id, title: 'new', body: 'old' });
  });

  it('meaningless combinations are errors', async () => {
    const wrong: [unknown, object][] = [
      [{ title: 'x' }, { save: false, saveAllFields: true }],
      [{ title: 'x' }, { save: false, fields: ['title'] }],
      [{ title: 'x' }, { saveAllFields: true, fields: ['title'] }],
      [{ title: 'x' }, { save: 'no' }],
      [{ title: 'x' }, { save: null }],
      [{ title: 'x' }, { saveAllFields: 1 }],
      [null, {}],
      ['title', {}],
      [['title'], {}],
    ];
    for (const [values, options] of wrong) {
      const error = await article.update(values as object, options).catch((caught) => caught);
      expect(error, JSON.stringify(values)).to.be.instanceOf(DefinitionError);
    }
    expect(article.changed()).to.equal(false);
    const both = await article.save({ saveAllFields: true, fields: ['title'] }).catch((caught) => caught);
    expect(both).to.be.instanceOf(DefinitionError);
  });

  it('save: false takes what callers pass through: hooks, transaction, validate', async () => {
    await article.update({ title: 'memory' }, { save: false, hooks: false, transaction: null, validate: false });
    expect(article.title).to.equal('memory');
  });
});
