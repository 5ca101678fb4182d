import { expect } from 'chai';
import { number } from '../contract/world';
import { useDatabase } from '../support/database';
import { adoption, LIBRARY, NOTE } from './adoption';
import { useApplication } from './application';

describe('guitars adopt, of indexes that mean something else', () => {
  const db = useDatabase();
  const app = useApplication(db);
  const sql = (text: string) => db.sequelize.query(text);
  const { adopt, refused, shape } = adoption(db, app);
  const indexes = async (of: RegExp) => (await shape()).filter((line) => /CREATE .*INDEX/.test(line) && of.test(line));
  const audited = async () => expect((await app.guitars('audit')).out).to.match(/^Nothing found/);
  beforeEach(() =>
    sql('DROP TABLE IF EXISTS note, other, author, book CASCADE; DROP TABLE IF EXISTS note_slug_unique'),
  );

  describe('that has the name of the index of a foreign key', () => {
    before(() => app.models(LIBRARY));
    beforeEach(() =>
      sql(`CREATE TABLE author (id serial PRIMARY KEY);
        CREATE TABLE book (id serial PRIMARY KEY, author_id int REFERENCES author ON DELETE CASCADE, deleted_at timestamptz)`),
    );

    it('and is partial', async () => {
      await sql('CREATE INDEX book_author_id ON book (author_id) WHERE deleted_at IS NULL');
      await adopt('Author', 'Book');
      await audited();
      expect(await indexes(/ON app.book .*\(author_id\)/)).to.have.length(2);
      expect((await adopt('Author', 'Book')).out).to.match(/^Nothing to do/);
    });

    it('and is of another table', async () => {
      await sql('CREATE TABLE other (id int); CREATE INDEX book_author_id ON other (id)');
      await adopt('Author', 'Book');
      await audited();
      expect(await indexes(/ON app.other/)).to.have.length(1);
    });

    it('and both names are taken', async () => {
      await sql('CREATE TABLE other (id int); CREATE INDEX book_author_id ON other (id)');
      const other = /CONCURRENTLY ("book_author_id_\w+")/.exec((await adopt('Author', 'Book', '--plan')).out)?.[1];
      await sql(`CREATE SEQUENCE ${other}`);
      expect(await refused('Author', 'Book')).to.match(
        /taken by other relations. Build one: CREATE INDEX CONCURRENTLY/,
      );
      await sql('CREATE INDEX ON book (author_id)');
      await adopt('Author', 'Book');
      await sql(`DROP SEQUENCE ${other}`);
    });
  });

  describe('that has the name of an index of the model', () => {
    before(() => app.models(NOTE('slug: { type: DataTypes.TEXT, unique: true }')));
    beforeEach(() =>
      sql(
        'CREATE TABLE note (id serial PRIMARY KEY, slug text, title text, "deletedAt" timestamptz); CREATE TABLE other (id int)',
      ),
    );

    for (const [of, definition, said] of [
      ['another table', 'INDEX note_slug_unique ON other (id)', /taken by an index of other/],
      ['another column', 'UNIQUE INDEX note_slug_unique ON note (title)', /taken by an index on title/],
      [
        'some of the rows',
        `UNIQUE INDEX note_slug_unique ON note (slug) WHERE title = 'a'`,
        /some of the rows only, WHERE \(title = 'a'/,
      ],
      ['no unique values', 'INDEX note_slug_unique ON note (slug)', /an index that is not unique/],
      ['nothing', 'TABLE note_slug_unique (id int)', /something that is no index. Rename that/],
    ] as const) {
      it(`and is one of ${of}`, async () => {
        await sql(`CREATE ${definition}`);
        expect(await refused('Note', '--plan')).to.match(said);
        expect(await refused('Note')).to.match(/Rename that.*, or give the index of the model a name of its own/);
      });
    }

    it('and is what Sequelize made of it for a paranoid model', async () => {
      await sql('CREATE UNIQUE INDEX note_slug_unique ON note (slug) WHERE "deletedAt" IS NULL');
      await adopt('Note');
      await audited();
      expect(await indexes(/note_slug_unique/)).to.have.length(1);
    });
  });

  describe('that one among live rows cannot stand in for', () => {
    const unique = (definition: string) =>
      sql(
        `CREATE TABLE note (id serial PRIMARY KEY, slug text NOT NULL, CONSTRAINT note_slug_key UNIQUE ${definition})`,
      );
    beforeEach(() => app.models(NOTE('slug: { type: DataTypes.TEXT, unique: true }')));
    const kept = async () => {
      app.models(NOTE('slug: { type: DataTypes.TEXT, unique: true }', 'uniqueAmongLive: { slug: false }'));
      await adopt('Note');
      expect(await indexes(/note_slug_key/)).to.have.length(1);
    };

    it('the replica identity', async () => {
      await unique('(slug)');
      await sql('ALTER TABLE note REPLICA IDENTITY USING INDEX note_slug_key');
      const said =
        /note_slug_key is the REPLICA IDENTITY of "note".*REPLICA IDENTITY DEFAULT.*uniqueAmongLive: { "slug": false }/;
      expect(await refused('Note', '--plan')).to.match(said);
      expect(await refused('Note')).to.match(said);
      await kept();
      await sql('DROP TABLE note');
      app.models(NOTE('slug: { type: DataTypes.TEXT, unique: true }'));
      await unique('(slug)');
      await sql(
        'ALTER TABLE note REPLICA IDENTITY USING INDEX note_slug_key; ALTER TABLE note REPLICA IDENTITY DEFAULT',
      );
      await adopt('Note');
      await audited();
    });

    it('a deferrable constraint', async () => {
      await unique('(slug) DEFERRABLE INITIALLY DEFERRED');
      expect(await refused('Note')).to.match(/is DEFERRABLE.*DROP CONSTRAINT "note_slug_key".*uniqueAmongLive/);
      await kept();
    });

    it('NULLS NOT DISTINCT', async function () {
      const version = await number(db.sequelize, `SELECT current_setting('server_version_num') AS n`);
      if (version < 150000) return this.skip();
      await unique('NULLS NOT DISTINCT (slug)');
      expect(await refused('Note')).to.match(/is NULLS NOT DISTINCT.*uniqueAmongLive/);
      await kept();
    });
  });
});
