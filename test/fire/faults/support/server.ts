import pg from 'pg';
import { type Options, Sequelize } from 'sequelize';
import { type PostgresServer, startCluster } from '../../../support/server';
import type { Cluster } from '../../../support/server/cluster';
import { statements } from '../../../support/server/statements';

/** How a server ends that has no time to end: `kill -9`, and an immediate shutdown. */
export type Crash = 'SIGKILL' | 'SIGQUIT';

/** A server of its own, to be crashed. */
export interface CrashServer {
  readonly server: PostgresServer & { readonly cluster: Cluster };
  /** Crashes the server and starts it again, so that it recovers. */
  crash(signal?: Crash): Promise<void>;
}

/** One of its databases. */
export interface CrashDatabase {
  /** As the application's role. */
  readonly url: string;
  /** Statements on a connection of their own; the rows of the last one. */
  sql<R extends object>(...texts: string[]): Promise<R[]>;
  /** The same as the superuser. */
  admin<R extends object>(...texts: string[]): Promise<R[]>;
  /** A connection of the application's role, or of the superuser; its end is nobody's error. */
  client(as?: 'app' | 'admin'): Promise<pg.Client>;
  connect(options?: Options, url?: string): Sequelize;
}

/** As durable as servers are by default; `settings` are more of postgresql.conf. */
export function useCrashServer(settings: Readonly<Record<string, string>> = {}): CrashServer {
  let started: CrashServer['server'] | undefined;
  const server = () => {
    if (!started) throw new Error('The server is there only from before() to after().');
    return started;
  };
  useSilence();
  before('start a server', async () => {
    started = await startCluster({ settings });
  });
  after('stop the server', async () => {
    await started?.stop();
    started = undefined;
  });
  return {
    get server() {
      return server();
    },
    async crash(signal = 'SIGKILL') {
      const { cluster } = server();
      await cluster.end(signal);
      try {
        await cluster.start();
      } catch (error) {
        // PostgreSQL's bug 17731: see docs/migrations.md.
        if (!/could not create file .* File exists/.test((error as Error).message)) throw error;
        await cluster.start();
      }
    },
  };
}

/** A database for a block of tests on a server that is there before the block. */
export function useDatabaseOf(host: Pick<CrashServer, 'server'>): CrashDatabase {
  let name = '';
  const pools: Sequelize[] = [];
  const url = (as: 'app' | 'admin' = 'app') => host.server.url(name, as);
  before('create a database', async () => {
    name = await host.server.createDatabase();
  });
  after('close the pools', () => Promise.allSettled(pools.map((each) => each.close())));
  return {
    get url() {
      return url();
    },
    sql: (...texts) => statements(new URL(url()), ...texts) as Promise<never[]>,
    admin: (...texts) => statements(new URL(url('admin')), ...texts) as Promise<never[]>,
    async client(as) {
      const client = new pg.Client({ connectionString: url(as) });
      client.on('error', () => {});
      await client.connect();
      return client;
    },
    connect(options = {}, address = url()) {
      const sequelize = new Sequelize(address, { logging: false, ...options });
      pools.push(sequelize);
      return sequelize;
    },
  };
}

/** Sequelize warns on the console of each transaction whose end it could not send, which is what is tested here. */
export function useSilence(): void {
  const { warn } = console;
  before(() => {
    console.warn = (...said: unknown[]) =>
      /^(Committing|Rolling back) transaction/.test(String(said[0])) || warn(...said);
  });
  after(() => {
    console.warn = warn;
  });
}
