import type { Transaction } from 'sequelize';

/** A stretch of work in a transaction, which ends before what it began in. */
export interface Turn {
  /** Waits until what began later has ended. */
  last(): Promise<void>;
  end(): void;
}

/** What is under way on a connection, the latest last. */
const underWay = new WeakMap<object, Promise<void>[]>();

/**
 * Begins a turn. Savepoints are a stack, and calls that run side by side would release each other's: the one that began
 * first waits for the others.
 */
export function turn(transaction: Transaction): Turn {
  const { connection = transaction } = transaction as { connection?: object };
  const open = underWay.get(connection) ?? [];
  underWay.set(connection, open);
  let settle = () => {};
  const mine = new Promise<void>((resolve) => {
    settle = resolve;
  });
  open.push(mine);
  return {
    async last() {
      while (open.at(-1) !== mine) await open.at(-1);
    },
    end() {
      open.splice(open.indexOf(mine), 1);
      settle();
    },
  };
}
