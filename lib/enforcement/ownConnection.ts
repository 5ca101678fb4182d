import type { Sequelize } from 'sequelize';

/** A connection of the driver, outside of Sequelize's pool. */
export interface OwnConnection {
  query<R extends object = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<{ rows: R[] }>;
  end(): Promise<void>;
  on(event: 'error', listener: () => void): void;
}

/**
 * Connects to where Sequelize writes, for what must not take a connection of the pool, or must go when the process does.
 * It waits for as long as it has to, and may be idle as long: the database's own limits are for requests.
 */
export async function ownConnection(sequelize: Sequelize): Promise<OwnConnection> {
  const { connectionManager, config, options } = sequelize as unknown as {
    connectionManager: { _connect(config: unknown): Promise<OwnConnection> };
    config: object;
    options: { replication?: { write: object } | false };
  };
  const connection = await connectionManager._connect(options.replication ? options.replication.write : config);
  // What ends it is heard of by the statement under way.
  connection.on('error', () => {});
  await connection.query('SET statement_timeout = 0; SET lock_timeout = 0; SET idle_session_timeout = 0');
  return connection;
}
