import { setTimeout as pause } from 'node:timers/promises';
import type { Sequelize } from 'sequelize';
import { connected, unlimited } from '../../enforcement/ownConnection';
import { literal } from '../../sql/identifiers';

/**
 * Takes an advisory lock on a connection of its own: the pool's may all be needed by what is done meanwhile. It is the lock of a
 * transaction, not of a session: a pooler in transaction mode would lend that session to others, lock and all. PostgreSQL
 * releases it with the connection, however the process ends.
 *
 * @param waiting hears that somebody else holds it
 * @returns what releases it
 */
export async function takeTurn(sequelize: Sequelize, name: string, waiting?: () => void): Promise<() => Promise<void>> {
  const connection = await connected(sequelize);
  try {
    for (let told = false; ; told = true) {
      // Between its statements a transaction of this level has no snapshot, for which VACUUM and CONCURRENTLY would wait; but what
      // is asked with parameters keeps its own until the next one. And it may be idle for as long as it has to.
      await connection.query(`BEGIN ISOLATION LEVEL READ COMMITTED; ${unlimited(true)}`);
      const { rows } = await connection.query<{ locked: boolean }>(
        `SELECT pg_try_advisory_xact_lock(hashtext(${literal(name)})) AS locked`,
      );
      if (rows[0]?.locked) break;
      // A pooler's session is not kept meanwhile: whoever has the lock may need it.
      await connection.query('COMMIT');
      if (!told) waiting?.();
      // By asking again: a statement that waits has a snapshot, and would hold up whoever has the lock and indexes CONCURRENTLY.
      await pause(250);
    }
  } catch (error) {
    await connection.end();
    throw error;
  }
  return async () => {
    // A pooler throws away a session that is left in a transaction. One that was cut has released the lock by itself.
    await connection.query('COMMIT').catch(() => undefined);
    await connection.end();
  };
}
