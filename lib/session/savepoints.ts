import type { Connection } from './status';

/** Doors that were closed in the transaction that a connection is in. */
interface Closed {
  /** Sequelize's name of the transaction. */
  readonly uuid: string | undefined;
  readonly doors: Set<string>;
}

const closed = new WeakMap<Connection, Closed>();

const GOES_BACK = /\brollback\b[^;]*\bto\b/i;

/**
 * Has a door stay closed when the transaction goes back to a savepoint, until the transaction ends: PostgreSQL gives the
 * setting the value that it had as the savepoint was set, which may be open. It is never opened here.
 */
export function closeBehindSavepoints(connection: Connection, door: string): void {
  const { uuid } = connection;
  const before = closed.get(connection);
  if (!before) follow(connection);
  const doors = before?.uuid === uuid ? before?.doors : undefined;
  closed.set(connection, { uuid, doors: new Set(doors).add(door) });
}

/** The server has opened a door, which PostgreSQL itself gives the value that it had at a savepoint. */
export function openedAgain(connection: Connection, door: string): void {
  closed.get(connection)?.doors.delete(door);
}

function follow(connection: Connection): void {
  const query = connection.query.bind(connection);
  connection.query = (...args: unknown[]) => {
    const answer = query(...args);
    const { uuid, doors } = closed.get(connection) as Closed;
    if (doors.size > 0 && uuid !== undefined && uuid === connection.uuid && GOES_BACK.test(textOf(args[0]))) {
      // At once: the driver sends it before anything that is asked for later. Where there was no such savepoint it fails too.
      const sets = [...doors].map((door) => `pg_catalog.set_config('${door}', '', true)`);
      Promise.resolve(query(`SELECT ${sets.join(', ')}`)).catch(() => undefined);
    }
    return answer;
  };
}

const textOf = (first: unknown): string =>
  typeof first === 'string' ? first : String((first as { text?: unknown } | undefined)?.text ?? '');
