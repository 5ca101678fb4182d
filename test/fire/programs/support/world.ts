import type pg from 'pg';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { Dutar, type Engine, Guitar } from '../../../../lib';
import { Versioned } from '../../../../lib/history';
import type { TestDatabase } from '../../../support/database';

/** Tables whose rows are kept, and those of models without soft deletion. */
export const KEPT = ['author', 'book', 'contract', 'fan'] as const;
export const TABLES = ['room', ...KEPT, 'note'] as const;
export type TableName = (typeof TABLES)[number];

const id = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });
const key = () => ({ type: DataTypes.INTEGER, allowNull: true });

/**
 * What the other programs find: an author whose books go with it (CASCADE), whose contracts guard it (RESTRICT) and whose
 * fans lose it (SET NULL); notes without soft deletion; books, which keep their history, in rooms, which are plain.
 */
export function defineWorld(sequelize: Sequelize, engine: Engine): void {
  const init = (name: string, indexed: string[] = []) => ({
    sequelize,
    modelName: name,
    tableName: name,
    indexes: indexed.map((field) => ({ fields: [field] })),
  });
  const kept = (name: string, indexed?: string[]) => ({ ...init(name, indexed), guitar: { engine } });
  class Room extends Model {}
  class Author extends Guitar(Model) {}
  class Book extends Versioned(Guitar(Model)) {}
  class Contract extends Guitar(Model) {}
  class Fan extends Guitar(Model) {}
  class Note extends Dutar(Model) {}
  const name = DataTypes.TEXT;
  Room.init({ id: id(), name }, { ...init('room'), timestamps: false });
  Author.init({ id: id(), email: { type: DataTypes.TEXT, unique: true }, name }, kept('author'));
  Book.init({ id: id(), name, author_id: key(), room_id: key() }, kept('book', ['author_id', 'room_id']));
  Contract.init({ id: id(), name, author_id: key() }, kept('contract', ['author_id']));
  Fan.init({ id: id(), name, author_id: key() }, kept('fan', ['author_id']));
  Note.init({ id: id(), name, author_id: key() }, { ...init('note'), timestamps: false });
  const author = (onDelete: string) => ({ as: 'author', foreignKey: 'author_id', onDelete });
  Book.belongsTo(Author, author('CASCADE'));
  Book.belongsTo(Room, { as: 'room', foreignKey: 'room_id', onDelete: 'CASCADE' });
  Contract.belongsTo(Author, author('RESTRICT'));
  Fan.belongsTo(Author, author('SET NULL'));
  Note.belongsTo(Author, author('CASCADE'));
}

const CREATED = `'2020-01-01Z', '2020-01-02Z'`;
const ARCHIVED = `'2021-01-01Z', '00000000-0000-4000-8000-000000000004'`;

const SEED = `
BEGIN;
SET LOCAL guitars.hard_delete = on;
SET LOCAL guitars.edit_history = on;
DELETE FROM book; DELETE FROM contract; DELETE FROM fan; DELETE FROM note; DELETE FROM author; DELETE FROM room;
DELETE FROM book_history;
COMMIT;
INSERT INTO room (id, name) VALUES (1, 'attic'), (2, 'cellar');
INSERT INTO author (id, email, name, _created_at, _updated_at, _deleted_at, _deletion) VALUES
  (1, 'ada', 'with books, a fan and a note', ${CREATED}, NULL, NULL), (2, 'bob', 'under contract', ${CREATED}, NULL, NULL),
  (3, 'cyd', 'alone', ${CREATED}, NULL, NULL), (4, 'dan', 'archived with a book', ${CREATED}, ${ARCHIVED});
INSERT INTO book (id, name, author_id, room_id, _created_at, _updated_at, _deleted_at, _deletion) VALUES
  (1, 'one', 1, 1, ${CREATED}, NULL, NULL), (2, 'two', 1, NULL, ${CREATED}, NULL, NULL),
  (3, 'three', 4, NULL, ${CREATED}, ${ARCHIVED}), (4, 'four', NULL, 2, ${CREATED}, NULL, NULL);
INSERT INTO contract (id, name, author_id, _created_at, _updated_at) VALUES (1, 'c', 2, ${CREATED});
INSERT INTO fan (id, name, author_id, _created_at, _updated_at) VALUES (1, 'f', 1, ${CREATED});
INSERT INTO note (id, name, author_id) VALUES (1, 'n', 1), (2, 'o', NULL);
${TABLES.map((table) => `SELECT setval(pg_get_serial_sequence('${table}', 'id'), 100);`).join('\n')}`;

/** Makes the tables in a test's database, and connects to it. */
export async function openWorld(db: TestDatabase, engine: Engine): Promise<pg.Client> {
  defineWorld(db.sequelize, engine);
  await db.sequelize.sync();
  return db.client();
}

/** Puts the rows back as they were, through the doors. Statistics of tables that are empty might make it another plan (docs/engines.md, LIMIT). */
export async function seed(client: pg.Client): Promise<void> {
  await client.query(SEED);
  await client.query(`ANALYZE ${TABLES.join(', ')}`);
}
