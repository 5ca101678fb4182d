import type { Transaction } from 'sequelize';
import { commandTags } from './commandTags';

/** Of columns whose last change in the transaction has been undone: does memory keep what it holds? */
export type Kept = WeakMap<object, Map<string, boolean>>;
type Undo = (kept: Kept) => void;

/** What is to be undone, with numbers by which the work of nested transactions is put in order. */
type Log = { turn: number; undo: Undo }[];
const logs = new WeakMap<Transaction, Log>();
let turns = 0;

interface Nested extends Transaction {
  readonly parent?: Nested;
  readonly savepoints: readonly Nested[];
  readonly connection?: object;
}

/** Has `undo` called when the transaction is rolled back, be it by its own COMMIT, or by a transaction around it. */
export function onRollback(transaction: Transaction, undo: Undo): void {
  logOf(transaction as Nested).push({ turn: ++turns, undo });
}

function logOf(transaction: Nested): Log {
  return logs.get(transaction) ?? watched(transaction);
}

function watched(transaction: Nested): Log {
  const log: Log = [];
  logs.set(transaction, log);
  // A savepoint may be left open, as findOrCreate leaves it: what is around it decides.
  if (transaction.parent) logOf(transaction.parent);
  const { rollback, commit } = transaction;
  transaction.rollback = async () => {
    try {
      await rollback.call(transaction);
    } finally {
      // A ROLLBACK that fails takes the connection with it.
      undoAll(transaction);
    }
  };
  transaction.commit = async () => {
    const tags = commandTags(transaction.connection);
    try {
      await commit.call(transaction);
    } catch (error) {
      undoAll(transaction);
      throw error;
    } finally {
      tags.stop();
    }
    // PostgreSQL answers the COMMIT of a transaction in which a statement has failed with ROLLBACK, and no error.
    if (tags.seen.includes('ROLLBACK')) undoAll(transaction);
    else pass(transaction);
  };
  return log;
}

function undoAll(transaction: Nested): void {
  const kept: Kept = new WeakMap();
  for (const { undo } of taken(transaction).sort((a, b) => b.turn - a.turn)) undo(kept);
}

/** Of a savepoint that is kept, the transaction around it decides. */
function pass(transaction: Nested): void {
  const log = taken(transaction);
  if (!transaction.parent) return;
  const around = logOf(transaction.parent);
  // One by one: there may be more than a call takes arguments.
  for (const entry of log) around.push(entry);
}

function taken(transaction: Nested): Log {
  const own = logs.get(transaction)?.splice(0) ?? [];
  return [...own, ...transaction.savepoints.flatMap(taken)];
}
