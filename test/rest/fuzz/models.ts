import { DataTypes, Model, type ModelAttributes, type Sequelize } from 'sequelize';
import { type Engine, Guitar } from '../../../lib';
import { SECRET } from './judge';

const id = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });
const secret = () => ({ type: DataTypes.TEXT, defaultValue: SECRET });
const title = () => ({ type: DataTypes.TEXT, allowNull: false, field: 'the_title' });

/** The models of the routers under attack. */
export function defineModels(sequelize: Sequelize, engine: Engine) {
  const define = (name: string, attributes: ModelAttributes, indexes: { fields: string[] }[] = []) => {
    const model = class extends Guitar(Model) {};
    Object.defineProperty(model, 'name', { value: name });
    const defaultScope = { attributes: { exclude: ['secret'] } };
    const options = { sequelize, guitar: { engine }, modelName: name, tableName: name, defaultScope, indexes };
    model.init({ ...attributes, secret: secret() } as never, options);
    return model;
  };
  const models = {
    note: define('note', { id: id(), title: { ...title(), unique: true }, meta: DataTypes.JSONB }),
    stock: define('stock', {
      warehouse: { type: DataTypes.INTEGER, primaryKey: true },
      sku: { type: DataTypes.TEXT, primaryKey: true },
      amount: { type: DataTypes.INTEGER, validate: { min: 0 } },
    }),
    page: define('page', { slug: { type: DataTypes.TEXT, primaryKey: true }, title: title() }),
    token: define('token', {
      id: { type: DataTypes.UUID, defaultValue: DataTypes.UUIDV4, primaryKey: true },
      title: title(),
    }),
    every: define('every', { id: id(), ...EVERY }),
    article: define('article', { id: id(), title: title(), stock: DataTypes.INTEGER, writtenAt: DataTypes.DATE }),
    comment: define('comment', { id: id(), text: DataTypes.TEXT }, [{ fields: ['articleId'] }]),
    document: define('document', { id: id(), tenant: { type: DataTypes.INTEGER, allowNull: false }, title: title() }),
    closed: define('closed', { id: id(), title: title() }),
  };
  const { article, comment } = models;
  article.hasMany(comment, { as: 'comments', foreignKey: 'articleId', onDelete: 'CASCADE' });
  comment.belongsTo(article, { as: 'article', foreignKey: 'articleId', onDelete: 'CASCADE' });
  return models;
}

export type Models = ReturnType<typeof defineModels>;

/** An attribute of every type. */
const EVERY: ModelAttributes = {
  decimal: DataTypes.DECIMAL(10, 2),
  bigint: DataTypes.BIGINT,
  small: DataTypes.SMALLINT,
  real: DataTypes.REAL,
  double: DataTypes.DOUBLE,
  float: DataTypes.FLOAT,
  boolean: DataTypes.BOOLEAN,
  date: DataTypes.DATE,
  day: DataTypes.DATEONLY,
  time: DataTypes.TIME,
  string: DataTypes.STRING(20),
  char: DataTypes.CHAR(3),
  enum: DataTypes.ENUM('a', "it's"),
  json: DataTypes.JSON,
  jsonb: DataTypes.JSONB,
  numbers: DataTypes.ARRAY(DataTypes.INTEGER),
  texts: DataTypes.ARRAY(DataTypes.TEXT),
  blob: DataTypes.BLOB,
  uuid: DataTypes.UUID,
  inet: DataTypes.INET,
  cidr: DataTypes.CIDR,
  mac: DataTypes.MACADDR,
  range: DataTypes.RANGE(DataTypes.INTEGER),
  dates: DataTypes.RANGE(DataTypes.DATE),
  virtual: DataTypes.VIRTUAL,
};
