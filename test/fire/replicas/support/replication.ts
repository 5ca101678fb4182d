import type { Options, Sequelize } from 'sequelize';

/** A statement, and to which of the two it went. */
export interface Sent {
  readonly to: 'read' | 'write';
  readonly sql: string;
}

/** Sequelize's options for a server to write to, and another to read from. */
export function replicated(writeUrl: string, readUrl: string): Options {
  const config = (text: string) => {
    const url = new URL(text);
    return {
      host: url.hostname,
      port: url.port,
      username: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: url.pathname.slice(1),
    };
  };
  return {
    dialect: 'postgres',
    logging: false,
    pool: { max: 3 },
    replication: { write: config(writeUrl), read: [config(readUrl)] },
  };
}

/** Has an instance tell what it sends, and where to. */
export function overheard(sequelize: Sequelize, sent: Sent[]): void {
  sequelize.addHook('afterConnect', (given: unknown) => {
    const connection = given as { queryType?: Sent['to']; query(...args: unknown[]): unknown };
    const query = connection.query.bind(connection);
    connection.query = (...args: unknown[]) => {
      const sql = typeof args[0] === 'string' ? args[0] : String((args[0] as { text?: string }).text);
      // What has none is a connection of its own, to where is written.
      sent.push({ to: connection.queryType ?? 'write', sql });
      return query(...args);
    };
  });
}
