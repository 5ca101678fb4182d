import { AsyncLocalStorage } from 'node:async_hooks';
import type { Sequelize } from 'sequelize';
import type { Umzug } from 'umzug';
import { takeTurn } from './turn';

const LOCK = 'guitars.migrate';

/** What Umzug runs each of its commands by. */
interface Commands {
  runCommand(command: string, work: (argument: unknown) => Promise<unknown>): Promise<unknown>;
}

/** Whose turn it is in what is being done: Umzugs, and the Sequelize that they hold the lock by. */
const turn = new AsyncLocalStorage<readonly object[]>();

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
  /** Several commands with nobody in between: others of the same Umzug wait, too. A migration may run an Umzug of its own. */
  const exclusively = async <T>(work: () => Promise<T>): Promise<T> => {
    const ours = turn.getStore() ?? [];
    if (ours.includes(umzug)) return work();
    const release = ours.includes(sequelize) ? undefined : await takeTurn(sequelize, LOCK, on.waiting);
    try {
      await on.ready?.();
      return await turn.run([...ours, umzug, sequelize], work);
    } finally {
      await release?.();
    }
  };
  const commands = umzug as unknown as Commands;
  const run = commands.runCommand.bind(umzug);
  commands.runCommand = (command, work) => exclusively(() => run(command, work));
  return { exclusively };
}
