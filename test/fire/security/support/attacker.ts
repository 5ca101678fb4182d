import pg from 'pg';
import type { TestDatabase } from '../../../support/database';
import type { PostgresServer } from '../../../support/server';

/** A role that has SELECT, INSERT, UPDATE and DELETE on the tables of `app`, and nothing more. */
export interface Attacker {
  readonly role: string;
  readonly client: pg.Client;
  /** Another connection of the same role. */
  connect(): Promise<pg.Client>;
  /** The SQLSTATE that a statement of the role's fails with; undefined where it succeeds. Leaves no transaction behind. */
  code(sql: string): Promise<string | undefined>;
  /** The only value of the only row. */
  value(sql: string): Promise<unknown>;
}

/** Makes the role once the tables are there (call `grant` in a hook), and drops it at the end. */
export function useAttacker(db: TestDatabase, name = 'plain') {
  let made: Attacker | undefined;
  const clients: pg.Client[] = [];
  let server: PostgresServer | undefined;

  // The database is gone by then, and with it all that the role was granted there.
  after('drop the role', async () => {
    await Promise.allSettled(clients.map((client) => client.end()));
    if (!made || !server) return;
    const admin = new pg.Client({ connectionString: server.url(server.admin.database, 'admin') });
    await admin.connect();
    await admin.query(`DROP ROLE "${made.role}"`).finally(() => admin.end());
  });

  return {
    get it(): Attacker {
      if (!made) throw new Error('The role is there once grant() has run.');
      return made;
    },
    async grant(): Promise<Attacker> {
      server = db.server;
      const role = `${name}_${db.name}`.slice(0, 63);
      const admin = await db.admin();
      await admin.query(`CREATE ROLE "${role}" LOGIN PASSWORD 'attacker'`);
      await admin.query(`GRANT USAGE ON SCHEMA app TO "${role}"`);
      await admin.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO "${role}"`);
      await admin.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA app TO "${role}"`);
      const url = new URL(db.url);
      url.username = role;
      url.password = 'attacker';
      const connect = async () => {
        const client = new pg.Client({ connectionString: url.href });
        client.on('error', () => {}); // the database is dropped under it
        clients.push(client);
        await client.connect();
        return client;
      };
      const client = await connect();
      made = {
        role,
        client,
        connect,
        async code(sql) {
          try {
            await client.query(sql);
            return undefined;
          } catch (error) {
            await client.query('ROLLBACK');
            return (error as { code?: string }).code;
          }
        },
        async value(sql) {
          const { rows } = await client.query({ text: sql, rowMode: 'array' });
          return (rows as unknown[][])[0]?.[0];
        },
      };
      return made;
    },
  };
}
