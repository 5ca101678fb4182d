import { expect } from 'chai';
import { number } from '../contract/world';
import { useDatabase } from '../support/database';
import { adoption, NOTE } from './adoption';
import { useApplication } from './application';

describe('guitars adopt, of rows that a trigger keeps as they are', () => {
  const db = useDatabase();
  const app = useApplication(db);
  const sql = (text: string) => db.sequelize.query(text);
  const { adopt } = adoption(db, app);
  const left = () => number(db.sequelize, 'SELECT count(*) AS n FROM note WHERE _created_at IS NULL');
  /** A table whose model says nothing of a key, unless it is given one, and a trigger that stops at locked rows. */
  const table = (key: string, body: string) =>
    sql(`DROP TABLE IF EXISTS note;
      CREATE TABLE note (${key} _created_at timestamptz, locked bool); INSERT INTO note (locked) SELECT n < 3 FROM generate_series(1, 9) AS n;
      CREATE OR REPLACE FUNCTION frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN NEW; END $$;
      CREATE TRIGGER frozen BEFORE UPDATE ON note FOR EACH ROW EXECUTE FUNCTION frozen()`);
  const KEYLESS = `class Note extends Setar(Model) {}
Note.init({ locked: DataTypes.BOOLEAN }, { sequelize, modelName: 'Note', tableName: 'note' });
Note.removeAttribute('id');`;

  async function stopped(...args: string[]): Promise<void> {
    const { code, err } = await app.guitars('adopt', 'Note', ...args);
    expect(code).to.equal(2);
    expect(err).to.match(
      /2 rows of "note" have no times.*a trigger of yours: frozen \(frozen\(\)\).*DISABLE TRIGGER "frozen"/,
    );
    expect(err).not.to.match(/held by other/);
    expect(await left()).to.equal(2);
  }

  it('by answering NULL: the trigger is named, and the adoption goes on where it lets go', async () => {
    app.models(NOTE());
    await table('id serial PRIMARY KEY,', 'IF OLD.locked THEN RETURN NULL; END IF;');
    await stopped('--batch', '2');
    await sql('ALTER TABLE note DISABLE TRIGGER frozen');
    await adopt('Note');
    expect(await left()).to.equal(0);
  });

  it('by putting the old value back', async () => {
    app.models(NOTE());
    await table('id serial PRIMARY KEY,', 'IF OLD.locked THEN NEW._created_at := OLD._created_at; END IF;');
    await stopped();
  });

  it('without a primary key, a batch at a time', async () => {
    app.models(KEYLESS);
    await table('', 'IF OLD.locked THEN RETURN NULL; END IF;');
    await stopped('--batch', '2');
    await sql('DROP TRIGGER frozen ON note');
    await adopt('Note', '--batch', '2');
    expect(await left()).to.equal(0);
  });
});
