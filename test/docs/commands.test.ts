import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { useApplication } from '../cli/application';
import { useDatabase } from '../support/database';
import { ROOT } from './pages';

const FOLDER = path.join(ROOT, 'docs/commands');
const PAGES = [
  'README.md',
  ...fs
    .readdirSync(FOLDER)
    .filter((name) => name !== 'README.md')
    .map((name) => `docs/commands/${name}`),
];
const TIMES = `_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz`;

/** What the pages' examples are about: authors, their books by a CASCADE key, and a table that is not taken over yet. */
const MODELS = `
class Author extends Guitar(Model) {}
class Book extends Guitar(Model) {}
Author.init({ name: DataTypes.TEXT }, { sequelize, modelName: 'Author', tableName: 'author' });
Book.init({ title: DataTypes.TEXT }, { sequelize, modelName: 'Book', tableName: 'book', indexes: [{ fields: ['authorId'] }] });
Author.hasMany(Book, { foreignKey: 'authorId', onDelete: 'CASCADE' });
Book.belongsTo(Author, { foreignKey: 'authorId', onDelete: 'CASCADE' });`;
const TABLES = `
CREATE TABLE author (id serial PRIMARY KEY, name text, ${TIMES});
CREATE TABLE book (id serial PRIMARY KEY, title text, "authorId" int REFERENCES author ON DELETE CASCADE, ${TIMES});
CREATE INDEX ON book ("authorId");
INSERT INTO author (name) VALUES ('Ana'), ('Bo');
INSERT INTO book (title, "authorId") VALUES ('a', 1), ('b', 1), ('c', 2);`;

/** What one page alone is about. */
const ALSO: Record<string, { models: string; tables: string }> = {
  'docs/commands/history.md': {
    models: `
const { Versioned } = require(HISTORY);
class Song extends Versioned(Guitar(Model), { keep: '1 year' }) {}
Song.init({ title: DataTypes.TEXT }, { sequelize, modelName: 'Song', tableName: 'song' });`,
    tables: `CREATE TABLE song (id serial PRIMARY KEY, title text, ${TIMES}); INSERT INTO song (title) VALUES ('a');`,
  },
};

/** `guitars …` lines of a page's `sh` blocks, with the exit status that `# exits with N` tells of. */
function examples(page: string): { line: string; code: number }[] {
  const blocks = [...fs.readFileSync(path.join(ROOT, page), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)];
  const lines = blocks
    .flatMap(([, block]) => String(block).split('\n'))
    .map((line) => line.replace(/^npx /, ''))
    .filter((line) => line.startsWith('guitars '));
  return lines.map((line) => ({
    line: line.replace(/\s+#.*$/, ''),
    code: Number(/# exits with (\d)/.exec(line)?.[1] ?? 0),
  }));
}

describe('the examples of the commands', () => {
  for (const page of PAGES) {
    describe(page, () => {
      const db = useDatabase();
      const app = useApplication(db);
      it('run, and end as the page says', async () => {
        const { models = '', tables = '' } = ALSO[page] ?? {};
        await db.sequelize.query(TABLES + tables);
        app.models(MODELS + models.replace('HISTORY', JSON.stringify(app.library('history'))));
        const runs = examples(page);
        expect(runs, 'no example').not.to.have.length(0);
        for (const { line, code } of runs) {
          const words = [...line.matchAll(/'([^']*)'|(\S+)/g)]
            .map(([, quoted, plain]) => quoted ?? plain ?? '')
            .slice(1);
          const run = await app.guitars(...words);
          expect(run.code, `${line}\n${run.out}${run.err}`).to.equal(code);
        }
      });
    });
  }
});
