import { expect } from 'chai';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { audit, Guitar, InstallError, install, uninstall } from '../../lib';
import { uninstallObjects } from '../../lib/enforcement/objects/remove';
import { number, refusal, rows } from '../contract/world';
import { useDatabase } from '../support/database';

/** Authors and their books; `unique`: is an email? */
function define(sequelize: Sequelize, unique: boolean) {
  class Author extends Guitar(Model) {}
  class Book extends Guitar(Model) {}
  const id = () => ({ id: { type: DataTypes.INTEGER, primaryKey: true } });
  Author.init({ ...id(), email: { type: DataTypes.TEXT, unique } }, { sequelize, tableName: 'author' });
  // Its name is to be quoted.
  Book.init(id(), { sequelize, tableName: 'bo"ok', modelName: 'Book' });
  Book.belongsTo(Author, { foreignKey: 'authorId', onDelete: 'CASCADE' });
  return { sequelize, Author, Book };
}

describe('uninstall of parts', () => {
  const db = useDatabase();
  const query = (sql: string) => db.sequelize.query(sql);
  const removed = (kind: string, ...models: string[]) => uninstallObjects(db.sequelize, { kinds: [kind], models });
  const findings = async () => (await audit(db.sequelize)).findings.map(({ message }) => message);
  let Book: ReturnType<typeof define>['Book'];
  before(async () => {
    ({ Book } = define(db.sequelize, true));
    const times = `_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz`;
    await query(`CREATE TABLE author (id int PRIMARY KEY, email text, ${times});
      CREATE TABLE "bo""ok" (id int PRIMARY KEY, "authorId" int REFERENCES author ON DELETE CASCADE, ${times});
      CREATE INDEX ON "bo""ok" ("authorId")`);
  });
  beforeEach(async () => {
    await install(db.sequelize);
    expect(await findings()).to.deep.equal([]);
  });

  it('a unique index that is called for no longer still gives uniqueness, and stays', async () => {
    const { sequelize } = define(db.connect(), false);
    expect(await uninstallObjects(sequelize, { kinds: ['index'] })).to.deep.equal([]);
    expect(
      await number(sequelize, `SELECT count(*) AS n FROM pg_indexes WHERE indexname = 'author_email_unique'`),
    ).to.equal(1);
  });

  it('sequences are refused while functions ask them, with the remedy', async () => {
    for (const models of [[], ['Book']]) {
      const error = await refusal(removed('sequence', ...models));
      expect(error).to.be.instanceOf(InstallError);
      expect(error.message).to.match(
        /^The sequence bo"ok_links_\w+ is asked by author_cascade_\w+, bo"ok_parents_insert_\w+, .* Nothing was changed\. Remove all of it: guitars uninstall --model Author --model Book\.$/,
      );
    }
    expect(await findings()).to.deep.equal([]);
    await query(`INSERT INTO author (id) VALUES (1); INSERT INTO "bo""ok" (id, "authorId") VALUES (1, 1)`);
  });

  it('functions are refused while triggers call them; with these they go, and then the sequence may', async () => {
    const error = await refusal(removed('function'));
    expect(error).to.be.instanceOf(InstallError);
    expect(error.message).to.match(
      /^The function author_bypass_\w+ is called by the trigger guitars_bypass on author, which stays\. Nothing was changed\. Remove the triggers too: give --kind trigger\.$/,
    );
    const named = await refusal(uninstallObjects(db.sequelize, { names: ['author_stamp_*'] }));
    expect(named.message).to.match(/Remove the triggers too: give --name guitars_stamp\.$/);
    expect(await findings()).to.deep.equal([]);
    const done = await uninstallObjects(db.sequelize, { kinds: ['trigger', 'function', 'sequence'] });
    expect(done.at(-1)).to.match(/^removed sequence bo"ok_links_/);
    const left = `SELECT proname FROM pg_proc WHERE pronamespace = 'guitars'::regnamespace AND proname ~ '_[0-9a-f]{8}$'`;
    expect(await rows(db.sequelize, left)).to.deep.equal([]);
  });

  it('of a child, as a whole: the sequence that its parent’s cascade asks stays, whatever it is called', async () => {
    await uninstall(db.sequelize, { models: [Book] });
    const client = await db.client();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ; DELETE FROM author; COMMIT');
  });
});
