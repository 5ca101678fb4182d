import { expect } from 'chai';
import { rows } from '../contract/world';
import { useDatabase } from '../support/database';
import { adoption, LIBRARY, NOTE } from './adoption';
import { useApplication } from './application';

describe('guitars adopt, of columns that others name', () => {
  const db = useDatabase();
  const app = useApplication(db);
  const sql = (text: string) => db.sequelize.query(text);
  const { adopt, refused } = adoption(db, app);
  beforeEach(async () => {
    app.models(NOTE());
    await sql('DROP TABLE IF EXISTS note, log, author, book CASCADE');
  });
  const note = () =>
    sql(`CREATE TABLE note (id serial PRIMARY KEY, "createdAt" timestamptz, "updatedAt" timestamptz);
      INSERT INTO note DEFAULT VALUES`);
  const touch = (name: string, body: string, table: string) =>
    sql(`CREATE OR REPLACE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body}; RETURN NEW; END $$;
      CREATE TRIGGER ${name} BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${name}()`);

  it('refuses to rename one that a trigger function names, until it does not', async () => {
    await note();
    await touch('touch', 'NEW."updatedAt" := now()', 'note');
    const said =
      /Renaming "updatedAt" of "note".*the trigger touch on note calls touch\(\).*columns: { updatedAt: "updatedAt" }/;
    expect(await refused('Note', '--plan')).to.match(said);
    expect(await refused('Note')).to.match(said);
    await sql('DROP TRIGGER touch ON note');
    await adopt('Note');
    await sql('UPDATE note SET id = id');
  });

  it('keeps one where the model says so, and its trigger with it', async () => {
    app.models(NOTE('', `columns: { updatedAt: 'updatedAt' }`));
    await note();
    await touch('touch', 'NEW."updatedAt" := now()', 'note');
    await adopt('Note');
    await sql('UPDATE note SET id = id');
    expect((await app.guitars('audit')).out).to.match(/^Nothing found/);
  });

  it('also as an argument, in the trigger of another table, and in what a rule calls', async () => {
    await note();
    await sql('CREATE TABLE log (id int)');
    await touch('fine', 'NEW.id := 2', 'note');
    await sql('DROP TRIGGER fine ON note');
    await sql(`CREATE TRIGGER given BEFORE UPDATE ON note FOR EACH ROW EXECUTE FUNCTION fine('updatedAt')`);
    expect(await refused('Note')).to.match(/the trigger given on note is given that name/);
    await sql('DROP TRIGGER given ON note');
    await touch('other', 'UPDATE note SET "updatedAt" = now()', 'log');
    expect(await refused('Note')).to.match(/the trigger other on log calls other\(\)/);
    await touch('unrelated', 'NEW.id := (SELECT count("updatedAt") FROM elsewhere)', 'log');
    await sql('DROP TRIGGER other ON log');
    await sql(`CREATE FUNCTION seen() RETURNS bigint LANGUAGE sql AS 'SELECT count("createdAt") FROM note';
      CREATE RULE looked AS ON INSERT TO note DO ALSO SELECT seen()`);
    expect(await refused('Note')).to.match(/Renaming "createdAt".*the rule looked on note calls seen\(\)/);
    await sql('DROP FUNCTION seen() CASCADE');
    await adopt('Note');
  });

  it('views and rules follow a renaming by themselves', async () => {
    await note();
    await sql(`CREATE TABLE log (at timestamptz); CREATE VIEW log_view AS SELECT id, "updatedAt" FROM note;
      CREATE RULE logged AS ON INSERT TO note DO ALSO INSERT INTO log VALUES (NEW."updatedAt")`);
    await adopt('Note');
    await sql('INSERT INTO note DEFAULT VALUES; UPDATE log_view SET "updatedAt" = now()');
    expect(await rows(db.sequelize, 'SELECT FROM log WHERE at IS NOT NULL')).to.have.length(1);
  });

  it('refuses a rule ON UPDATE at the start where rows are to be filled', async () => {
    await note();
    await sql('CREATE TABLE log (id int); CREATE RULE logged AS ON UPDATE TO note DO ALSO INSERT INTO log VALUES (1)');
    expect(await refused('Note', '--plan')).to.match(/rule ON UPDATE, "logged"/);
    expect(await refused('Note')).to.match(/ALTER TABLE "app"."note" DISABLE RULE "logged"/);
    await sql('ALTER TABLE note DISABLE RULE logged');
    await adopt('Note');
    await sql('ALTER TABLE note ENABLE RULE logged; UPDATE note SET id = id');
    expect(await rows(db.sequelize, 'SELECT FROM log')).to.have.length(1);
  });

  it('--rename is of the tables that have the column, or of one', async () => {
    app.models(LIBRARY);
    const library = () =>
      sql(`DROP TABLE IF EXISTS author, book;
        CREATE TABLE author (id serial PRIMARY KEY, made timestamptz NOT NULL DEFAULT now(), born timestamptz NOT NULL DEFAULT now());
        CREATE TABLE book (id serial PRIMARY KEY, author_id int REFERENCES author ON DELETE CASCADE, born timestamptz NOT NULL DEFAULT now())`);
    const columns = async (table: string) =>
      (
        await rows<{ name: string }>(
          db.sequelize,
          `SELECT attname AS name FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attname IN ('made', 'born') AND attnum > 0`,
        )
      ).map(({ name }) => name);
    await library();
    expect(await refused('Author', 'Book', '--rename', 'unmade=_created_at')).to.match(
      /the tables of Author, Book have no column "unmade"/,
    );
    expect(await refused('Author', 'Book', '--rename', 'Book.made=_created_at')).to.match(
      /the table of Book has no column "made"/,
    );
    await adopt('--rename', 'made=_created_at', 'Author', 'Book');
    expect([await columns('author'), await columns('book')]).to.deep.equal([['born'], ['born']]);
    // Again, as after a kill.
    await adopt('--rename', 'made=_created_at', 'Author', 'Book');
    await library();
    await adopt('--rename', 'Author.made=_created_at', 'Author', '--rename', 'Book.born=_created_at', 'Book');
    expect([await columns('author'), await columns('book')]).to.deep.equal([['born'], []]);
  });
});
