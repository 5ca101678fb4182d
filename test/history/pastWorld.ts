import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Sequelize,
} from 'sequelize';
import { Guitar } from '../../lib';
import { Versioned } from '../../lib/history/versioned';

const key = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });

/** author → article → note, by CASCADE keys; articles have tags through a model of its own; a plain sponsor. */
export function defineAuthors(sequelize: Sequelize) {
  class Author extends Versioned(Guitar(Model))<InferAttributes<Author>, InferCreationAttributes<Author>> {
    declare id: CreationOptional<number>;
    declare name: string;
    declare articles?: Article[];
  }
  class Article extends Versioned(Guitar(Model))<InferAttributes<Article>, InferCreationAttributes<Article>> {
    declare id: CreationOptional<number>;
    declare title: string;
    declare rank: CreationOptional<number>;
    declare author_id: CreationOptional<number | null>;
    declare author?: Author | null;
    declare notes?: Note[];
    declare tags?: Tag[];
    declare addTags: (tags: Tag[]) => Promise<void>;
    declare setTags: (tags: Tag[]) => Promise<void>;
  }
  class Note extends Versioned(Model)<InferAttributes<Note>, InferCreationAttributes<Note>> {
    declare id: CreationOptional<number>;
    declare body: string;
    declare article_id: number;
  }
  class Tag extends Versioned(Model)<InferAttributes<Tag>, InferCreationAttributes<Tag>> {
    declare id: CreationOptional<number>;
    declare word: string;
  }
  class Tagging extends Versioned(Model) {}
  class Sponsor extends Model<InferAttributes<Sponsor>, InferCreationAttributes<Sponsor>> {
    declare id: CreationOptional<number>;
  }
  const init = (name: string) => ({ sequelize, modelName: name, tableName: name, freezeTableName: true });
  Author.init({ id: key(), name: DataTypes.TEXT }, init('author'));
  Article.init(
    {
      id: key(),
      title: { type: DataTypes.TEXT, field: 'the title', allowNull: false, validate: { notEmpty: true } },
      rank: { type: DataTypes.INTEGER, defaultValue: 0 },
      author_id: { type: DataTypes.INTEGER, allowNull: true },
    },
    { ...init('article'), indexes: [{ fields: ['author_id'] }] },
  );
  Note.init({ id: key(), body: DataTypes.TEXT, article_id: DataTypes.INTEGER }, init('note'));
  Tag.init({ id: key(), word: DataTypes.TEXT }, init('tag'));
  Tagging.init({ weight: { type: DataTypes.INTEGER, defaultValue: 1 } }, init('tagging'));
  Sponsor.init({ id: key() }, init('sponsor'));
  Article.belongsTo(Author, { as: 'author', foreignKey: 'author_id', onDelete: 'CASCADE' });
  Author.hasMany(Article, { as: 'articles', foreignKey: 'author_id', onDelete: 'CASCADE' });
  Article.hasMany(Note, { as: 'notes', foreignKey: 'article_id', onDelete: 'CASCADE' });
  Article.belongsToMany(Tag, { as: 'tags', through: Tagging, foreignKey: 'article_id', otherKey: 'tag_id' });
  Tag.belongsToMany(Article, { as: 'articles', through: Tagging, foreignKey: 'tag_id', otherKey: 'article_id' });
  Author.hasMany(Sponsor, { as: 'sponsors', foreignKey: 'author_id' });
  return { Author, Article, Note, Tag, Tagging, Sponsor };
}
