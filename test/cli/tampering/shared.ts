import type { Tampering } from './tampering';

const BOOK = 'ALTER TABLE book DROP CONSTRAINT "book_authorId_fkey"';

export const shared: Tampering[] = [
  {
    what: 'a shared function is edited',
    sql: `CREATE OR REPLACE FUNCTION guitars.refuse_truncate() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN NULL; END'`,
    kind: 'shared_function',
    model: '*',
    says: /guitars\.refuse_truncate is not as the package made it: its body was edited/,
  },
  {
    what: 'a shared function is dropped',
    sql: 'DROP FUNCTION guitars.links_unseen(regclass)',
    kind: 'shared_function',
    model: '*',
    says: /links_unseen.*not in the database/,
  },
  {
    what: 'a shared function loses its rights',
    sql: 'ALTER FUNCTION guitars.note_move() SECURITY INVOKER',
    kind: 'shared_function',
    model: '*',
    says: /no longer runs as its owner/,
  },
  {
    what: 'a key is added that no model knows',
    sql: 'ALTER TABLE loan ADD "authorId" int CONSTRAINT sly REFERENCES author ON DELETE CASCADE',
    kind: 'unknown_key',
    model: 'Loan',
    says: /sly \("authorId" of loan onto author, ON DELETE CASCADE\) is unknown/,
  },
  {
    what: 'a composite key is added',
    sql: 'ALTER TABLE author ADD UNIQUE (id, name); ALTER TABLE book ADD CONSTRAINT two FOREIGN KEY ("authorId", isbn) REFERENCES author (id, name) ON DELETE CASCADE',
    kind: 'unknown_key',
    says: /composite foreign key two/,
  },
  {
    what: 'a key changes what it does',
    sql: `${BOOK}, ADD CONSTRAINT "book_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES author ON DELETE SET NULL`,
    kind: 'key_differs',
    says: /book_authorId_fkey .* is ON DELETE SET NULL, and the model says CASCADE/,
  },
  {
    what: 'a key becomes deferrable',
    sql: 'ALTER TABLE loan ALTER CONSTRAINT "loan_bookId_fkey" DEFERRABLE INITIALLY DEFERRED',
    kind: 'deferrable_key',
    model: 'Loan',
    says: /is deferrable/,
  },
  {
    what: 'row-level security comes over a rule',
    sql: 'ALTER TABLE book ENABLE ROW LEVEL SECURITY',
    kind: 'row_security',
    says: /the rule's UPDATE acts as the table's owner/,
  },
  {
    what: 'row-level security is forced',
    sql: 'ALTER TABLE loan ENABLE ROW LEVEL SECURITY; ALTER TABLE loan FORCE ROW LEVEL SECURITY',
    kind: 'row_security',
    model: 'Loan',
    says: /forced on the owner/,
  },
];
