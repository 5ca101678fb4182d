import type { Tampering } from './tampering';

export const objects: Tampering[] = [
  {
    what: 'a rule is dropped',
    sql: 'DROP RULE guitars_soft_delete ON book',
    kind: 'missing',
    says: /rule guitars_soft_delete is missing/,
  },
  {
    what: 'a trigger fires on replicas only',
    sql: 'ALTER TABLE loan ENABLE REPLICA TRIGGER guitars_archive',
    kind: 'disabled',
    model: 'Loan',
    says: /on replicas only/,
  },
  {
    what: 'a trigger is switched off',
    sql: 'ALTER TABLE author DISABLE TRIGGER guitars_stamp',
    kind: 'disabled',
    model: 'Author',
    says: /guitars_stamp is disabled: somebody has switched it off/,
  },
  {
    what: 'a trigger is edited',
    sql: 'CREATE OR REPLACE TRIGGER guitars_truncate BEFORE TRUNCATE ON book WHEN (false) EXECUTE FUNCTION guitars.refuse_truncate()',
    kind: 'drifted',
    says: /trigger guitars_truncate is drifted/,
  },
  {
    what: 'a trigger is edited, and its comment made to agree',
    sql: `CREATE OR REPLACE TRIGGER guitars_truncate BEFORE TRUNCATE ON loan WHEN (false) EXECUTE FUNCTION guitars.refuse_truncate();
      SELECT guitars.seal('trigger', 'app.loan', 'guitars_truncate', split_part(obj_description(oid, 'pg_trigger'), ' ', 2))
        FROM pg_trigger WHERE tgrelid = 'loan'::regclass AND tgname = 'guitars_truncate'`,
    kind: 'drifted',
    model: 'Loan',
    says: /it was edited, and its comment made to say otherwise/,
  },
  {
    what: 'a rule is edited, and its comment made to agree',
    sql: `CREATE OR REPLACE RULE guitars_soft_delete AS ON DELETE TO author WHERE false DO INSTEAD NOTHING;
      SELECT guitars.seal('rule', 'app.author', 'guitars_soft_delete', split_part(obj_description(oid, 'pg_rewrite'), ' ', 2))
        FROM pg_rewrite WHERE ev_class = 'author'::regclass AND rulename = 'guitars_soft_delete'`,
    kind: 'drifted',
    model: 'Author',
    says: /rule guitars_soft_delete is drifted: it was edited, and its comment/,
  },
  {
    what: 'the function of a table is edited',
    sql: `DO $$ BEGIN EXECUTE format('CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS %L',
        (SELECT tgfoid::regproc FROM pg_trigger WHERE tgrelid = 'book'::regclass AND tgname = 'guitars_stamp'), 'BEGIN RETURN NEW; END'); END $$`,
    kind: 'drifted',
    says: /its body differs/,
  },
  {
    what: 'a trigger of ours is added',
    sql: 'CREATE TRIGGER guitars_more BEFORE TRUNCATE ON book EXECUTE FUNCTION guitars.refuse_truncate()',
    kind: 'unexpected',
    says: /guitars_more on book is not what the models call for/,
  },
  {
    what: 'the index of a key is dropped',
    sql: 'DROP INDEX book_author_id',
    kind: 'unindexed_key',
    says: /"authorId" has no index/,
  },
  {
    what: 'a unique index of ours is dropped',
    sql: 'DROP INDEX book_isbn_unique',
    kind: 'missing',
    says: /index book_isbn_unique is missing/,
  },
  {
    what: 'a full unique constraint is added',
    sql: 'ALTER TABLE book ADD CONSTRAINT once UNIQUE (isbn)',
    kind: 'full_unique',
    says: /constraint once on "isbn" counts archived rows/,
  },
  {
    what: 'a full unique index is added',
    sql: 'CREATE UNIQUE INDEX again ON book (isbn)',
    kind: 'full_unique',
    says: /index again/,
  },
];
