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
    const { uuid, doors } = closed.get(connection) as Closed;
    const [sql, ...rest] = args;
    // As Sequelize sends it, and raw SQL without parameters. In one message: nothing comes between, and who goes back hears
    // of what fails.
    if (
      doors.size > 0 &&
      uuid !== undefined &&
      uuid === connection.uuid &&
      typeof sql === 'string' &&
      GOES_BACK.test(sql)
    )
      return query(`${sql.replace(/[;\s]+$/, '')}\n; SELECT ${[...doors].map(closing).join(', ')}`, ...rest);
    return query(...args);
  };
}

const closing = (door: string) => `pg_catalog.set_config('${door}', '', true)`;
