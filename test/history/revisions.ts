import type { Options, QueryOptions, Sequelize } from 'sequelize';
import { attachRevision } from '../../lib/history/revision';
import type { TestDatabase } from '../support/database';

interface Client {
  query(...args: unknown[]): unknown;
  getTransactionStatus?: unknown;
}

/** What the server holds, as an object; '' where nothing. */
export const NOW = `SELECT current_setting('guitars.revision', true) AS now, txid_current_if_assigned() AS id`;

const parsed = (now: string | null) => (now ? (JSON.parse(now) as Record<string, unknown>) : '');

/** A pool that revisions go with, and what its connections send. */
export function attached(db: TestDatabase, options: Options = {}, { silent = false } = {}) {
  const sequelize = db.connect(options);
  const sent: string[] = [];
  sequelize.addHook('afterConnect', (connection: unknown) => {
    const client = connection as Client;
    const query = client.query.bind(client);
    client.query = (...args: unknown[]) => {
      sent.push(String(args[0]).replace(/\s+/g, ' '));
      return query(...args);
    };
    // As a driver before 8.17.
    if (silent) client.getTransactionStatus = undefined;
  });
  attachRevision(sequelize);
  return {
    sequelize,
    /** What was sent since the last time, shortened. */
    sent: () => sent.splice(0),
    now: async (more: QueryOptions = {}) => parsed(await raw(sequelize, more)),
  };
}

async function raw(sequelize: Sequelize, options: QueryOptions): Promise<string | null> {
  const [rows] = (await sequelize.query(NOW, options)) as unknown as [{ now: string | null }[]];
  return rows[0]?.now ?? null;
}
