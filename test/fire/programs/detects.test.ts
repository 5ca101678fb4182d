import { expect } from 'chai';
import type pg from 'pg';
import { useDatabase } from '../../support/database';
import { outcome } from './support/trial';
import { defineWorld } from './support/world';

/** What is taken away by hand, what is done then, and what the check says of it. */
const BREAKS: [change: string, statement: string, says: RegExp, back: string][] = [
  [
    'ALTER TABLE author DISABLE TRIGGER guitars_archive',
    'DELETE FROM author WHERE id = 3',
    /^lost rows: expected \[ 'author 3' \]/,
    'ALTER TABLE author ENABLE TRIGGER guitars_archive',
  ],
  [
    'ALTER TABLE book DISABLE TRIGGER guitars_truncate',
    'BEGIN; SET LOCAL guitars.edit_history = on; TRUNCATE book; COMMIT',
    /^lost rows: expected \[ 'book 1',/,
    'ALTER TABLE book ENABLE TRIGGER guitars_truncate',
  ],
  [
    'ALTER TABLE author DISABLE TRIGGER guitars_stamp',
    `UPDATE author SET name = 'new' WHERE id = 3`,
    /^honest times of author 3/,
    'ALTER TABLE author ENABLE TRIGGER guitars_stamp',
  ],
  [
    'ALTER TABLE fan DISABLE TRIGGER guitars_stamp',
    `UPDATE fan SET _deleted_at = '1999-01-01Z', _updated_at = now()`,
    /^honest times of fan 1/,
    'ALTER TABLE fan ENABLE TRIGGER guitars_stamp',
  ],
  [
    'ALTER TABLE book DISABLE TRIGGER guitars_parents_insert',
    'INSERT INTO book (author_id) VALUES (4)',
    /^live rows under an archived parent/,
    'ALTER TABLE book ENABLE TRIGGER guitars_parents_insert',
  ],
  [
    'ALTER TABLE book DISABLE TRIGGER guitars_history_update',
    'DELETE FROM book WHERE id = 1',
    /^history/,
    'ALTER TABLE book ENABLE TRIGGER guitars_history_update',
  ],
  [
    'ALTER TABLE note DROP CONSTRAINT note_author_id_fkey',
    'INSERT INTO note (author_id) VALUES (99)',
    /^rows that point at nothing/,
    'DELETE FROM note WHERE author_id = 99; ALTER TABLE note ADD CONSTRAINT note_author_id_fkey FOREIGN KEY (author_id) REFERENCES author (id)',
  ],
];

describe('the check after each call sees what is broken', () => {
  const db = useDatabase();
  let client: pg.Client;
  before(async () => {
    defineWorld(db.sequelize, 'trigger');
    await db.sequelize.sync();
    client = await db.client();
  });

  for (const [change, statement, says, back] of BREAKS) {
    it(`${change}; ${statement}`, async () => {
      const run = async () => {
        await client.query(change);
        await client.query(statement);
      };
      const said = await outcome(client, {}, run).catch((error: Error) => error.message);
      await client.query(back);
      expect(said).to.match(says);
    });
  }
});
