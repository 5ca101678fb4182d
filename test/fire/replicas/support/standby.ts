import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Cluster, type PostgresServer, startCluster } from '../../../support/server';

/** A primary, and a standby that follows it and without which nothing is committed. */
export interface Pair {
  readonly primary: PostgresServer & { readonly cluster: Cluster };
  readonly standby: Cluster;
  /** The same database, on the standby. */
  onStandby(url: string): string;
  /** Waits until the standby has replayed all that the primary has written. */
  caughtUp(): Promise<void>;
  /** Kills the primary, promotes the standby, and resolves when that takes writes. */
  failOver(): Promise<void>;
  release(): Promise<void>;
}

/** Asks one question of a server, as its administrator. */
export async function asked<R extends pg.QueryResultRow>(url: URL, sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url.href });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Waits for what a server says of itself. */
export async function until(url: URL, condition: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; await sleep(20)) {
    const [row] = await asked<{ met: boolean }>(url, `SELECT coalesce((${condition}), false) AS met`);
    if (row?.met) return;
    if (Date.now() > deadline) throw new Error(`not within a minute: ${condition}`);
  }
}

/** @param fill makes databases on the primary; they are there on the standby from its beginning */
export async function startPair(fill: (primary: Pair['primary']) => Promise<void>): Promise<Pair> {
  const primary = await startCluster({ settings: { max_wal_senders: '4', hot_standby: 'on' } });
  try {
    await fill(primary);
    await primary.cluster.end();
    const { href } = primary.cluster.url;
    const standby = await primary.cluster.copy({ settings: { primary_conninfo: href } });
    try {
      const signal = path.join(standby.data, 'standby.signal');
      fs.writeFileSync(signal, '');
      const { uid, gid } = fs.statSync(standby.data);
      fs.chownSync(signal, uid, gid);
      await primary.cluster.start();
      await standby.start();
      return await follow(primary, standby);
    } catch (error) {
      await standby.release();
      throw error;
    }
  } catch (error) {
    await primary.stop();
    throw error;
  }
}

async function follow(primary: Pair['primary'], standby: Cluster): Promise<Pair> {
  const { url } = primary.cluster;
  await until(url, `EXISTS (SELECT FROM pg_stat_replication WHERE state = 'streaming')`);
  // From here on a COMMIT is answered when the standby has it on disk. It is told so last: alone, the primary would wait for ever.
  await asked(url, `ALTER SYSTEM SET synchronous_standby_names = '*'`);
  await asked(url, 'SELECT pg_reload_conf()');
  await until(url, `EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')`);
  return {
    primary,
    standby,
    onStandby: (given) => Object.assign(new URL(given), { host: standby.url.host }).href,
    async caughtUp() {
      const [row] = await asked<{ lsn: string }>(url, 'SELECT pg_current_wal_lsn()::text AS lsn');
      await until(standby.url, `pg_last_wal_replay_lsn() >= '${row?.lsn}'`);
    },
    async failOver() {
      await primary.cluster.end('SIGKILL');
      await asked(standby.url, `SELECT pg_promote()`);
      await until(standby.url, 'NOT pg_is_in_recovery()');
    },
    async release() {
      await standby.release();
      await primary.stop();
    },
  };
}
