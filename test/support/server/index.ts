import { startEmbedded } from './embedded';
import { useForeign } from './foreign';
import { provision } from './provision';
import type { PostgresServer } from './server';

export type { PostgresServer } from './server';

/**
 * Starts a PostgreSQL server from npm, or uses the one that the environment variable `DATABASE_URL` names.
 * Without `stop()` the embedded server goes away with this process, however that ends.
 */
export async function startServer(): Promise<PostgresServer> {
  const { DATABASE_URL } = process.env;
  const endpoint = await (DATABASE_URL ? useForeign(DATABASE_URL) : startEmbedded());
  try {
    return await provision(endpoint);
  } catch (error) {
    await endpoint.release();
    throw error;
  }
}
