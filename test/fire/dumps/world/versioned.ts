import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Sequelize,
} from 'sequelize';
import { type Engine, Guitar } from '../../../../lib';
import { Versioned } from '../../../../lib/history';

/** An author and the articles below him, versioned, with what is excluded and filtered; and a history in months. */
export function defineVersioned(sequelize: Sequelize, engine: Engine) {
  class Author extends Versioned(Guitar(Model), { partition: 'month' })<
    InferAttributes<Author>,
    InferCreationAttributes<Author>
  > {
    declare id: CreationOptional<number>;
    declare name: string;
  }
  class Article extends Versioned(Guitar(Model), { exclude: ['draft'], filter: ['secret'] })<
    InferAttributes<Article>,
    InferCreationAttributes<Article>
  > {
    declare id: CreationOptional<number>;
    declare title: string;
    declare author_id: CreationOptional<number | null>;
    declare draft: CreationOptional<string | null>;
    declare secret: CreationOptional<string | null>;
  }
  const init = (name: string) => ({
    sequelize,
    schema: engine,
    modelName: `${engine}_${name}`,
    tableName: name,
    guitar: { engine },
  });
  const id = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });
  Author.init({ id: id(), name: DataTypes.TEXT }, init('author'));
  Article.init(
    { id: id(), title: DataTypes.TEXT, author_id: DataTypes.INTEGER, draft: DataTypes.TEXT, secret: DataTypes.TEXT },
    { ...init('article'), indexes: [{ fields: ['author_id'], name: 'article_author' }] },
  );
  Article.belongsTo(Author, { as: 'author', foreignKey: 'author_id', onDelete: 'CASCADE' });
  return { Author, Article };
}
