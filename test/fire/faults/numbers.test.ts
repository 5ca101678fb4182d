import { expect } from 'chai';
import type pg from 'pg';
import type { Sequelize } from 'sequelize';
import { install } from '../../../lib';
import { BROKEN, defineAlbums, FILL } from './support/albums';
import { useCrashServer, useDatabaseOf } from './support/server';

/** What has no commit to flush it stays in memory: numbers that were given out are forgotten in a crash, and given anew. */
const FORGETFUL = { wal_writer_delay: '10s', bgwriter_delay: '10s', max_prepared_transactions: '5' };

describe('numbers that a crash has forgotten', () => {
  const host = useCrashServer(FORGETFUL);
  const db = useDatabaseOf(host);
  let sequelize: Sequelize;
  let models: ReturnType<typeof defineAlbums>;
  before(async () => {
    sequelize = db.connect();
    models = defineAlbums(sequelize, 'rule');
    await sequelize.sync({ guitars: false });
    await install(sequelize);
  });
  beforeEach(() => db.sql(...FILL));
  const kept = async () => expect((await db.sql<{ n: number }>(BROKEN)).filter(({ n }) => n > 0)).to.deep.equal([]);
  const one = async <T>(client: pg.Client, sql: string): Promise<T> =>
    Object.values((await client.query(sql)).rows[0])[0] as T;

  /** Takes transaction ids and numbers of entries, changes rows, and takes all of it back. */
  async function inVain(times: number): Promise<{ transaction: bigint; entry: bigint }> {
    const client = await db.client();
    let last = '0';
    let entry = '0';
    for (let n = 0; n < times; n++) {
      await client.query(
        `BEGIN; UPDATE album SET name = 'in vain' WHERE id = 1; INSERT INTO track (id, album_id) VALUES (100000, 2)`,
      );
      last = await one<string>(client, 'SELECT pg_current_xact_id()::text');
      entry = await one<string>(client, 'SELECT max(_entry)::text FROM album_history');
      await client.query('ROLLBACK');
    }
    await client.end();
    return { transaction: BigInt(last), entry: BigInt(entry) };
  }

  /** Up to PostgreSQL 16 WAL is written page by page, and a crash may forget nothing: what is promised is asked all the same. */
  const forgotten = async (anew: boolean) => {
    const [{ version } = { version: '' }] = await db.sql<{ version: string }>(
      `SELECT current_setting('server_version_num') AS version`,
    );
    if (Number(version) >= 170_000) expect(anew, 'the numbers were given anew').to.equal(true);
  };

  it('a cursor misses nothing whose transaction id had been given before', async () => {
    const { Album } = models as unknown as {
      Album: {
        changes: (c?: string) => Promise<{ rows: readonly object[]; cursor: string }>;
        cursor(): Promise<string>;
      };
    };
    // The walwriter may just have flushed what is to be forgotten; nothing is shown by such a round.
    const round = async (n: number) => {
      const { transaction, entry } = await inVain(60);
      const cursors = [await Album.cursor(), (await Album.changes()).cursor];
      await host.crash();
      await db.sql(`UPDATE album SET name = 'after ${n}' WHERE id = 3`);
      const [made] = await db.sql<{ t: string; e: string }>(
        `SELECT _transaction::text AS t, _entry::text AS e FROM album_history ORDER BY _entry DESC LIMIT 1`,
      );
      const anew = BigInt(made?.t ?? 0) <= transaction && BigInt(made?.e ?? 0) <= entry;
      return { anew, made, cursors };
    };
    let last = await round(1);
    for (let n = 2; n <= 5 && !last.anew; n++) last = await round(n);
    const { anew, made, cursors } = last;
    await forgotten(anew);
    for (const cursor of cursors) {
      const { rows } = await Album.changes(cursor);
      expect(rows).to.have.length(1);
      expect(rows[0]).to.deep.include({ operation: 'update', transaction: made?.t, entry: made?.e });
    }
  });

  it('a restore brings back what its deletion took, whatever was deleted in vain before the crash', async () => {
    await db.sql('DELETE FROM track WHERE id = 101');
    const client = await db.client();
    await client.query('BEGIN; DELETE FROM album WHERE id = 1; DELETE FROM album WHERE id = 2; ROLLBACK');
    await client.query('BEGIN; DELETE FROM album WHERE id = 1');
    await host.crash();
    await db.sql('DELETE FROM album WHERE id = 2', 'DELETE FROM album WHERE id = 1');
    const marks = await db.sql(
      'SELECT _deletion FROM album WHERE _deletion IS NOT NULL UNION ALL SELECT _deletion FROM track WHERE id = 101',
    );
    expect(new Set(marks.map((row) => JSON.stringify(row))).size).to.equal(3);
    await db.sql('UPDATE album SET _deleted_at = NULL WHERE id = 1');
    expect(
      await db.sql('SELECT id FROM track WHERE album_id IN (1, 2) AND _deleted_at IS NOT NULL AND album_id = 1'),
    ).to.deep.equal([{ id: 101 }]);
    await kept();
  });

  for (const level of ['REPEATABLE READ', 'SERIALIZABLE']) {
    it(`who links unseen is found by an archiver in ${level}, after numbers were given anew`, async () => {
      const { transaction } = await inVain(5);
      await host.crash();
      const archiver = await db.client();
      await archiver.query(`BEGIN ISOLATION LEVEL ${level}; SELECT FROM album`);
      const linker = await db.client();
      await linker.query('BEGIN; INSERT INTO track (album_id) VALUES (4)');
      await forgotten(BigInt(await one<string>(linker, 'SELECT pg_current_xact_id()::text')) <= transaction);
      await linker.query('COMMIT');
      const error = await archiver.query('DELETE FROM album WHERE id = 4').catch((found: { code?: string }) => found);
      expect(error).to.have.property('code', '40001');
      await archiver.query('ROLLBACK');
      await archiver.query('DELETE FROM album WHERE id = 4');
      expect(await db.sql('SELECT FROM track WHERE album_id = 4 AND _deleted_at IS NULL')).to.have.length(0);
      await Promise.all([archiver.end(), linker.end()]);
    });
  }

  it('a link that was prepared before the crash, and is committed behind a snapshot, is found', async () => {
    const linker = await db.client();
    await linker.query(`BEGIN; INSERT INTO track (album_id) VALUES (5); PREPARE TRANSACTION 'linked'`);
    await inVain(3);
    await host.crash();
    const archiver = await db.client();
    await archiver.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM album');
    await db.sql(`COMMIT PREPARED 'linked'`);
    const error = await archiver.query('DELETE FROM album WHERE id = 5').catch((found: { code?: string }) => found);
    expect(error).to.have.property('code', '40001');
    await archiver.end();
  });
});
