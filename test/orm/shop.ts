import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type NonAttribute,
  QueryTypes,
  type Sequelize,
} from 'sequelize';
import { type Engine, Guitar } from '../../lib';
import { type TestDatabase, useDatabase } from '../support/database';

/** Runs a block of tests, each block on a database of its own, for both engines of D1. */
export function eachEngine(title: string, tests: (database: TestDatabase, engine: Engine) => void): void {
  for (const engine of ['rule', 'trigger'] as const)
    describe(`${title} (${engine})`, () => tests(useDatabase(), engine));
}

/** A primary key, new for each model: Sequelize writes into definitions. */
export const id = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });

/** Articles, whose attributes are not named as their columns, and their comments by a CASCADE key. */
export function defineShop(sequelize: Sequelize, engine: Engine, options: object = {}) {
  class Article extends Guitar(Model)<InferAttributes<Article>, InferCreationAttributes<Article>> {
    declare id: CreationOptional<number>;
    declare title: string;
    declare stock: CreationOptional<number>;
    declare meta: CreationOptional<{ colour?: string; size?: { width: number } } | null>;
    declare comments?: NonAttribute<Comment[]>;
  }
  class Comment extends Guitar(Model)<InferAttributes<Comment>, InferCreationAttributes<Comment>> {
    declare id: CreationOptional<number>;
    declare articleId: number | null;
    declare text: string;
    declare article?: NonAttribute<Article | null>;
  }
  const guitar = { engine };
  const attributes = {
    id: id(),
    title: { type: DataTypes.TEXT, field: 'article_title', validate: { notEmpty: true } },
    stock: { type: DataTypes.INTEGER, field: 'in_stock', defaultValue: 0 },
    meta: DataTypes.JSONB,
  };
  Article.init(attributes, { sequelize, guitar, tableName: 'article', ...options });
  Comment.init(
    { id: id(), articleId: { type: DataTypes.INTEGER, field: 'article_id' }, text: DataTypes.TEXT },
    { sequelize, guitar, tableName: 'comment', indexes: [{ fields: ['article_id'] }] },
  );
  Article.hasMany(Comment, { as: 'comments', foreignKey: 'articleId', onDelete: 'CASCADE' });
  Comment.belongsTo(Article, { as: 'article', foreignKey: 'articleId', onDelete: 'CASCADE' });
  return { Article, Comment };
}

export type Shop = ReturnType<typeof defineShop>;

/** The shop with its tables made, before the tests of the block; each test begins with empty tables. */
export function useShop(database: TestDatabase, engine: Engine, options: object = {}): Shop {
  const shop = {} as Shop;
  before(async () => {
    Object.assign(shop, defineShop(database.sequelize, engine, options));
    await database.sequelize.sync();
  });
  beforeEach(() => emptied(database.sequelize));
  return shop;
}

/** Empties all tables through the door. */
export async function emptied(sequelize: Sequelize): Promise<void> {
  const models = Object.values(sequelize.models);
  for (const model of models) model.options.hooks = {};
  await sequelize.transaction(async (transaction) => {
    await sequelize.query('SET LOCAL guitars.hard_delete = on', { transaction });
    const tables = models.map((model) => `"${model.tableName}"`).join(', ');
    await sequelize.query(`TRUNCATE ${tables} RESTART IDENTITY`, { transaction });
  });
}

/** A row as the database holds it: times as `Date`, as the instance of a model has them. */
export async function stored(sequelize: Sequelize, table: string, key: number) {
  const sql = `SELECT _deleted_at AS "deletedAt", _updated_at AS "updatedAt" FROM "${table}" WHERE id = ${key}`;
  const rows = await sequelize.query<{ deletedAt: Date | null; updatedAt: Date }>(sql, { type: QueryTypes.SELECT });
  return rows[0];
}

/** The error that a promise is rejected with; it is an error not to be. */
export async function refusal(promise: PromiseLike<unknown>): Promise<Error> {
  const error = await Promise.resolve(promise).then(
    () => undefined,
    (caught: Error) => caught,
  );
  if (!error) throw new Error('Nothing was refused.');
  return error;
}

/** Titles of articles that are live and that are archived, as raw SQL sees them. */
export async function titles(sequelize: Sequelize): Promise<{ live: string[]; archived: string[] }> {
  const sql = 'SELECT article_title AS title, _deleted_at IS NULL AS live FROM article ORDER BY id';
  const rows = await sequelize.query<{ title: string; live: boolean }>(sql, { type: QueryTypes.SELECT });
  const those = (live: boolean) => rows.filter((row) => row.live === live).map(({ title }) => title);
  return { live: those(true), archived: those(false) };
}
