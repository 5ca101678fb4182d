import {
  type CreationOptional,
  DataTypes,
  type ForeignKey,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type NonAttribute,
  type Sequelize,
} from 'sequelize';
import { Guitar } from 'sequelize-guitars';
import { Versioned } from 'sequelize-guitars/history';

export class Author extends Guitar(Model)<InferAttributes<Author>, InferCreationAttributes<Author>> {
  declare id: CreationOptional<number>;
  declare name: string;
  declare email: string;
}

export class Post extends Versioned(Guitar(Model))<InferAttributes<Post>, InferCreationAttributes<Post>> {
  declare id: CreationOptional<number>;
  declare authorId: ForeignKey<number>;
  declare title: string;
  declare body: CreationOptional<string>;
  declare published: CreationOptional<boolean>;
  declare author?: NonAttribute<Author>;
}

export class Comment extends Guitar(Model)<InferAttributes<Comment>, InferCreationAttributes<Comment>> {
  declare id: CreationOptional<number>;
  declare postId: ForeignKey<number>;
  declare text: string;
}

const id = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });
const text = () => ({ type: DataTypes.TEXT, allowNull: false, validate: { notEmpty: true } });

/** Authors have posts, and posts comments. What an archive takes along is said by `onDelete: 'CASCADE'` alone. */
export function defineModels(sequelize: Sequelize): void {
  Author.init(
    { id: id(), name: text(), email: { ...text(), unique: true, validate: { isEmail: true } } },
    { sequelize, tableName: 'author' },
  );
  Post.init(
    {
      id: id(),
      title: text(),
      body: { type: DataTypes.TEXT, allowNull: false, defaultValue: '' },
      published: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
    },
    { sequelize, tableName: 'post', indexes: [{ fields: ['authorId'] }] },
  );
  Comment.init({ id: id(), text: text() }, { sequelize, tableName: 'comment', indexes: [{ fields: ['postId'] }] });

  const of = (foreignKey: string) => ({ foreignKey: { name: foreignKey, allowNull: false }, onDelete: 'CASCADE' });
  Author.hasMany(Post, { as: 'posts', ...of('authorId') });
  Post.belongsTo(Author, { as: 'author', ...of('authorId') });
  Post.hasMany(Comment, { as: 'comments', ...of('postId') });
  Comment.belongsTo(Post, { as: 'post', ...of('postId') });
}
