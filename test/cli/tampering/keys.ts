import type { Tampering } from './tampering';

const BOOK = 'ALTER TABLE book DROP CONSTRAINT "book_authorId_fkey"';

export const keys: Tampering[] = [
  {
    what: 'the function that reads the catalog is edited',
    sql: `CREATE OR REPLACE FUNCTION guitars.definition(kind text, target text, object text) RETURNS text LANGUAGE sql AS $$ SELECT 'fine' $$`,
    kind: 'shared_function',
    model: '*',
    says: /guitars\.definition/,
  },
  {
    what: 'a key is not validated',
    sql: `${BOOK}, ADD CONSTRAINT "book_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES author ON DELETE CASCADE NOT VALID`,
    kind: 'unchecked_key',
    says: /was never checked against all rows/,
  },
  {
    what: 'the triggers of a key are switched off',
    admin: true,
    sql: 'ALTER TABLE app.loan DISABLE TRIGGER ALL; ALTER TABLE app.loan ENABLE TRIGGER USER',
    kind: 'unchecked_key',
    model: 'Loan',
    says: /is switched off, so rows may point at nothing/,
  },
];
