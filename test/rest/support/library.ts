import { DataTypes, Model, type Sequelize } from 'sequelize';
import { type Engine, Guitar } from '../../../lib';
import { Versioned } from '../../../lib/history';
import { id } from '../../orm/shop';

// biome-ignore lint/suspicious/noExplicitAny: models of any attributes
type Any = any;

/**
 * Books and their tags: by a Guitar model, by a table that Sequelize names (`plain`), by keys that are not primary
 * (`coded`), from book to book (`sequels`), and to
 * a plain model of two keys (`places`).
 */
export function defineLibrary(sequelize: Sequelize, engine: Engine) {
  const define = (Base: Any, name: string, attributes: object, options: object = {}): Any =>
    (class extends Base {} as Any).init(attributes, {
      sequelize,
      guitar: { engine },
      modelName: name,
      tableName: name.toLowerCase(),
      ...options,
    });
  const Book = define(Versioned(Guitar(Model)), 'Book', {
    id: id(),
    title: DataTypes.TEXT,
    code: { type: DataTypes.STRING, unique: true, field: 'Odd "code"'.replaceAll('"', "'") },
  });
  const Tag = define(
    Versioned(Guitar(Model)),
    'Tag',
    {
      // Each named as the other's column.
      id: { ...id(), field: 'word' },
      word: { type: DataTypes.TEXT, field: 'id' },
      mark: { type: DataTypes.STRING, unique: true },
      secret: DataTypes.TEXT,
      hidden: { type: DataTypes.BOOLEAN, defaultValue: false, field: 'is hidden' },
    },
    { defaultScope: { attributes: { exclude: ['secret'] }, where: { hidden: false }, limit: 1 } },
  );
  const key = (field: string) => ({ type: DataTypes.INTEGER, field });
  const Link = define(
    Guitar(Model),
    'Link',
    { id: id(), bookId: key('book id'), tagId: key('tag_id'), kind: DataTypes.TEXT },
    { indexes: [{ fields: ['book id'] }, { fields: ['tag_id'] }] },
  );
  const Coded = define(
    Guitar(Model),
    'Coded',
    { id: id(), bookCode: DataTypes.STRING, tagMark: DataTypes.STRING },
    { indexes: [{ fields: ['bookCode'] }, { fields: ['tagMark'] }] },
  );
  const linked = { foreignKey: 'bookId', otherKey: 'tagId' };
  Book.belongsToMany(Tag, { as: 'tags', through: { model: Link, unique: false }, ...linked });
  Tag.belongsToMany(Book, {
    as: 'books',
    through: { model: Link, unique: false },
    foreignKey: 'tagId',
    otherKey: 'bookId',
  });
  const main = { model: Link, unique: false, scope: { kind: 'main' } };
  Book.belongsToMany(Tag, { as: 'mainTags', through: main, scope: { word: 'two' }, ...linked });
  Book.belongsToMany(Tag, { as: 'plain', through: 'shelf mark', ...linked, timestamps: false });
  Book.belongsToMany(Tag, {
    as: 'coded',
    through: Coded,
    sourceKey: 'code',
    targetKey: 'mark',
    foreignKey: 'bookCode',
    otherKey: 'tagMark',
    constraints: false,
  });
  Book.belongsToMany(Book, {
    as: 'sequels',
    through: 'sequel',
    foreignKey: 'first',
    otherKey: 'next',
    timestamps: false,
  });
  const name = { type: DataTypes.STRING, primaryKey: true };
  const row = { type: DataTypes.INTEGER, primaryKey: true };
  const Place = define(Model, 'Place', { row, name, code: { type: DataTypes.STRING, unique: true } });
  Book.belongsToMany(Place, {
    as: 'places',
    through: 'placing',
    targetKey: 'code',
    foreignKey: 'bookId',
    otherKey: 'placeCode',
    constraints: false,
    timestamps: false,
  });
  return { Book, Tag, Link, Coded, Place };
}

export type Library = ReturnType<typeof defineLibrary>;
