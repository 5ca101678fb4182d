import { AsyncLocalStorage } from 'node:async_hooks';
import type { Sequelize } from 'sequelize';
import type { Umzug } from 'umzug';
import { takeTurn } from './turn';

const LOCK = 'guitars.migrate';

/** What Umzug runs each of its commands by. */
interface Commands {
  runCommand(command: string, work: (argument: unknown) => Promise<unknown>): Promise<unknown>;
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
  const inside = new AsyncLocalStorage<true>();
  /** Several commands with nobody in between: others of the same Umzug wait, too. */
  const exclusively = async <T>(work: () => Promise<T>): Promise<T> => {
    if (inside.getStore()) return work();
    const release = await takeTurn(sequelize, LOCK, on.waiting);
    try {
      await on.ready?.();
      return await inside.run(true, work);
    } finally {
      await release();
    }
  };
  const commands = umzug as unknown as Commands;
  const run = commands.runCommand.bind(umzug);
  commands.runCommand = (command, work) => exclusively(() => run(command, work));
  return { exclusively };
}
