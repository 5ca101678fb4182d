import type { Cluster, ClusterOptions } from './cluster';
import { startEmbedded } from './embedded';
import type { Endpoint } from './endpoint';
import { useForeign } from './foreign';
import { startPglite } from './pglite';
import { provision } from './provision';
import type { PostgresServer } from './server';

export { Cluster, type ClusterOptions } from './cluster';
export type { PostgresServer } from './server';

/**
 * Starts a PostgreSQL server from npm, or uses the one that the environment variable `DATABASE_URL` names.
 * Without `stop()` the embedded server goes away with this process, however that ends.
 */
export async function startServer(): Promise<PostgresServer> {
  const { DATABASE_URL, GUITARS_POSTGRES } = process.env;
  if (GUITARS_POSTGRES === 'pglite') return startPglite();
  return face(await (DATABASE_URL ? useForeign(DATABASE_URL) : startEmbedded()));
}

/** A server of its own, embedded, for tests that kill, copy or configure it. It runs, as durably as servers do by default. */
export async function startCluster(
  options: ClusterOptions = {},
): Promise<PostgresServer & { readonly cluster: Cluster }> {
  const endpoint = await startEmbedded(options);
  return Object.assign(await face(endpoint), { cluster: endpoint.cluster });
}

async function face(endpoint: Endpoint): Promise<PostgresServer> {
  try {
    return await provision(endpoint);
  } catch (error) {
    await endpoint.release();
    throw error;
  }
}
