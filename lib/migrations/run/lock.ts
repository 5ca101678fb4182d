import type { Sequelize } from 'sequelize';

interface RawConnection {
  query(sql: string, values?: unknown[]): Promise<{ rows: { locked: boolean }[] }>;
  end(): Promise<void>;
  on(event: 'error', listener: () => void): void;
}

const LOCK = 'guitars.migrate';

/**
 * Takes the lock that lets one deployer at a time run migrations, on a connection of its own: the pool's may all be
 * needed by the migrations. PostgreSQL releases it with the connection, however the process ends.
 *
 * @param waiting hears that somebody else holds it
 * @returns what releases it
 */
export async function migrationLock(sequelize: Sequelize, waiting?: () => void): Promise<() => Promise<void>> {
  const { connectionManager, config, options } = sequelize as unknown as {
    connectionManager: { _connect(config: unknown): Promise<RawConnection> };
    config: object;
    options: { replication?: { write: object } | false };
  };
  const connection = await connectionManager._connect(options.replication ? options.replication.write : config);
  connection.on('error', () => {});
  const { rows } = await connection.query('SELECT pg_try_advisory_lock(hashtext($1)) AS locked', [LOCK]);
  if (!rows[0]?.locked) {
    waiting?.();
    await connection.query('SELECT pg_advisory_lock(hashtext($1))', [LOCK]);
  }
  return () => connection.end();
}
