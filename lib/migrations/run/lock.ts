import type { Sequelize } from 'sequelize';
import type { Umzug } from 'umzug';
import { takeTurn } from './turn';

const LOCK = 'guitars.migrate';

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
      const held = await takeTurn(sequelize, LOCK, on.waiting);
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
    // Whoever is next has the lock before its connection has ended.
    const held = release;
    release = undefined;
    await held?.();
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
