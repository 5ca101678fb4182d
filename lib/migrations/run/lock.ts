import type { Sequelize } from 'sequelize';
import type { Umzug } from 'umzug';
import { ownConnection } from '../../enforcement/ownConnection';

const LOCK = 'guitars.migrate';

/**
 * Takes the lock that lets one deployer at a time run migrations, on a connection of its own: the pool's may all be
 * needed by the migrations. PostgreSQL releases it with the connection, however the process ends.
 *
 * @param waiting hears that somebody else holds it
 * @returns what releases it
 */
export async function migrationLock(sequelize: Sequelize, waiting?: () => void): Promise<() => Promise<void>> {
  const connection = await ownConnection(sequelize);
  try {
    const { rows } = await connection.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock(hashtext($1)) AS locked',
      [LOCK],
    );
    if (!rows[0]?.locked) {
      waiting?.();
      await connection.query('SELECT pg_advisory_lock(hashtext($1))', [LOCK]);
    }
  } catch (error) {
    await connection.end();
    throw error;
  }
  return () => connection.end();
}

/**
 * Makes the commands of an Umzug wait for each other, in all processes.
 *
 * @param on.waiting hears that somebody else is at it
 * @param on.ready runs with the lock held, before the command
 */
export function exclusive<C extends object>(
  umzug: Umzug<C>,
  sequelize: Sequelize,
  on: { waiting?: () => void; ready?: () => Promise<void> } = {},
) {
  let depth = 0;
  let release: (() => Promise<void>) | undefined;
  const enter = async () => {
    if (depth === 0) {
      const held = await migrationLock(sequelize, on.waiting);
      try {
        await on.ready?.();
      } catch (error) {
        await held();
        throw error;
      }
      release = held;
    }
    depth++;
  };
  const leave = async () => {
    if (depth === 0 || --depth > 0) return;
    await release?.();
    release = undefined;
  };
  umzug.on('beforeCommand', enter);
  umzug.on('afterCommand', leave);
  /** Several commands with nobody in between. */
  const exclusively = async <T>(work: () => Promise<T>): Promise<T> => {
    await enter();
    try {
      return await work();
    } finally {
      await leave();
    }
  };
  return { exclusively };
}
