import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Sequelize,
} from 'sequelize';
import { Guitar } from '../../../../lib';
import { Handled, Since, Versioned } from '../../../../lib/history';
import { readOnly } from '../../../../lib/triggers';

/** Shelves and their books, by a CASCADE key: one model of each engine, both with a history; what is unique is so among live rows. */
export function defineLibrary(sequelize: Sequelize) {
  class Shelf extends Since(Handled(Versioned(Guitar(Model)), { tag: 'shelf' }))<
    InferAttributes<Shelf>,
    InferCreationAttributes<Shelf>
  > {
    declare id: CreationOptional<number>;
    declare name: string;
  }
  class Book extends Since(Handled(Versioned(Guitar(Model)), { tag: 'book' }))<
    InferAttributes<Book>,
    InferCreationAttributes<Book>
  > {
    declare id: CreationOptional<number>;
    declare title: string;
    declare code: CreationOptional<string | null>;
    declare isbn: CreationOptional<string | null>;
    declare shelf_id: CreationOptional<number | null>;
  }
  const id = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });
  Shelf.init({ id: id(), name: DataTypes.TEXT }, { sequelize, modelName: 'Shelf', tableName: 'shelf' });
  Book.init(
    {
      id: id(),
      title: DataTypes.TEXT,
      code: { type: DataTypes.TEXT, unique: true },
      isbn: DataTypes.TEXT,
      shelf_id: DataTypes.INTEGER,
    },
    {
      sequelize,
      modelName: 'Book',
      tableName: 'book',
      guitar: { engine: 'trigger' },
      indexes: [{ fields: ['shelf_id'] }],
      triggers: [readOnly({ fields: ['isbn'], name: 'isbn' })],
    },
  );
  Shelf.hasMany(Book, { as: 'books', foreignKey: 'shelf_id', onDelete: 'CASCADE' });
  Book.belongsTo(Shelf, { as: 'shelf', foreignKey: 'shelf_id', onDelete: 'CASCADE' });
  return { Shelf, Book };
}

export type Library = ReturnType<typeof defineLibrary>;
