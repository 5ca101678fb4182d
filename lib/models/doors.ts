import { type Logging, QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { DefinitionError } from '../errors';
import { closeBehindSavepoints, openedAgain } from '../session/savepoints';
import { type Connection, giveUp } from '../session/status';
import { HARD_DELETE, KEEP_TIMESTAMPS } from '../sql/settings';
import { isSqlstate, SQLSTATE } from '../sql/sqlstates';

/**
 * Opens the hard-delete door of a transaction while `fn` runs: DELETE and TRUNCATE remove rows physically. The door is
 * closed again when `fn` settles, and by the end of the transaction in any case, so a pooled connection keeps no trace.
 *
 * @param transaction the transaction that `fn` must use
 * @throws DefinitionError without a transaction
 * @example await sequelize.transaction((t) => withHardDelete(t, () => sequelize.query('DELETE FROM article', { transaction: t })));
 */
export function withHardDelete<T>(transaction: Transaction, fn: () => Promise<T>): Promise<T> {
  return throughDoor(HARD_DELETE, transaction, fn);
}

/**
 * Opens the keep-timestamps door of a transaction while `fn` runs: an UPDATE may carry its own times, as an import does.
 *
 * @param transaction the transaction that `fn` must use
 * @throws DefinitionError without a transaction
 * @example await sequelize.transaction((t) => withKeptTimestamps(t, () => importArticles(t)));
 */
export function withKeptTimestamps<T>(transaction: Transaction, fn: () => Promise<T>): Promise<T> {
  return throughDoor(KEEP_TIMESTAMPS, transaction, fn);
}

/** Opens a door of a transaction while `fn` runs; its own statements are logged as `how` says. */
export async function throughDoor<T>(
  door: string,
  transaction: Transaction,
  fn: () => Promise<T>,
  how: Logging = {},
): Promise<T> {
  const sequelize = (transaction as unknown as { sequelize?: Sequelize } | null)?.sequelize;
  if (!sequelize) {
    throw new DefinitionError('A door is opened for one transaction. Pass it first: withHardDelete(transaction, fn).');
  }
  const holders = holdersOf(transaction, door);
  holders.count++;
  const close = () => {
    const left = unfinished(transaction);
    if (--holders.count > 0) return left && set(sequelize, left, door, 'on', how);
    const { wasOpen } = holders;
    holders.wasOpen = undefined;
    // Nobody had it open, or it has been closed by the end of the transaction.
    if (wasOpen === undefined || !left) return;
    return set(sequelize, left, door, wasOpen ? 'on' : '', how);
  };
  let answer: T;
  try {
    const before = await set(sequelize, transaction, door, 'on', how);
    holders.wasOpen = before === 'on' && holders.wasOpen !== false;
    answer = await fn();
  } catch (error) {
    await close()?.catch(() => undefined);
    throw error;
  }
  try {
    await close();
  } catch (error) {
    // An aborted transaction refuses this, and forgets the setting by itself when it ends. Any other failure, as of a
    // timeout, has aborted it just now: a COMMIT would undo what fn did, and say nothing.
    if ((error as { parent?: { code?: unknown } }).parent?.code !== SQLSTATE.failedTransaction) throw error;
  }
  return answer;
}

interface Ending {
  readonly finished?: string;
  readonly parent?: Transaction;
}

/** A transaction that takes statements yet: where fn has ended its savepoint, the one around it. */
function unfinished(transaction: Transaction): Transaction | undefined {
  const { finished, parent } = transaction as unknown as Ending;
  if (finished === undefined) return transaction;
  return parent && unfinished(parent);
}

/** Those that hold a door of a transaction open. The last of them, which need not be the first, closes it. */
interface Holders {
  count: number;
  /** Before the first of them; undefined until one was told. */
  wasOpen: boolean | undefined;
}

const held = new WeakMap<Transaction, Map<string, Holders>>();

function holdersOf(transaction: Transaction, door: string): Holders {
  let whole = transaction as Transaction & { parent?: Transaction };
  while (whole.parent) whole = whole.parent;
  const doors = held.get(whole) ?? new Map<string, Holders>();
  held.set(whole, doors);
  const holders = doors.get(door) ?? { count: 0, wasOpen: undefined };
  doors.set(door, holders);
  return holders;
}

/** Sets a door. Where the server does not say that it was set, or why not, the connection is of no more use to anybody. */
async function set(
  sequelize: Sequelize,
  transaction: Transaction,
  door: string,
  value: string,
  how: Logging,
): Promise<string | null> {
  // A transaction that has ended still names its connection, which may be another's by now.
  const { connection, id } = transaction as unknown as { connection?: Connection; id?: string };
  const own = connection?.uuid === id ? connection : undefined;
  if (own && value !== 'on') closeBehindSavepoints(own, door);
  try {
    const [row] = await sequelize.query<{ before: string | null }>(
      'SELECT before, set_config($door, $value, true) FROM (SELECT current_setting($door, true) AS before) AS setting',
      { ...how, bind: { door, value }, transaction, type: QueryTypes.SELECT },
    );
    if (own && value === 'on') openedAgain(own, door);
    return row?.before ?? null;
  } catch (error) {
    const { parent } = error as { parent?: { code?: unknown } };
    if (own && parent && !isSqlstate(parent.code)) giveUp(own);
    throw error;
  }
}
