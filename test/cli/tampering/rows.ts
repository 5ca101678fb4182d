import type { Tampering } from './tampering';

const LOAN = 'ALTER TABLE loan DROP CONSTRAINT "loan_bookId_fkey"';

export const rows: Tampering[] = [
  {
    what: 'a live row is left under an archived parent',
    sql: `INSERT INTO author (id, name) VALUES (7, 'a'); INSERT INTO book ("authorId") VALUES (7), (7);
        ALTER TABLE author DISABLE TRIGGER guitars_cascade; DELETE FROM author; ALTER TABLE author ENABLE TRIGGER guitars_cascade`,
    kind: 'live_orphan',
    says: /2 rows are live, and by "authorId" under an archived parent in author/,
  },
  {
    what: 'a key is dropped, and a row points at nothing',
    sql: LOAN,
    kind: 'missing_key',
    model: 'Loan',
    says: /"bookId" onto book is not in the database/,
  },
  {
    what: 'a row points at nothing',
    sql: 'INSERT INTO loan ("bookId") VALUES (999)',
    kind: 'dangling_key',
    model: 'Loan',
    says: /1 row is without the row of book that "bookId" names/,
  },
  {
    what: 'times lie ahead',
    sql: `BEGIN; SET LOCAL guitars.keep_timestamps = on; INSERT INTO author (name) VALUES ('b'); UPDATE author SET _updated_at = now() + interval '1 day' WHERE name = 'b'; COMMIT`,
    kind: 'future_time',
    model: 'Author',
    says: /1 row is stamped with a time that is yet to come/,
  },
  {
    what: 'the door to hard deletes is left open for a role',
    admin: true,
    sql: `DO $$ BEGIN EXECUTE format('ALTER ROLE %I IN DATABASE %I SET guitars.hard_delete = on', (SELECT relowner::regrole::name FROM pg_class WHERE oid = 'app.book'::regclass), current_database()); END $$`,
    kind: 'open_door',
    model: '*',
    says: /has guitars\.hard_delete = on as a default, so every DELETE removes rows physically/,
  },
];
