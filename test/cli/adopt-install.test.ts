import { expect } from 'chai';
import { useDatabase } from '../support/database';
import { adoption, LIBRARY, NOTE } from './adoption';
import { useApplication } from './application';

describe('guitars adopt, of tables that install would refuse', () => {
  const db = useDatabase();
  const app = useApplication(db);
  const sql = (text: string) => db.sequelize.query(text);
  const { adopt, refused } = adoption(db, app);
  const library = (key = '') =>
    sql(`CREATE TABLE author (id serial PRIMARY KEY, "createdAt" timestamptz);
      CREATE TABLE book (id serial PRIMARY KEY, author_id int REFERENCES author ON DELETE CASCADE ${key}, "createdAt" timestamptz)`);
  before(() => app.models(LIBRARY));
  beforeEach(() => sql('DROP TABLE IF EXISTS book, author, shelf, note CASCADE'));

  /** Refused as a plan and in earnest, with nothing changed. */
  async function both(expected: RegExp): Promise<void> {
    expect(await refused('Author', 'Book', '--plan')).to.match(expected);
    expect(await refused('Author', 'Book')).to.match(expected);
  }

  it('a deferrable foreign key', async () => {
    await library('DEFERRABLE');
    await both(/"book_author_id_fkey".*is deferrable.*Make it NOT DEFERRABLE/);
  });

  it('row-level security', async () => {
    await library();
    await sql('ALTER TABLE book ENABLE ROW LEVEL SECURITY');
    await both(/"book" has row-level security.*engine: 'trigger'/);
  });

  it('a cascade that no model knows', async () => {
    await library();
    await sql(
      'CREATE TABLE shelf (id int PRIMARY KEY); ALTER TABLE book ADD shelf int REFERENCES shelf ON DELETE CASCADE',
    );
    await both(/"book_shelf_fkey".*ON DELETE CASCADE in the database and not in the models/);
  });

  it('looks before the schema guitars is there, whose queue the trigger engine needs for a cycle', async () => {
    app.models(`${NOTE('', `engine: 'trigger'`)}
Note.belongsTo(Note, { as: 'about', foreignKey: 'aboutId', onDelete: 'CASCADE' });`);
    await sql('CREATE TABLE note (id serial PRIMARY KEY, "aboutId" int REFERENCES note ON DELETE CASCADE)');
    expect((await app.guitars('adopt', 'Note', '--plan')).code).to.equal(0);
    await adopt('Note');
    expect((await app.guitars('audit')).out).to.match(/^Nothing found/);
  });
});
