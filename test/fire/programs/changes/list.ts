import knex, { type Knex } from 'knex';
import type { TableName } from '../support/world';

/** A change of the tables that their owner may make, and a statement after it. */
export interface TableChange {
  readonly title: string;
  readonly change: string;
  readonly statement: string;
  /** Where the rows of a table are to be looked for: undefined, nowhere. */
  readonly names?: Partial<Record<TableName, string | undefined>>;
  /** The engines under which the statement removes rows: the page says why this is the owner's own doing. */
  readonly removes?: readonly ('rule' | 'trigger')[];
}

const REMOVE = 'DELETE FROM author WHERE id = 3';

const db = knex({ client: 'pg' });
const alter = (title: string, build: (table: Knex.AlterTableBuilder) => void, statement = REMOVE): TableChange => ({
  title: `knex.schema.alterTable('author', (table) => table.${title}); ${statement}`,
  change: db.schema.alterTable('author', build).toString(),
  statement,
});

const change = (
  change: string,
  statement = REMOVE,
  more: Omit<TableChange, 'title' | 'change' | 'statement'> & { title?: string } = {},
): TableChange => ({ title: `${change}; ${statement}`, change, statement, ...more });

export const CHANGES: readonly TableChange[] = [
  alter("integer('age')", (table) => table.integer('age')),
  alter("string('name', 200).alter()", (table) => table.string('name', 200).alter()),
  alter("dropColumn('name')", (table) => table.dropColumn('name')),
  alter("dropColumn('_deleted_at')", (table) => table.dropColumn('_deleted_at')),
  alter("bigInteger('id').alter()", (table) => table.bigInteger('id').alter()),
  alter('dropTimestamps()', (table) => table.dropColumns('created_at', 'updated_at')),
  {
    title: "knex.schema.renameTable('author', 'writer'); DELETE FROM writer WHERE id = 3",
    change: db.schema.renameTable('author', 'writer').toString(),
    statement: 'DELETE FROM writer WHERE id = 3',
    names: { author: 'writer' },
  },
  change('ALTER TABLE author RENAME TO writer', 'DELETE FROM book WHERE id = 1', { names: { author: 'writer' } }),
  change(
    'CREATE SCHEMA elsewhere; ALTER TABLE author SET SCHEMA elsewhere',
    'DELETE FROM elsewhere.author WHERE id = 3',
    {
      names: { author: 'elsewhere.author' },
    },
  ),
  change('ALTER TABLE author RENAME id TO id_was', 'DELETE FROM author WHERE id_was = 3'),
  change('ALTER TABLE author RENAME _updated_at TO _updated_at_was'),
  change('ALTER TABLE author RENAME _updated_at TO _updated_at_was', `UPDATE author SET name = 'new' WHERE id = 3`),
  change('ALTER TABLE author RENAME _deleted_at TO _deleted_at_was'),
  change('ALTER TABLE book RENAME author_id TO author_id_was', 'DELETE FROM book WHERE id = 1'),
  change('ALTER TABLE author DROP COLUMN _updated_at CASCADE'),
  change('ALTER TABLE author DROP COLUMN _deleted_at CASCADE'),
  change('ALTER TABLE author DROP COLUMN _deletion CASCADE'),
  change('ALTER TABLE book DROP COLUMN room_id CASCADE', 'DELETE FROM book WHERE id = 1'),
  change('ALTER TABLE author ALTER COLUMN _deleted_at SET NOT NULL'),
  change('ALTER TABLE author ALTER COLUMN _deleted_at SET DEFAULT now()', "INSERT INTO author (email) VALUES ('new')"),
  change('DROP TABLE author'),
  change('DROP TABLE room CASCADE', 'DELETE FROM book WHERE id = 1', { names: { room: undefined } }),
  change('DROP TABLE author CASCADE', 'DELETE FROM fan', { names: { author: undefined } }),
  change('DROP TABLE author CASCADE', 'DELETE FROM book WHERE id = 4', { names: { author: undefined } }),
  change('ALTER TABLE author DISABLE RULE guitars_soft_delete'),
  change('DROP RULE guitars_soft_delete ON author'),
  change('ALTER TABLE author DISABLE TRIGGER guitars_archive', REMOVE, { removes: ['trigger'] }),
  change('ALTER TABLE author DISABLE TRIGGER USER', REMOVE, { removes: ['trigger'] }),
  change('ALTER TABLE author DISABLE TRIGGER ALL'),
  change('CREATE TABLE heir () INHERITS (author)'),
  change(
    'CREATE TABLE heir () INHERITS (author); INSERT INTO heir (id) VALUES (100)',
    'DELETE FROM author WHERE id = 100',
    {
      removes: ['trigger'],
    },
  ),
  change('CREATE TABLE elder (id int NOT NULL); ALTER TABLE author INHERIT elder', 'DELETE FROM elder WHERE id = 3'),
  change('CREATE TABLE elder (id int NOT NULL); ALTER TABLE author INHERIT elder'),
  change('CREATE TABLE elder (id int NOT NULL); ALTER TABLE book INHERIT elder', 'DELETE FROM room WHERE id = 1', {
    removes: ['rule', 'trigger'],
  }),
  change(
    'CREATE TABLE whole (LIKE author) PARTITION BY RANGE (id); ALTER TABLE whole ATTACH PARTITION author DEFAULT',
    'DELETE FROM whole WHERE id = 3',
  ),
  change(
    'CREATE TABLE whole (LIKE author) PARTITION BY RANGE (id); ALTER TABLE whole ATTACH PARTITION author DEFAULT',
    'TRUNCATE whole CASCADE',
  ),
  change('CREATE TABLE copy (LIKE author INCLUDING ALL); INSERT INTO copy SELECT * FROM author', 'DELETE FROM copy'),
  change(
    'ALTER TABLE author RENAME TO author_was; CREATE TABLE author (LIKE author_was INCLUDING ALL); INSERT INTO author SELECT * FROM author_was',
    REMOVE,
    { removes: ['rule', 'trigger'] },
  ),
  change(
    'ALTER TABLE author RENAME TO author_was; CREATE TABLE author (LIKE author_was INCLUDING ALL); INSERT INTO author SELECT * FROM author_was',
    'DELETE FROM author_was WHERE id = 3',
  ),
  change('CREATE RULE mine AS ON DELETE TO author DO INSTEAD NOTHING'),
  change('ALTER TABLE author ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON author USING (id < 3)'),
  change('ALTER TABLE author SET UNLOGGED'),
  change('CLUSTER author USING author_pkey'),
];
