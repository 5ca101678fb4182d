import { AsyncLocalStorage } from 'node:async_hooks';
import { literal } from '../../sql/identifiers';

/** What Sequelize uses of the driver's connection. */
interface Connection {
  query(...args: unknown[]): unknown;
}

type Callback = (error: unknown, result?: unknown) => void;
type Settings = ReadonlySet<string>;

/** Settings that are on for what is sent from within it, until it ends. */
interface Stretch {
  readonly settings: Settings;
  readonly outer: Stretch | undefined;
  open: boolean;
}

const NONE: Settings = new Set();
/** What the work under way is within, by connection. */
const within = new AsyncLocalStorage<ReadonlyMap<object, Stretch>>();

/** Runs `fn` while settings are on for what it, and nothing beside it, sends on a connection. */
export async function whileOn<T>(connection: object, settings: readonly string[], fn: () => Promise<T>): Promise<T> {
  watch(connection as Connection);
  const outer = current(connection);
  const stretch: Stretch = { settings: new Set([...(outer?.settings ?? NONE), ...settings]), outer, open: true };
  try {
    return await within.run(new Map([...(within.getStore() ?? []), [connection, stretch]]), fn);
  } finally {
    stretch.open = false;
  }
}

/** What fn has left running is not within it any more once it has ended. */
function current(connection: object): Stretch | undefined {
  let found = within.getStore()?.get(connection);
  while (found && !found.open) found = found.outer;
  return found;
}

const watched = new WeakSet<object>();

/** What a statement leaves on: nothing where a transaction begins or ends; nobody knows where it goes back to a savepoint. */
function after(sql: unknown, now: Settings | undefined): Settings | undefined {
  if (typeof sql !== 'string' || !/\b(start|begin|commit|end|rollback|abort|prepare|discard|reset)\b/i.test(sql))
    return now;
  return /^\s*(start|begin|commit|end|rollback|abort)\b(?!.*\b(to|savepoint)\b)[^;]*;?\s*$/is.test(sql)
    ? NONE
    : undefined;
}

/**
 * Has a connection send, before a statement of somebody who wants other triggers off than the last, what brings that
 * about. One statement at a time: nothing comes between the two.
 */
function watch(connection: Connection): void {
  if (watched.has(connection)) return;
  watched.add(connection);
  const query = connection.query.bind(connection);
  /** What the server has on; undefined: what it may have on is in `known`. */
  let now: Settings | undefined = NONE;
  const known = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();

  const turn = async (wanted: Settings) => {
    for (const name of wanted) known.add(name);
    const names = [...known].filter((name) => now?.has(name) !== wanted.has(name));
    now = undefined;
    const sets = names.map(
      (name) => `pg_catalog.set_config(${literal(name)}, '${wanted.has(name) ? 'on' : ''}', true)`,
    );
    if (sets.length > 0) await query(`SELECT ${sets.join(', ')}`);
    now = wanted;
  };
  const send = async (wanted: Settings, args: unknown[]) => {
    // In an aborted transaction this fails, as what follows does, which the caller hears of.
    if (now !== wanted) await turn(wanted).catch(() => undefined);
    try {
      return await query(...args);
    } finally {
      now = after(args[0], now);
    }
  };
  connection.query = (...args: unknown[]) => {
    // A cursor or a stream of the driver's: it is its own answer.
    if (typeof args[0] !== 'string') return query(...args);
    const callback = typeof args.at(-1) === 'function' ? (args.pop() as Callback) : undefined;
    const wanted = current(connection)?.settings ?? NONE;
    const result = last.then(() => send(wanted, args));
    last = result.catch(() => undefined);
    if (!callback) return result;
    result.then((answer) => callback(null, answer), callback);
  };
}
