import type { Cursor } from './cursor';
import { seen, unseen } from './snapshot';

const BOUND = '(SELECT bound FROM now)';
/** An expression that no index is on: the planner expects few rows behind a new transaction, and takes the wrong one. */
const apart = (column: string) => `(${column} + 0)`;

/** SQL, to the ORDER BY: entries of a window, found by the index of transactions, which has just those. */
export function byTransaction(cursor: Cursor): string {
  return `${window(cursor, '_transaction')} ORDER BY ${apart('_entry')}`;
}

/** The same, found by walking the entries from the last one on, so many of them. */
export function byEntry(cursor: Cursor | undefined, many?: bigint): string {
  const until = many !== undefined && cursor?.last !== undefined ? [`_entry <= ${cursor.last + many}`] : [];
  return `${[window(cursor, apart('_transaction')), ...until].join(' AND ')} ORDER BY _entry`;
}

function window(cursor: Cursor | undefined, transaction: string): string {
  const { from, to, last, ceiling } = cursor ?? {};
  // The statement sees what the present has seen, and what its own transaction has yet to commit.
  const until = to ? seen(to, transaction) : `${transaction} IS DISTINCT FROM (SELECT own FROM now)`;
  const foreign = ceiling === undefined ? [] : [`_entry ${from ? '>' : '<='} ${ceiling}`];
  const conditions = from
    ? [unseen(from, transaction, to ? undefined : BOUND), until, ...foreign]
    : [`(${[`(${until})`, ...foreign].join(' OR ')})`];
  return [...conditions, ...(last === undefined ? [] : [`_entry > ${last}`])].join(' AND ');
}
