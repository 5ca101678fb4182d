import { expect } from 'chai';
import { GuitarsError, purge } from '../../lib';
import { held, refusal } from '../contract/world';
import { useDatabase } from '../support/database';
import { both, define, ids, OLD, told } from './world';

describe('purge: rows that cannot go', () => {
  const db = useDatabase();
  let Note: ReturnType<typeof define>;
  const sql = (text: string) => db.sequelize.query(text);
  before(async () => {
    Note = define(db.sequelize, 'note');
    define(db.sequelize, 'line', ['note']).belongsTo(Note, { as: 'of', foreignKey: 'note', onDelete: 'CASCADE' });
    await db.sequelize.sync();
  });
  beforeEach(() =>
    sql(`INSERT INTO note (id, _deleted_at) SELECT n, ${OLD} FROM generate_series(1, 30) AS n;
      INSERT INTO line (id, note, _deleted_at) SELECT n, n, ${OLD} FROM generate_series(1, 30) AS n`),
  );
  afterEach(() =>
    sql(`DROP TABLE IF EXISTS tag; DROP FUNCTION IF EXISTS hold() CASCADE;
      BEGIN; SET LOCAL guitars.hard_delete = on; TRUNCATE note, line; COMMIT`),
  );
  const trigger = (on: string, body: string, when = 'BEFORE') =>
    sql(`CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN OLD; END $$;
      CREATE TRIGGER hold ${when} DELETE ON ${on} FOR EACH ROW EXECUTE FUNCTION hold()`);

  for (const [code, what] of [
    ['P0001', 'whatever a trigger raises'],
    ['23514', 'a check'],
    ['22012', 'a value'],
    ['27000', 'a change under way'],
    ['0A000', 'what is not supported'],
    ['GH001', 'a code of its own'],
  ] as const) {
    it(`for ${what} (${code}) a row stays, and the others go`, async () => {
      await trigger('note', `IF OLD.id IN (3, 20) THEN RAISE EXCEPTION 'on hold' USING ERRCODE = '${code}'; END IF;`);
      const report = await purge(db.sequelize, Note, { archivedBefore: '90d' });
      expect(report.because).to.deep.equal([{ rows: 2, constraint: '', table: '', reason: 'on hold' }]);
      expect([report.left, await ids(db.sequelize, 'note'), await ids(db.sequelize, 'line')]).to.deep.equal([
        2,
        [3, 20],
        [3, 20],
      ]);
    });
  }

  it('tells the refusals of different triggers apart', async () => {
    await trigger('note', `IF OLD.id IN (3, 4, 9) THEN RAISE EXCEPTION 'hold %', OLD.id % 2; END IF;`);
    const { because } = await purge(db.sequelize, Note, { archivedBefore: '90d' });
    expect(because.map(({ rows, reason }) => `${reason}: ${rows}`)).to.deep.equal(['hold 1: 2', 'hold 0: 1']);
  });

  it('refused at the end of the transaction', async () => {
    await sql(`CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF OLD.id = 3 THEN RAISE EXCEPTION 'too late'; END IF; RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER hold AFTER DELETE ON note DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold()`);
    const { because, left } = await purge(db.sequelize, Note, { archivedBefore: '90d' });
    expect([because[0]?.reason, left, await ids(db.sequelize, 'line')]).to.deep.equal(['too late', 1, [3]]);
  });

  for (const [what, keep] of [
    ['answers NULL', ''],
    ['writes it anew', 'UPDATE note SET id = 1000 + id WHERE id = OLD.id;'],
  ] as const) {
    it(`a row that a trigger of the user keeps (it ${what}) keeps its children`, async () => {
      await trigger('note', `IF OLD.id = 3 THEN ${keep} RETURN NULL; END IF;`);
      const { because, left } = await purge(db.sequelize, Note, { archivedBefore: '90d' });
      expect(because).to.deep.equal([
        { rows: 1, constraint: '', table: 'note', reason: 'a trigger or rule of "note" kept what had to go' },
      ]);
      expect([left, await ids(db.sequelize, 'note'), await ids(db.sequelize, 'line')]).to.deep.equal([1, [3], [3]]);
    });
  }

  it('a row that a trigger removes before its turn has gone', async () => {
    await trigger('note', 'DELETE FROM note WHERE id = OLD.id + 15;', 'AFTER');
    await purge(db.sequelize, Note, { archivedBefore: '90d' });
    expect(await held(db.sequelize, 'note')).to.equal(0);
  });

  for (const [column, constraint] of [
    ['note int NOT NULL REFERENCES note ON DELETE SET NULL', 'SET NULL on NOT NULL'],
    ['note int NOT NULL REFERENCES note ON DELETE SET DEFAULT', 'no default on NOT NULL'],
    ['note int DEFAULT 99 REFERENCES note ON DELETE SET DEFAULT', 'a default that no row has'],
    ['note int DEFAULT 7 REFERENCES note ON DELETE SET DEFAULT', 'a default that goes itself'],
  ] as const) {
    it(`${constraint}: the dry run knows`, async () => {
      await sql(`CREATE TABLE tag (id serial, ${column}); INSERT INTO tag (note) VALUES (2), (2), (5)`);
      const [dry, run] = await both(db.sequelize, Note);
      expect(told(dry)).to.deep.equal({ went: { note: 28, line: 28 }, left: 2, because: ['tag_note_fkey 2'] });
      expect(told(run)).to.deep.equal(told(dry));
      expect(await ids(db.sequelize, 'note')).to.deep.equal([2, 5]);
    });
  }

  it('a default that stays: the links are cut', async () => {
    await sql(`INSERT INTO note (id) VALUES (99); CREATE TABLE tag (id serial, note bigint DEFAULT 99 REFERENCES note ON DELETE SET DEFAULT);
      INSERT INTO tag (note) VALUES (2)`);
    const [dry, run] = await both(db.sequelize, Note);
    expect(told(dry)).to.deep.equal({ went: { note: 30, line: 30 }, left: 0, because: [] });
    expect(told(run)).to.deep.equal(told(dry));
  });

  it('a check that the cut link breaks', async () => {
    await sql(`CREATE TABLE tag (id serial, note int REFERENCES note ON DELETE SET NULL CHECK (note IS NOT NULL));
      INSERT INTO tag (note) VALUES (2)`);
    const { because } = await purge(db.sequelize, Note, { archivedBefore: '90d' });
    expect(because.map(({ rows, constraint, table }) => [rows, constraint, table])).to.deep.equal([
      [1, 'tag_note_check', 'tag'],
    ]);
  });

  it('what no row would fare better with ends it, with what to do', async () => {
    for (const [code, remedy] of [
      ['42501', /on hold\. What was removed is removed\. Connect as a role/],
      ['57014', /Raise statement_timeout/],
      ['40001', /Run it again when the tables are less busy/],
      ['53100', /Mend that and run it again/],
    ] as const) {
      await trigger('note', `RAISE EXCEPTION 'on hold' USING ERRCODE = '${code}';`);
      const error = await refusal(purge(db.sequelize, Note, { archivedBefore: '90d' }));
      expect(error).to.be.instanceOf(GuitarsError);
      expect(error.message)
        .to.match(/^The purge of note ended: on hold/)
        .and.match(remedy);
      await sql('DROP FUNCTION hold() CASCADE');
    }
    expect(await held(db.sequelize, 'note')).to.equal(30);
  });
});
