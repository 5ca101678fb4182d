import type { Connection } from './status';

/** Settings of the transaction that a connection is in, as they are to be. */
interface Kept {
  /** Sequelize's name of the transaction. */
  readonly uuid: string | undefined;
  readonly values: Map<string, string>;
}

const kept = new WeakMap<Connection, Kept>();

const GOES_BACK = /\brollback\b[^;]*\bto\b/i;

/**
 * Has a setting keep its value when the transaction goes back to a savepoint: PostgreSQL gives it the one that it had as
 * the savepoint was set, which for a door that is closed by now may be open. Until the transaction ends.
 */
export function keepBehindSavepoints(connection: Connection, name: string, value: string): void {
  const { uuid } = connection;
  const before = kept.get(connection);
  if (!before) follow(connection);
  const values = before?.uuid === uuid && before ? before.values : new Map<string, string>();
  kept.set(connection, { uuid, values: values.set(name, value) });
}

function follow(connection: Connection): void {
  const query = connection.query.bind(connection);
  connection.query = (...args: unknown[]) => {
    const answer = query(...args);
    const { uuid, values } = kept.get(connection) as Kept;
    if (uuid !== undefined && uuid === connection.uuid && GOES_BACK.test(textOf(args[0]))) {
      // At once: the driver sends it before anything that is asked for later. Where there was no such savepoint it fails too.
      const sets = [...values].map(([name, each]) => `pg_catalog.set_config('${name}', '${each}', true)`);
      Promise.resolve(query(`SELECT ${sets.join(', ')}`)).catch(() => undefined);
    }
    return answer;
  };
}

const textOf = (first: unknown): string =>
  typeof first === 'string' ? first : String((first as { text?: unknown } | undefined)?.text ?? '');
