import { Server } from './server';
import { begins } from './statements';
import type { Connection } from './status';
import { NONE, type Settings, settingsOn } from './within';

type Callback = (error: unknown, result?: unknown) => void;

const watched = new WeakSet<object>();

/**
 * Has a connection send, before a statement of somebody who wants other values of settings than the last, what brings
 * that about: within a transaction, and until it ends. One statement at a time: nothing comes between the two.
 */
export function watch(target: object): void {
  if (watched.has(target)) return;
  watched.add(target);
  const connection = target as Connection;
  const query = connection.query.bind(connection);
  const server = new Server(connection);
  let last: Promise<unknown> = Promise.resolve();

  const send = async (wanted: Settings, sql: string, args: unknown[]) => {
    const inside = server.inside(sql);
    if (!inside && wanted !== NONE && args.length === 1 && begins(sql)) return begin(wanted, sql);
    const sets = inside ? server.missing(wanted, sql) : [];
    if (sets.length > 0) {
      const reached = server.reach(wanted);
      // In an aborted transaction this fails, as what follows does, which the caller hears of.
      await Promise.resolve(query(sets.join('; '))).then(reached, () => undefined);
    }
    try {
      return await query(...args);
    } finally {
      server.after(sql);
    }
  };
  // One journey for both. Unlike a SELECT, SET takes no snapshot: the transaction can still be told its isolation level.
  const begin = async (wanted: Settings, sql: string) => {
    const sets = server.missing(wanted, sql);
    const reached = server.reach(wanted);
    const answer = await query([sql.replace(/;\s*$/, ''), ...sets].join('\n; '));
    server.after(sql);
    reached();
    return Array.isArray(answer) ? answer[0] : answer;
  };

  connection.query = (...args: unknown[]) => {
    const sql = textOf(args[0]);
    // A cursor or a stream of the driver's: it is its own answer.
    if (sql === undefined) return query(...args);
    const callback = typeof args.at(-1) === 'function' ? (args.pop() as Callback) : undefined;
    const wanted = settingsOn(connection);
    const result = last.then(() => send(wanted, sql, args));
    last = result.catch(() => undefined);
    if (!callback) return result;
    result.then((answer) => callback(null, answer), callback);
  };
}

function textOf(first: unknown): string | undefined {
  if (typeof first === 'string') return first;
  const { text, submit } = (first ?? {}) as { text?: unknown; submit?: unknown };
  return typeof text === 'string' && submit === undefined ? text : undefined;
}
