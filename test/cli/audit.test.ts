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

interface Tampering {
  what: string;
  sql: string;
  kind: string;
  model?: string;
  admin?: boolean;
  says: RegExp;
}

const BOOK = 'ALTER TABLE book DROP CONSTRAINT "book_authorId_fkey"';
const LOAN = 'ALTER TABLE loan DROP CONSTRAINT "loan_bookId_fkey"';

/** What somebody does behind the library's back, and what the audit says of it; several at a time. */
const ROUNDS: Record<string, Tampering[]> = {
  objects: [
    {
      what: 'a rule is dropped',
      sql: 'DROP RULE guitars_soft_delete ON book',
      kind: 'missing',
      says: /rule guitars_soft_delete is missing/,
    },
    {
      what: 'a rule fires on replicas only',
      sql: 'ALTER TABLE author ENABLE REPLICA RULE guitars_soft_delete',
      kind: 'disabled',
      model: 'Author',
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
  ],
  'shared functions and keys': [
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
      sql: 'ALTER FUNCTION guitars.note_link(regclass) SECURITY INVOKER',
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
      sql: 'ALTER TABLE author ADD UNIQUE (id, name); ALTER TABLE book ADD CONSTRAINT two FOREIGN KEY ("authorId", isbn) REFERENCES author (id, name)',
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
      sql: 'ALTER TABLE loan FORCE ROW LEVEL SECURITY',
      kind: 'row_security',
      model: 'Loan',
      says: /forced on the owner/,
    },
  ],
  'what the audit itself rests on, and keys': [
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
  ],
  'rows, a key, and a door': [
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
  ],
};

const CLEAN = 'Nothing found: the database enforces what the models say.\n';

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
    expect([clean.code, clean.out]).to.deep.equal([0, CLEAN]);
  });

  for (const [round, tamperings] of Object.entries(ROUNDS)) {
    describe(`tampering with ${round}`, () => {
      let printed = '';
      let code: number | null = null;

      before(async () => {
        for (const { sql, admin } of tamperings) await (admin ? await db.admin() : await db.client()).query(sql);
        ({ code, out: printed } = await app.guitars('audit'));
      });

      for (const { what, kind, model = 'Book', says } of tamperings) {
        it(`${what}: ${kind}`, () => {
          const lines = printed.split('\n').filter((line) => line.startsWith(`${kind}  ${model}: `));
          expect(
            lines.filter((line) => says.test(line)),
            printed,
          ).to.have.length(1);
        });
      }

      it('and nothing else; all of it mended by what was printed, in that order', async () => {
        expect(code).to.equal(1);
        expect(printed, printed).to.match(new RegExp(`^${tamperings.length} findings\\.$`, 'm'));
        for (const [, query] of printed.matchAll(/^ {2}see: {2}(.+)$/gm)) await seen(String(query));
        const remedies = [...printed.matchAll(/^ {2}mend: (.+)$/gm)].map(([, remedy]) => String(remedy));
        expect(remedies, printed).to.have.length(tamperings.length);
        for (const remedy of new Set(remedies)) await mend(remedy);
        const after = await app.guitars('audit');
        expect([after.code, after.out], after.err).to.deep.equal([0, CLEAN]);
      });
    });
  }

  it('--no-rows looks at the catalog only', async () => {
    await db.sequelize.query(
      `BEGIN; SET LOCAL guitars.keep_timestamps = on; INSERT INTO author (name, _updated_at) VALUES ('c', now() + interval '1 day'); COMMIT`,
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
    // What holds for whole roles is the administrator's.
    const client = /^ALTER ROLE/.test(remedy) ? db.admin : db.client;
    if (!remedy.startsWith('guitars ')) return (await client()).query(remedy);
    const { code, err } = await app.guitars(...remedy.split(' ').slice(1));
    return expect(code, err).to.equal(0);
  }
});
