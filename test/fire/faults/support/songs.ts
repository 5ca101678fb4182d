import { expect } from 'chai';
import { DataTypes, Model, type Sequelize, type Transaction } from 'sequelize';
import { type Engine, Guitar, withHardDelete, withKeptTimestamps } from '../../../../lib';
import { Versioned, withRevision } from '../../../../lib/history';
import { ignoreTriggers, protect, update, when } from '../../../../lib/triggers';
import { refusal, rows } from '../../../contract/world';

const AGO = '2001-01-01 00:00:00+00';

/** A table with everything that a session may let through: a history, and a trigger that protects row 2. */
export function defineSongs(sequelize: Sequelize, engine: Engine) {
  class Song extends Versioned(Guitar(Model)) {}
  const triggers = [protect({ name: 'keep', operation: update, condition: when({ old: { name: 'kept' } }) })];
  Song.init(
    { id: { type: DataTypes.INTEGER, primaryKey: true }, name: DataTypes.TEXT },
    { sequelize, modelName: 'song', tableName: 'song', guitar: { engine }, triggers },
  );
  return Song;
}

export const SONGS = `BEGIN; SET LOCAL guitars.hard_delete = on; SET LOCAL guitars.edit_history = on; TRUNCATE song, song_history; COMMIT;
  INSERT INTO song (id, name) VALUES (1, 'a'), (2, 'kept'), (3, 'c')`;

type Opening = (transaction: Transaction, work: () => Promise<unknown>) => Promise<unknown>;

export const send = (transaction: Transaction, sql: string) =>
  (transaction as unknown as { sequelize: Sequelize }).sequelize.query(sql, { transaction });

/** A statement, then the work, in what `open` lets through. */
const through =
  (sql: string, open: (transaction: Transaction, fn: () => Promise<unknown>) => Promise<unknown>): Opening =>
  (transaction, work) =>
    open(transaction, async () => {
      await send(transaction, sql);
      return work();
    });

const bySetting =
  (setting: string, sql: string): Opening =>
  async (transaction, work) => {
    await send(transaction, `SET LOCAL ${setting} = on`);
    await send(transaction, sql);
    return work();
  };

/** What lets statements through, or goes along with them: each does something that only it can, then `work`. */
export const OPENINGS: Readonly<Record<string, Opening>> = {
  withHardDelete: through('DELETE FROM song WHERE id = 1', withHardDelete),
  withKeptTimestamps: through(`UPDATE song SET _updated_at = '${AGO}' WHERE id = 1`, withKeptTimestamps),
  ignoreTriggers: through(`UPDATE song SET name = 'other' WHERE id = 2`, (transaction, fn) =>
    ignoreTriggers({ kind: 'protect' }, { transaction }, fn),
  ),
  withRevision: through(`UPDATE song SET name = 'b' WHERE id = 1`, (_, fn) => withRevision({ actor: 'ann' }, fn)),
  'SET LOCAL guitars.hard_delete': bySetting('guitars.hard_delete', 'DELETE FROM song WHERE id = 1'),
  'SET LOCAL guitars.edit_history': bySetting('guitars.edit_history', 'DELETE FROM song_history'),
};

/** The next user of the pool finds everything closed, and nothing of what was done before. */
export async function expectClosed(pool: Sequelize): Promise<void> {
  const named = `name LIKE 'guitars.%' AND setting <> ''`;
  expect(await rows(pool, `SELECT name, setting FROM pg_settings WHERE ${named}`)).to.deep.equal([]);
  const before = await rows<{ id: number }>(pool, 'SELECT id, name FROM song WHERE _deleted_at IS NULL ORDER BY id');
  expect(before).to.deep.equal([
    { id: 1, name: 'a' },
    { id: 2, name: 'kept' },
    { id: 3, name: 'c' },
  ]);
  expect(await rows(pool, 'SELECT FROM song_history')).to.have.length(3);
  await pool.query('DELETE FROM song WHERE id = 3');
  await pool.query(`UPDATE song SET _updated_at = '${AGO}' WHERE id = 1`);
  expect((await refusal(pool.query(`UPDATE song SET name = 'other' WHERE id = 2`))).name).to.equal('ProtectedError');
  await refusal(pool.query('DELETE FROM song_history'));
  expect(
    await rows(
      pool,
      `SELECT id, _deleted_at IS NOT NULL AS archived FROM song WHERE _updated_at > '2002-01-01' ORDER BY id`,
    ),
  ).to.deep.equal([
    { id: 1, archived: false },
    { id: 2, archived: false },
    { id: 3, archived: true },
  ]);
  expect(await rows(pool, 'SELECT DISTINCT _actor FROM song_history')).to.deep.equal([{ _actor: null }]);
}
