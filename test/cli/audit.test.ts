import { expect } from 'chai';
import { useDatabase } from '../support/database';
import { useApplication } from './application';

const MODELS = `
const init = (name, more = {}) => ({ sequelize, modelName: name, tableName: name.toLowerCase(), ...more });
class Author extends Guitar(Model) {}
class Book extends Guitar(Model) {}
class Loan extends Guitar(Model) {}
Author.init({ name: DataTypes.TEXT }, init('Author'));
Book.init({ isbn: { type: DataTypes.TEXT, unique: true } }, init('Book', { indexes: [{ fields: ['authorId'] }] }));
Loan.init({ reader: DataTypes.TEXT }, init('Loan', { indexes: [{ fields: ['bookId'] }], guitar: { engine: 'trigger' } }));
Book.belongsTo(Author, { foreignKey: 'authorId', onDelete: 'CASCADE' });
Loan.belongsTo(Book, { foreignKey: 'bookId', onDelete: 'CASCADE' });`;

/** What somebody does behind the library's back, what the audit calls it, and whose it is. */
const TAMPERING: { what: string; sql: string; kind: string; model?: string; admin?: boolean; says: RegExp }[] = [
  {
    what: 'a rule is dropped',
    sql: 'DROP RULE guitars_soft_delete ON book',
    kind: 'missing',
    says: /rule guitars_soft_delete is missing/,
  },
  {
    what: 'a trigger is switched off',
    sql: 'ALTER TABLE book DISABLE TRIGGER guitars_stamp',
    kind: 'disabled',
    says: /switched it off/,
  },
  {
    what: 'a rule fires on replicas only',
    sql: 'ALTER TABLE book ENABLE REPLICA RULE guitars_soft_delete',
    kind: 'disabled',
    says: /on replicas only/,
  },
  {
    what: 'a trigger is edited',
    sql: 'CREATE OR REPLACE TRIGGER guitars_truncate BEFORE TRUNCATE ON book WHEN (false) EXECUTE FUNCTION guitars.refuse_truncate()',
    kind: 'drifted',
    says: /trigger guitars_truncate is drifted/,
  },
  {
    what: 'the function of a table is edited',
    sql: `DO $$ BEGIN EXECUTE format('CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS %L',
      (SELECT tgfoid::regproc FROM pg_trigger WHERE tgrelid = 'book'::regclass AND tgname = 'guitars_stamp'), 'BEGIN RETURN NEW; END'); END $$`,
    kind: 'drifted',
    says: /its body differs/,
  },
  {
    what: 'a shared function is edited',
    sql: `CREATE OR REPLACE FUNCTION guitars.refuse_truncate() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN NULL; END'`,
    kind: 'shared_function',
    model: '*',
    says: /guitars\.refuse_truncate is not as the package made it: its body was edited/,
  },
  {
    what: 'the function that reads the catalog is edited',
    sql: `CREATE OR REPLACE FUNCTION guitars.definition(kind text, target text, object text) RETURNS text LANGUAGE sql AS $$ SELECT 'fine' $$`,
    kind: 'shared_function',
    model: '*',
    says: /guitars\.definition/,
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
    sql: 'ALTER FUNCTION guitars.note_link(regclass) SECURITY INVOKER',
    kind: 'shared_function',
    model: '*',
    says: /no longer runs as its owner/,
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
    sql: 'CREATE UNIQUE INDEX once ON book (isbn)',
    kind: 'full_unique',
    says: /index once/,
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
    sql: 'ALTER TABLE author ADD UNIQUE (id, name); ALTER TABLE book ADD CONSTRAINT two FOREIGN KEY ("authorId", isbn) REFERENCES author (id, name)',
    kind: 'unknown_key',
    says: /composite foreign key two/,
  },
  {
    what: 'a key changes what it does',
    sql: 'ALTER TABLE book DROP CONSTRAINT "book_authorId_fkey", ADD CONSTRAINT other FOREIGN KEY ("authorId") REFERENCES author ON DELETE SET NULL',
    kind: 'key_differs',
    says: /other .* is ON DELETE SET NULL, and the model says CASCADE/,
  },
  {
    what: 'a key is dropped',
    sql: 'ALTER TABLE book DROP CONSTRAINT other',
    kind: 'missing_key',
    says: /"authorId" onto author is not in the database/,
  },
  {
    what: 'a key becomes deferrable',
    sql: 'ALTER TABLE book ALTER CONSTRAINT "book_authorId_fkey" DEFERRABLE INITIALLY DEFERRED',
    kind: 'deferrable_key',
    says: /is deferrable/,
  },
  {
    what: 'a key is not validated',
    sql: 'ALTER TABLE book DROP CONSTRAINT "book_authorId_fkey", ADD CONSTRAINT "book_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES author ON DELETE CASCADE NOT VALID',
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
  {
    what: 'row-level security comes over a rule',
    sql: 'ALTER TABLE book ENABLE ROW LEVEL SECURITY',
    kind: 'row_security',
    says: /the rule's UPDATE acts as the table's owner/,
  },
  {
    what: 'row-level security is forced',
    sql: 'ALTER TABLE loan FORCE ROW LEVEL SECURITY',
    kind: 'row_security',
    model: 'Loan',
    says: /forced on the owner/,
  },
  {
    what: 'a live row is left under an archived parent',
    sql: `INSERT INTO author (id, name) VALUES (7, 'a'); INSERT INTO book ("authorId") VALUES (7), (7);
      ALTER TABLE author DISABLE TRIGGER guitars_cascade; DELETE FROM author; ALTER TABLE author ENABLE TRIGGER guitars_cascade`,
    kind: 'live_orphan',
    says: /2 rows are live, and by "authorId" under an archived parent in author/,
  },
  {
    what: 'a row points at nothing',
    admin: true,
    sql: `SET session_replication_role = replica; INSERT INTO app.loan ("bookId") VALUES (999); RESET session_replication_role`,
    kind: 'dangling_key',
    model: 'Loan',
    says: /1 row is without the row of book that "bookId" names/,
  },
  {
    what: 'times lie ahead',
    sql: `BEGIN; SET LOCAL guitars.keep_timestamps = on; INSERT INTO author (id, name) VALUES (9, 'b'); UPDATE author SET _updated_at = now() + interval '1 day' WHERE id = 9; COMMIT`,
    kind: 'future_time',
    model: 'Author',
    says: /1 row is stamped with a time that is yet to come/,
  },
];

describe('guitars audit', () => {
  const db = useDatabase();
  const app = useApplication(db);
  const json = async () => JSON.parse((await app.guitars('audit', '--json')).out);

  before(() => app.models(MODELS));

  it('before anything is installed: 1, and guitars install mends it', async () => {
    await tables();
    const audited = await app.guitars('audit');
    expect(audited.code, audited.err).to.equal(1);
    expect(audited.out).to.match(/^no_functions {2}Author: enforcement was never installed/m);
    expect(audited.out).to.match(/^ {2}mend: guitars install$/m);
    expect((await app.guitars('install')).code).to.equal(0);
    const clean = await app.guitars('audit');
    expect([clean.code, clean.out]).to.deep.equal([0, 'Nothing found: the database enforces what the models say.\n']);
  });

  for (const { what, sql, kind, model = 'Book', admin, says } of TAMPERING) {
    it(`${what}: ${kind}, and mended by what it prints`, async () => {
      await ((await (admin ? db.admin() : db.client())) as { query(sql: string): Promise<unknown> }).query(sql);
      const { code, out, err } = await app.guitars('audit');
      expect(code, err).to.equal(1);
      expect(out).to.match(says);
      const kinds = [...out.matchAll(/^(\w+) {2}(\S+): /gm)].map(([, found, whose]) => [found, whose]);
      expect(kinds.length, out).to.be.greaterThan(0);
      for (const each of kinds) expect(each, out).to.deep.equal([kind, model]);
      for (const [, query] of out.matchAll(/^ {2}see: {2}(.+)$/gm)) await seen(String(query));
      const remedies = [...out.matchAll(/^ {2}mend: (.+)$/gm)].map(([, remedy]) => String(remedy));
      expect(remedies).to.have.length(kinds.length);
      for (const remedy of new Set(remedies)) await mend(remedy);
      const after = await app.guitars('audit');
      expect([after.code, after.out], after.err).to.deep.equal([
        0,
        'Nothing found: the database enforces what the models say.\n',
      ]);
    });
  }

  it('--no-rows looks at the catalog only', async () => {
    await db.sequelize.query(
      `BEGIN; SET LOCAL guitars.keep_timestamps = on; UPDATE author SET _updated_at = now() + interval '1 day'; COMMIT`,
    );
    expect((await app.guitars('audit')).code).to.equal(1);
    expect((await app.guitars('audit', '--no-rows')).code).to.equal(0);
    expect((await app.guitars('audit', '--model', 'Book')).code).to.equal(0);
    await db.sequelize.query('UPDATE author SET name = name');
  });

  it('a role that could switch enforcement off is a warning: on standard error, and 1 with --strict only', async () => {
    const { code, err } = await app.guitars('audit');
    expect([code, err]).to.deep.equal([0, err]);
    expect(err).to.match(/^warning: role {2}\*: the connecting role ".*" owns author, book, loan/m);
    expect((await app.guitars('audit', '--strict')).code).to.equal(1);
    const { ok, findings, warnings } = await json();
    expect([ok, findings]).to.deep.equal([true, []]);
    expect(warnings.map(({ kind, severity }: { kind: string; severity: string }) => [kind, severity])).to.deep.equal([
      ['role', 'warning'],
    ]);
  });

  it('2 where it could not look: an unknown model, no connection', async () => {
    const unknown = await app.guitars('audit', '--model', 'Boo');
    expect([unknown.code, unknown.out]).to.deep.equal([2, '']);
    expect(unknown.err).to.match(/There is no enforced model "Boo"\. Use one of: Author, Book, Loan\./);
    app.write(
      'nowhere.config.js',
      `const { Sequelize } = require('${require.resolve('sequelize')}');
module.exports = { sequelize: new Sequelize('postgres://x:y@127.0.0.1:1/z', { logging: false }) };`,
    );
    expect((await app.guitars('audit', '-c', 'nowhere.config.js')).code).to.equal(2);
  });

  async function tables() {
    const own = `_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz`;
    await db.sequelize.query(`CREATE TABLE author (id serial PRIMARY KEY, name text, ${own});
      CREATE TABLE book (id serial PRIMARY KEY, isbn text, "authorId" int REFERENCES author ON DELETE CASCADE ON UPDATE CASCADE, ${own});
      CREATE TABLE loan (id serial PRIMARY KEY, reader text, "bookId" int REFERENCES book ON DELETE CASCADE ON UPDATE CASCADE, ${own});
      CREATE INDEX book_author_id ON book ("authorId"); CREATE INDEX loan_book_id ON loan ("bookId")`);
  }

  /** The query shows something. */
  async function seen(query: string) {
    const [rows] = await db.sequelize.query(query);
    expect(rows, query).not.to.deep.equal([]);
  }

  /** Does what a person would: types the command, or gives the SQL to psql. */
  async function mend(remedy: string) {
    if (!remedy.startsWith('guitars ')) return (await db.client()).query(remedy);
    const { code, err } = await app.guitars(...remedy.split(' ').slice(1));
    return expect(code, err).to.equal(0);
  }
});
