import express from 'express';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { Guitar } from '../../../../lib';
import { Versioned } from '../../../../lib/history';
import { type OpenApiDocument, openApiDocument, type RestOptions, softDeleteRouter } from '../../../../lib/rest';
import { id } from '../../../orm/shop';

// biome-ignore lint/suspicious/noExplicitAny: models of any attributes
type Any = any;

const OPERATORS = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'notIn', 'isNull'] as const;
const TEXTUAL = [...OPERATORS, 'contains', 'startsWith', 'icontains', 'istartsWith'] as const;

/** A model of every kind that documents tell apart, and an application that serves them. */
export function defineWorld(sequelize: Sequelize): { serve: () => express.Express; document: () => OpenApiDocument } {
  const define = (Base: Any, name: string, attributes: object): Any =>
    (class extends Base {} as Any).init(attributes, { sequelize, modelName: name, tableName: name.toLowerCase() });
  const Thing = define(Guitar(Model), 'Thing', {
    id: id(),
    title: { type: DataTypes.STRING(40), allowNull: false, unique: true, validate: { notEmpty: true, len: [2, 40] } },
    email: { type: DataTypes.TEXT, validate: { isEmail: true } },
    kind: { type: DataTypes.ENUM('small', 'large'), allowNull: false, defaultValue: 'small' },
    colour: DataTypes.ENUM('red', 'blue'),
    size: { type: DataTypes.SMALLINT, validate: { min: 1, max: 9 } },
    isNew: DataTypes.BOOLEAN,
    since: DataTypes.DATE,
    day: DataTypes.DATEONLY,
    hour: DataTypes.TIME,
    price: DataTypes.DECIMAL(10, 2),
    big: DataTypes.BIGINT,
    weight: DataTypes.DOUBLE,
    code: { type: DataTypes.UUID, defaultValue: DataTypes.UUIDV4 },
    meta: DataTypes.JSONB,
    words: DataTypes.ARRAY(DataTypes.TEXT),
    photo: DataTypes.BLOB,
    letters: DataTypes.CHAR(3),
    loud: {
      type: new DataTypes.VIRTUAL(DataTypes.TEXT),
      get(this: Any) {
        return this.title?.toUpperCase();
      },
    },
    secret: { type: DataTypes.TEXT, defaultValue: 'unseen' },
  });
  const Part = define(Guitar(Model), 'Part', { id: id(), thingId: DataTypes.INTEGER, name: DataTypes.TEXT });
  Thing.hasMany(Part, { as: 'parts', foreignKey: 'thingId', constraints: false });
  Part.belongsTo(Thing, { as: 'thing', foreignKey: 'thingId', constraints: false });
  const Seat = define(Guitar(Model), 'Seat', {
    row: { type: DataTypes.INTEGER, primaryKey: true },
    place: { type: DataTypes.TEXT, primaryKey: true },
    taken: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
  });
  const Tag = define(Guitar(Model), 'Tag', { word: { type: DataTypes.TEXT, primaryKey: true }, hint: DataTypes.TEXT });
  const Author = define(Versioned(Guitar(Model)), 'Author', { id: id(), name: DataTypes.TEXT });
  const Note = define(Versioned(Guitar(Model), { exclude: ['draft'], filter: ['secret'] }), 'Note', {
    id: { type: DataTypes.UUID, primaryKey: true, defaultValue: DataTypes.UUIDV4 },
    title: { type: DataTypes.TEXT, allowNull: false },
    price: DataTypes.DECIMAL,
    draft: DataTypes.TEXT,
    secret: DataTypes.TEXT,
    owner: { type: DataTypes.TEXT, defaultValue: 'me' },
    authorId: DataTypes.INTEGER,
  });
  Note.belongsTo(Author, { as: 'author', foreignKey: 'authorId', constraints: false });
  Author.hasMany(Note, { as: 'notes', foreignKey: 'authorId', constraints: false });
  const all = (names: readonly string[], operators: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, operators])) as Any;
  const routers = {
    '/things': softDeleteRouter(Thing, {
      fields: Object.keys(Thing.rawAttributes).filter((name) => name !== 'secret'),
      filter: {
        ...all(['kind', 'since'], OPERATORS),
        ...all(['id', 'size', 'isNew', 'day', 'price', 'big', 'weight', 'code'], ['eq', 'in']),
        title: TEXTUAL,
        named: { attribute: 'title', operators: ['eq', 'in'] },
      },
      sort: ['title', 'since', 'price'],
      include: ['parts'],
      pageSize: { default: 3, max: 7 },
    } as RestOptions),
    '/seats': softDeleteRouter(Seat, { sort: ['place'], filter: ['taken'] } as RestOptions),
    '/tags': softDeleteRouter(Tag, { bulkResponseContent: true } as RestOptions),
    '/notes': softDeleteRouter(Note, {
      history: true,
      filter: ['title', 'draft'],
      sort: ['title', 'secret'],
      include: ['author'],
    } as RestOptions),
    '/authors': softDeleteRouter(Author, {
      serialize: (row: Any) => ({ name: row.name }),
    } as RestOptions),
    '/mine': softDeleteRouter(Note, {
      path: '/mine/',
      history: true,
      authorize: () => ({ where: { owner: 'me' } }),
      fields: ['id', 'title', 'draft', '_version'],
      writable: ['title'],
      filter: { title: ['contains'] },
      requireIfMatch: true,
      bulkHardDelete: true,
      bulkResponseContent: true,
    } as RestOptions),
  };
  return {
    serve: () => Object.entries(routers).reduce((app, [path, router]) => app.use(path, router), express()),
    document: () => {
      const { '/mine': mine, ...others } = routers;
      return openApiDocument([...Object.values(others), { router: mine, name: 'Mine' }], {
        info: { title: 'Things', version: '1' },
      });
    },
  };
}
