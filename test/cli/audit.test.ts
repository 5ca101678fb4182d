import { expect } from 'chai';
import { useDatabase } from '../support/database';
import { useApplication } from './application';
import { ROUNDS } from './tampering';

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
