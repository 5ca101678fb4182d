import type { Sequelize } from 'sequelize';
import { GuitarsError } from '../errors';

/** A connection of the driver, outside of Sequelize's pool. */
export interface OwnConnection {
  query<R extends object = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<{ rows: R[] }>;
  end(): Promise<void>;
  on(event: 'error', listener: () => void): void;
  /** Of the server's process, as the server or a pooler before it has told the driver. */
  readonly processID?: number;
}

/** Connects to where Sequelize writes, for what must not take a connection of the pool, or must go when the process does. */
export async function connected(sequelize: Sequelize): Promise<OwnConnection> {
  const { connectionManager } = sequelize as unknown as {
    connectionManager: {
      _connect(config: object): Promise<OwnConnection>;
      /** As the pools have it: where writes go is filled up with what holds for all. */
      config: { replication?: { write: object } | false | null };
    };
  };
  const { config } = connectionManager;
  const connection = await connectionManager._connect(config.replication ? config.replication.write : config);
  // What ends it is heard of by the statement under way.
  connection.on('error', () => {});
  return connection;
}

const TIMEOUTS = ['statement', 'lock', 'idle_session', 'idle_in_transaction_session', 'transaction'];

/** SQL that has the session, or just the transaction, take as long as it has to. Not every version has all the limits. */
export const unlimited = (transaction: boolean): string =>
  `SELECT set_config(name, '0', ${transaction}) FROM pg_settings WHERE name IN (${TIMEOUTS.map((name) => `'${name}_timeout'`).join(', ')})`;

/**
 * A connection for what runs outside of transactions. It waits for as long as it has to, and may be idle as long: the
 * database's own limits are for requests.
 *
 * @throws GuitarsError a pooler gives each transaction a session of its choice: settings and locks would be left on others'
 */
export async function ownConnection(
  sequelize: Sequelize,
  settings: Readonly<Record<string, string>> = {},
): Promise<OwnConnection> {
  const connection = await connected(sequelize);
  try {
    if (await isShared(sequelize, connection)) {
      throw new GuitarsError(
        'This connection leads through a pooler in transaction mode, and the work needs a session of its own. ' +
          'Connect to PostgreSQL itself for it, or to a pool in session mode.',
      );
    }
    await connection.query(unlimited(false));
    for (const [name, value] of Object.entries(settings)) await connection.query(`SET ${name} = '${value}'`);
    return connection;
  } catch (error) {
    await connection.end();
    throw error;
  }
}

/** How often two connections are asked for their process. Others may be between them and the pooler each time. */
const ROUNDS = 20;

/** Is the session behind a connection another's, too? Never with PostgreSQL itself, or with a pooler that keeps sessions apart. */
async function isShared(sequelize: Sequelize, connection: OwnConnection): Promise<boolean> {
  const processOf = async (each: OwnConnection) =>
    (await each.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
  const own = await processOf(connection);
  // A pooler tells each of its clients a number of its own making.
  if (connection.processID === undefined || connection.processID === own) return false;
  const other = await connected(sequelize);
  try {
    for (let round = 0; round < ROUNDS; round++)
      if ((await processOf(other)) === own || (await processOf(connection)) !== own) return true;
    return false;
  } finally {
    await other.end();
  }
}
