import pg from 'pg';
import { Sequelize } from 'sequelize';
import type { PostgresServer } from '../../test/support/server';

/** How thorough a run is. */
export interface Thoroughness {
  /** Rounds to measure at least. */
  readonly pairs: number;
  /** Milliseconds that a case goes on measuring for, though it has its rounds. */
  readonly budget: number;
  /** What the tables' sizes are divided by. */
  readonly shrink: number;
  /** Sees the ratios of every round. */
  readonly trace?: (ratios: Record<string, number[]>) => void;
}

/** An empty database for one case, and who is connected to it. */
export interface World extends Thoroughness {
  /** Of the database, for the application's role. */
  readonly url: string;
  readonly sequelize: Sequelize;
  readonly client: pg.Client;
  readonly admin: pg.Client;
  /** A table's size in this run. */
  rows(full: number): number;
  /** Runs statements one by one. */
  sql(...statements: string[]): Promise<void>;
  /** Clears away what the last run has left behind, so that the next finds the same. */
  settle(tables: string[]): Promise<void>;
}

/** Copies the database `source`, lets `use` work in it, and drops it. */
export async function withWorld<T>(
  server: PostgresServer,
  source: string,
  thoroughness: Thoroughness,
  use: (world: World) => Promise<T>,
): Promise<T> {
  const name = await server.createDatabase(undefined, source);
  const sequelize = new Sequelize(server.url(name), { logging: false, pool: { max: 1 } });
  const client = new pg.Client({ connectionString: server.url(name) });
  const admin = new pg.Client({ connectionString: server.url(name, 'admin') });
  await Promise.all([client.connect(), admin.connect()]);
  const sql = async (...statements: string[]) => {
    for (const each of statements) await client.query(each);
  };
  const world: World = {
    ...thoroughness,
    url: server.url(name),
    sequelize,
    client,
    admin,
    rows: (full) => Math.max(1, Math.round(full / thoroughness.shrink)),
    sql,
    settle: async (tables) => {
      // TRUNCATE false: whether the end of the file happens to be empty must not decide who has to grow it again.
      for (const table of tables) await client.query(`VACUUM (TRUNCATE false, INDEX_CLEANUP on) ${table}`);
      await checkpoint(admin);
    },
  };
  try {
    return await use(world);
  } finally {
    await Promise.allSettled([sequelize.close(), client.end(), admin.end()]);
    await server.dropDatabase(name);
  }
}

/** On a server of one's own, the administrator may not be allowed to ask for one; then the server's own have to do. */
async function checkpoint(admin: pg.Client): Promise<void> {
  await admin.query('CHECKPOINT').catch((error: { code?: string }) => {
    if (error.code !== '42501') throw error;
  });
}
