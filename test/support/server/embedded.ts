import { Cluster, type ClusterOptions } from './cluster';
import type { Endpoint } from './endpoint';

/** Speed over durability: the files are thrown away anyway. */
const FAST = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };

/** An embedded server as an endpoint: it runs, and goes away with the endpoint. */
export async function startEmbedded(
  options: ClusterOptions = { settings: FAST },
): Promise<Endpoint & { cluster: Cluster }> {
  const cluster = await Cluster.create(options);
  const release = () => cluster.release();
  try {
    return { cluster, url: await cluster.start(), role: 'guitars_app', prefix: 'guitars_', release };
  } catch (error) {
    await release();
    throw error;
  }
}
