import { AsyncLocalStorage } from 'node:async_hooks';
import type { Sequelize } from 'sequelize';
import type { Umzug } from 'umzug';
import { takeTurn } from './turn';

const LOCK = 'guitars.migrate';

/** What Umzug runs each of its commands by. */
interface Commands {
  runCommand(command: string, work: (argument: unknown) => Promise<unknown>): Promise<unknown>;
}

/** A command under way, which has the lock. */
interface Turn {
  readonly umzug: object;
  readonly sequelize: Sequelize;
  /** What was set off in it and not waited for may outlive it. */
  held: boolean;
  /** The last of the commands that were begun within it: they wait for each other, too. */
  tail: Promise<void>;
}

const turns = new AsyncLocalStorage<readonly Turn[]>();

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
    const ours = (turns.getStore() ?? []).filter(({ held }) => held);
    if (ours.some((turn) => turn.umzug === umzug)) return work();
    const around = ours.filter((turn) => turn.sequelize === sequelize).at(-1);
    const release = (around && (await within(around))) ?? (await takeTurn(sequelize, LOCK, on.waiting));
    const turn: Turn = { umzug, sequelize, held: true, tail: Promise.resolve() };
    try {
      await on.ready?.();
      return await turns.run([...ours, turn], work);
    } finally {
      turn.held = false;
      await release();
    }
  };
  const commands = umzug as unknown as Commands;
  const run = commands.runCommand.bind(umzug);
  commands.runCommand = (command, work) => exclusively(() => run(command, work));
  return { exclusively };
}

/** The next turn within one that has the lock; undefined where that has ended meanwhile. */
async function within(around: Turn): Promise<(() => void) | undefined> {
  const before = around.tail;
  let release = () => {};
  around.tail = new Promise((resolve) => {
    release = resolve;
  });
  await before;
  if (around.held) return release;
  release();
  return undefined;
}
