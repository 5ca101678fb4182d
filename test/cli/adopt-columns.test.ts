import { expect } from 'chai';
import { live, rows } from '../contract/world';
import { useDatabase } from '../support/database';
import { adoption, LIBRARY, NOTE } from './adoption';
import { useApplication } from './application';

describe('guitars adopt, of columns that are not as expected', () => {
  const db = useDatabase();
  const app = useApplication(db);
  const sql = (text: string) => db.sequelize.query(text);
  const { adopt, refused } = adoption(db, app);
  beforeEach(async () => {
    app.models(NOTE());
    await sql('DROP TABLE IF EXISTS note, author, book CASCADE');
  });
  const note = (columns: string) => sql(`CREATE TABLE note (id serial PRIMARY KEY, ${columns})`);

  it('a mark of the deletion that is something else', async () => {
    app.models(LIBRARY);
    const make = (definition: string) =>
      sql(`DROP TABLE IF EXISTS author, book; CREATE TABLE author (id serial PRIMARY KEY, "createdAt" timestamptz, _deletion ${definition});
        CREATE TABLE book (id serial PRIMARY KEY, author_id int REFERENCES author ON DELETE CASCADE)`);
    await make('text');
    expect(await refused('Author', 'Book', '--plan')).to.match(/"_deletion" of "author" is text.*deletionColumn/);
    await make('uuid NOT NULL DEFAULT gen_random_uuid()');
    expect(await refused('Author', 'Book')).to.match(/is uuid NOT NULL DEFAULT gen_random_uuid\(\)/);
    await make('uuid');
    await adopt('Author', 'Book');
  });

  it('a time of deletion that rows are born with', async () => {
    await note('"deletedAt" timestamptz DEFAULT now()');
    const { out } = await app.guitars('adopt', 'Note', '--plan');
    expect(out).to.match(
      /drop the default of _deleted_at\nALTER TABLE "app"."note" ALTER COLUMN "_deleted_at" DROP DEFAULT;/,
    );
    await adopt('Note');
    await sql('INSERT INTO note DEFAULT VALUES');
    expect(await live(db.sequelize, 'note')).to.equal(1);
    expect((await adopt('Note')).out).to.match(/^Nothing to do/);
  });

  it('a time of deletion that every row has', async () => {
    await note('"deletedAt" timestamptz NOT NULL');
    expect(await refused('Note')).to.match(/"deletedAt" of "note" is NOT NULL.*DROP NOT NULL/);
  });

  it('a time that is computed', async () => {
    await note('at timestamptz, "createdAt" timestamptz GENERATED ALWAYS AS (at) STORED');
    expect(await refused('Note')).to.match(/"createdAt" of "note" is generated.*--no-rename/);
  });

  it('a time with less precision, which is widened without AT TIME ZONE and without rewriting', async () => {
    await note('"createdAt" timestamptz(3) NOT NULL DEFAULT now()');
    const err = await refused('Note');
    const remedy = /\((ALTER TABLE "app"."note" ALTER COLUMN "createdAt" TYPE timestamptz);/.exec(err)?.[1];
    expect(err).not.to.match(/AT TIME ZONE|USING/);
    const file = () => rows(db.sequelize, `SELECT relfilenode FROM pg_class WHERE oid = 'note'::regclass`);
    const before = await file();
    await sql(String(remedy));
    expect(await file()).to.deep.equal(before);
    await adopt('Note');
  });

  it('times without a zone, and what is no time', async () => {
    await note('"createdAt" timestamp(0)');
    expect(await refused('Note')).to.match(/USING "createdAt" AT TIME ZONE 'UTC'.*--no-rename/);
    await sql('DROP TABLE note');
    await note('_created_at bigint');
    const err = await refused('Note');
    expect(err).to.match(/is bigint.*USING ….*guitar: { columns:/);
    expect(err).not.to.match(/AT TIME ZONE|--no-rename/);
  });
});
