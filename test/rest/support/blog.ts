import { DataTypes, Model, type Sequelize } from 'sequelize';
import { type Engine, Guitar } from '../../../lib';
import { Versioned } from '../../../lib/history';
import { id } from '../../orm/shop';

/** A row as tests see it. */
// biome-ignore lint/suspicious/noExplicitAny: attributes of any model
export type Row = Model<any, any> & { destroy(): Promise<void>; restore(): Promise<void>; [name: string]: any };
// biome-ignore lint/suspicious/noExplicitAny: a model of any attributes
type AnyClass = any;

/**
 * Authors, whose articles go with them; of an article its comments go along, and its invoices guard it. Its slug is unique
 * among the live ones.
 */
export function defineBlog(sequelize: Sequelize, engine: Engine, key: object = id()) {
  const guitar = { engine };
  const define = (Base: AnyClass, name: string, attributes: object, options: object = {}): AnyClass =>
    (class extends Base {} as AnyClass).init(attributes, {
      sequelize,
      guitar,
      modelName: name,
      tableName: name.toLowerCase(),
      ...options,
    });
  const foreign = (field: string) => ({ indexes: [{ fields: [field] }] });
  const Author = define(
    Guitar(Model),
    'Author',
    { id: id(), name: DataTypes.TEXT, password: DataTypes.TEXT },
    {
      defaultScope: { attributes: { exclude: ['password'] } },
    },
  );
  const Article = define(
    Versioned(Guitar(Model)),
    'Article',
    {
      id: key,
      title: { type: DataTypes.TEXT, field: 'article_title', allowNull: false, validate: { notEmpty: true } },
      slug: { type: DataTypes.STRING(40), unique: true },
      stock: { type: DataTypes.INTEGER, defaultValue: 0 },
      authorId: { type: DataTypes.INTEGER, field: 'author_id' },
    },
    foreign('author_id'),
  );
  const { type } = key as { type: typeof DataTypes.INTEGER };
  const articleId = { type, field: 'article_id' };
  const Comment = define(
    Guitar(Model),
    'Comment',
    { id: id(), text: DataTypes.TEXT, articleId },
    foreign('article_id'),
  );
  const Invoice = define(Guitar(Model), 'Invoice', { id: id(), articleId }, foreign('article_id'));
  Author.hasMany(Article, { as: 'articles', foreignKey: 'authorId', onDelete: 'CASCADE' });
  Article.belongsTo(Author, { as: 'author', foreignKey: 'authorId', onDelete: 'CASCADE' });
  Article.hasMany(Comment, { as: 'comments', foreignKey: 'articleId', onDelete: 'CASCADE' });
  Comment.belongsTo(Article, { as: 'article', foreignKey: 'articleId', onDelete: 'CASCADE' });
  Article.hasMany(Invoice, { as: 'invoices', foreignKey: 'articleId', onDelete: 'RESTRICT' });
  Invoice.belongsTo(Article, { as: 'article', foreignKey: 'articleId', onDelete: 'RESTRICT' });
  return { Author, Article, Comment, Invoice };
}

export type Blog = ReturnType<typeof defineBlog>;
