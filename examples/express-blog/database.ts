import { Sequelize } from 'sequelize';
import { startServer } from '../../test/support/server';

/** Where the tables are, apart from others that a database of yours may have. */
export const SCHEMA = 'express_blog';

export interface Database {
  readonly sequelize: Sequelize;
  /** Lets the connections go; the server, too, if it was started for this program. */
  close(): Promise<void>;
}

/**
 * The database that DATABASE_URL names, whose rows stay; else one on a PostgreSQL server that comes from npm, runs in a
 * scratch directory, and goes away with this program.
 */
export async function openDatabase(): Promise<Database> {
  const { DATABASE_URL } = process.env;
  const server = DATABASE_URL ? undefined : await startServer();
  try {
    const url = server ? server.url(await server.createDatabase()) : (DATABASE_URL as string);
    const sequelize = new Sequelize(url, { logging: false, define: { schema: SCHEMA } });
    const close = async () => {
      await sequelize.close();
      await server?.stop();
    };
    return { sequelize, close };
  } catch (error) {
    await server?.stop();
    throw error;
  }
}
