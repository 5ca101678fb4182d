import pg from 'pg';
import { type Options, Sequelize } from 'sequelize';
import type { PostgresServer } from './server';
import { sharedServer } from './shared-server';

/** A database of its own for one `describe` block. Its members can be used from `before` hooks on. */
export interface TestDatabase {
  readonly server: PostgresServer;
  /** Connected as the application's role, logging off. */
  readonly sequelize: Sequelize;
  readonly url: string;
  readonly name: string;
  /** Another pool on the same database, as the application's role; closed at the end. */
  connect(options?: Options): Sequelize;
  /** A connection without Sequelize, as the application's role; ended at the end. */
  client(): Promise<pg.Client>;
  /** The same as the server's administrator: a superuser, unless `DATABASE_URL` names somebody else. */
  admin(): Promise<pg.Client>;
}

/** Creates a database before the tests of the surrounding `describe` block, and drops it after them. */
export function useDatabase(options: Pick<Options, 'pool' | 'define'> = {}): TestDatabase {
  let opened: { server: PostgresServer; name: string; url: string; sequelize: Sequelize } | undefined;
  const pools: Sequelize[] = [];
  const clients: pg.Client[] = [];

  const current = () => {
    if (!opened) throw new Error('The database is there only from before() to after(): use it in a hook or in a test.');
    return opened;
  };
  const pool = (url: string, extra: Options) => {
    const sequelize = new Sequelize(url, { logging: false, ...options, ...extra });
    pools.push(sequelize);
    return sequelize;
  };
  const client = async (connectionString: string) => {
    const connection = new pg.Client({ connectionString });
    connection.on('error', () => {}); // a test may well have the server end it
    clients.push(connection);
    await connection.connect();
    return connection;
  };

  before('create a database', async () => {
    const server = await sharedServer();
    const name = await server.createDatabase();
    const url = server.url(name);
    opened = { server, name, url, sequelize: pool(url, {}) };
  });

  after('drop the database', async () => {
    await Promise.allSettled([...pools.map((each) => each.close()), ...clients.map((each) => each.end())]);
    const { server, name } = opened ?? {};
    opened = undefined;
    if (server && name) await server.dropDatabase(name);
  });

  return {
    get server() {
      return current().server;
    },
    get sequelize() {
      return current().sequelize;
    },
    get url() {
      return current().url;
    },
    get name() {
      return current().name;
    },
    connect: (extra = {}) => pool(current().url, extra),
    client: async () => client(current().url),
    admin: async () => client(current().server.url(current().name, 'admin')),
  };
}
