import { expect } from 'chai';
import { DataTypes, type HasManyCreateAssociationMixin, Model } from 'sequelize';
import { UnknownAttributeError, Updatable } from '../../lib';
import { useDatabase } from '../support/database';

class Author extends Updatable(Model) {
  declare addBook: (book: Book) => Promise<void>;
  declare setBooks: (books: Book[]) => Promise<void>;
  declare createBook: HasManyCreateAssociationMixin<Book>;
  declare setPrize: (prize: Prize | null) => Promise<void>;
}
class Book extends Updatable(Model) {
  declare setAuthor: (author: Author | null, options?: object) => Promise<void>;
}
class Prize extends Updatable(Model) {}

describe('Updatable: callers of Sequelize’s own update and save', () => {
  const database = useDatabase();
  let author: Author;
  const stored = async () => (await Author.findByPk(author.get('id') as number))?.get() as Record<string, unknown>;

  before(async () => {
    const { sequelize } = database;
    Author.init(
      {
        name: DataTypes.TEXT,
        hash: { type: DataTypes.TEXT },
        meta: DataTypes.JSONB,
        password: {
          type: DataTypes.VIRTUAL,
          set(this: Model, value: string) {
            this.setDataValue('password', value);
            this.setDataValue('hash', `#${value}`);
          },
        },
      },
      {
        sequelize,
        timestamps: false,
        setterMethods: {
          nick(this: Model, value: string) {
            this.set('name', `~${value}`);
          },
        },
      },
    );
    Book.init({ title: DataTypes.TEXT }, { sequelize, timestamps: false });
    Prize.init({ title: DataTypes.TEXT }, { sequelize, timestamps: false });
    Author.hasMany(Book, { foreignKey: 'authorId' });
    Book.belongsTo(Author, { foreignKey: 'authorId' });
    Author.hasOne(Prize, { foreignKey: 'authorId' });
    await sequelize.sync();
  });

  beforeEach(async () => {
    author = await Author.create({ name: 'old', meta: { a: 1, b: { c: 1 } } });
  });

  it('fields, as an option or as the options themselves', async () => {
    await author.update({ name: 'new', hash: 'new' }, { fields: ['name'] });
    expect(await stored()).to.include({ name: 'new', hash: null });
    await author.update({ name: 'newer', hash: 'new' }, ['hash'] as never);
    expect(await stored()).to.include({ name: 'new', hash: 'new' });
  });

  it('undefined means “not given”, whatever becomes of the rest', async () => {
    await author.update({ name: undefined, hash: 'a' });
    await author.update({ name: undefined, hash: 'b' }, { save: false });
    expect(author.get('name')).to.equal('old');
    await author.update({ name: undefined, hash: 'c' }, { saveAllFields: true });
    expect(await stored()).to.include({ name: 'old', hash: 'c' });
  });

  it('null is a value', async () => {
    await author.update({ name: null });
    expect(await stored()).to.include({ name: null });
  });

  it('a virtual attribute’s setter writes what it sets; with save: false that too stays in memory', async () => {
    await author.update({ password: 'one' });
    expect(await stored()).to.include({ hash: '#one' });
    await author.update({ password: 'two' }, { save: false });
    await author.update({ name: 'new' });
    await author.save();
    expect(await stored()).to.include({ name: 'new', hash: '#one' });
    await author.save({ saveAllFields: true });
    expect(await stored()).to.include({ hash: '#two' });
  });

  it('setterMethods are known names', async () => {
    await author.update({ nick: 'x' });
    expect(await stored()).to.include({ name: '~x' });
  });

  it('a path writes into a JSON attribute, and is kept in memory like any other', async () => {
    await author.update({ 'meta.b.c': 2 });
    expect((await stored()).meta).to.deep.equal({ a: 1, b: { c: 2 } });
    await author.update({ 'meta.a': 2 }, { save: false });
    await author.save();
    expect((await stored()).meta).to.deep.equal({ a: 1, b: { c: 2 } });
    await author.save({ saveAllFields: true });
    expect((await stored()).meta).to.deep.equal({ a: 2, b: { c: 2 } });
    const error = await author.update({ 'mete.a': 1 }).catch((caught) => caught);
    expect(error).to.be.instanceOf(UnknownAttributeError);
  });

  it('what a before-hook sets is written too, but not what is kept in memory', async () => {
    const hook = (changed: Model) => void changed.set('hash', 'hooked');
    Author.addHook('beforeUpdate', 'compatibility', hook);
    try {
      await author.update({ name: 'memory' }, { save: false });
      author.set('meta', {});
      await author.save();
      expect(await stored()).to.deep.include({ name: 'old', hash: 'hooked', meta: {} });
      await author.update({ meta: null, hash: 'unhooked' }, { hooks: false });
      expect(await stored()).to.include({ meta: null, hash: 'unhooked' });
    } finally {
      Author.removeHook('beforeUpdate', 'compatibility');
    }
  });

  it('a transaction that is rolled back takes the update with it', async () => {
    const transaction = await database.sequelize.transaction();
    await author.update({ name: 'new' }, { transaction });
    expect(await stored()).to.include({ name: 'old' });
    await transaction.rollback();
    expect(await stored()).to.include({ name: 'old' });
  });

  it('association mixins', async () => {
    const [one, two] = await Promise.all([Book.create({ title: 'one' }), Book.create({ title: 'two' })]);
    const keys = async () =>
      (await Book.findAll({ where: { authorId: author.get('id') } })).map((book) => book.get('title')).sort();
    await author.addBook(one);
    await author.createBook({ title: 'three' });
    expect(await keys()).to.deep.equal(['one', 'three']);
    await author.setBooks([two]);
    expect(await keys()).to.deep.equal(['two']);
    await (await two.reload()).setAuthor(null);
    expect(await keys()).to.deep.equal([]);
    await one.setAuthor(author, { save: false });
    await one.save();
    expect(await keys()).to.deep.equal(['one']);
    const prizes = await Promise.all([Prize.create({ title: 'a' }), Prize.create({ title: 'b' })]);
    for (const prize of prizes) await author.setPrize(prize);
    expect(
      (await Prize.findAll({ where: { authorId: author.get('id') } })).map((each) => each.get('title')),
    ).to.deep.equal(['b']);
  });
});
