import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { PostgresServer } from '../../../support/server';
import { freePort } from '../../../support/server/free-port';
import { Keeper } from '../../../support/server/keeper';
import { operator } from '../../../support/server/operator';

const PROGRAMS = ['/usr/sbin/pgbouncer', '/usr/local/sbin/pgbouncer', '/usr/local/bin/pgbouncer', 'pgbouncer'];

/** Where PgBouncer is, if it is here. */
export const program = (): string | undefined =>
  PROGRAMS.find((each) => spawnSync(each, ['--version'], { stdio: 'ignore' }).status === 0);

/** Why a block of tests is skipped, for its title; empty where it runs. */
export const lacking = () =>
  program() ? '' : ' (skipped: there is no pgbouncer here; on Debian and Ubuntu: apt-get install pgbouncer)';

export interface BouncerOptions {
  mode?: 'session' | 'transaction' | 'statement';
  /** Sessions of the server that all clients share. */
  size?: number;
}

/** A PgBouncer before a server; it goes away with this process, however that ends. */
export interface Bouncer {
  /** The same database by way of PgBouncer. */
  through(url: string): string;
  /** What PgBouncer says on its own console. */
  show(what: 'POOLS' | 'STATS_TOTALS'): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** Starts PgBouncer before a server, for its application's role and its administrator. */
export async function startBouncer(
  server: PostgresServer,
  { mode = 'transaction', size = 2 }: BouncerOptions = {},
): Promise<Bouncer> {
  const as = operator();
  const keeper = await Keeper.open(path.join(os.tmpdir(), `guitars-bouncer-${randomBytes(6).toString('hex')}`));
  keeper.unref();
  const port = await freePort();
  const inside = (name: string) => path.join(keeper.directory, name);
  const { user, password } = server.admin;
  const users = [server.role, { name: user, password }].map((each) => `"${each.name}" "${each.password}"\n`);
  fs.writeFileSync(inside('users'), users.join(''));
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    // The list holds passwords, which serve to log in to the server, too.
    auth_type: 'scram-sha-256',
    auth_file: inside('users'),
    pool_mode: mode,
    default_pool_size: size,
    max_client_conn: 500,
    admin_users: user,
    query_wait_timeout: 60,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const databases = `[databases]\n* = host=${server.host} port=${server.port}\n`;
  fs.writeFileSync(inside('ini'), `${databases}[pgbouncer]\n${lines.join('\n')}\n`);
  const { uid, gid } = as;
  if (uid !== undefined && gid !== undefined)
    for (const each of [keeper.directory, inside('users'), inside('ini')]) fs.chownSync(each, uid, gid);
  const ended = keeper.run({ command: program() as string, args: [inside('ini')], env: {}, ...as });
  const address = (url: string) => Object.assign(new URL(url), { host: `127.0.0.1:${port}` }).href;
  const console = `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/pgbouncer`;
  const show = async (what: string) => {
    const client = new pg.Client({ connectionString: console });
    client.on('error', () => {});
    await client.connect();
    // Its console speaks the simple protocol alone.
    const { rows } = await client.query(`SHOW ${what}`).finally(() => client.end());
    return rows;
  };
  const stop = () => keeper.stop();
  try {
    await Promise.race([ended.then(() => Promise.reject(new Error(keeper.log()))), answers(() => show('POOLS'))]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { through: address, show, stop };
}

async function answers(ask: () => Promise<unknown>): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await sleep(20)) {
    try {
      await ask();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
