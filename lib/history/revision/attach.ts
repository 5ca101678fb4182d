import type { Sequelize } from 'sequelize';
import { watch } from '../../session/connection';
import { type Connection, inTransaction } from '../../session/status';
import { inRevision } from './revision';
import { writes } from './writes';

/** What Sequelize sends a statement with. */
interface Query {
  readonly connection: Connection;
  readonly options: { readonly transaction?: unknown; readonly type?: string };
  run(sql: string, parameters?: unknown): Promise<unknown>;
  formatError(error: unknown, stack?: string): unknown;
}

interface Dialect {
  Query: new (...args: unknown[]) => Query;
}

const attached = new WeakSet<object>();

/**
 * Has the statements of an instance that are sent in a revision carry it. One that may write, and is in no transaction, gets one of
 * its own, on the connection that it has anyway: retries, hooks and read replicas are as without.
 */
export function attachRevision(sequelize: Sequelize): void {
  const { dialect } = sequelize as unknown as { dialect: Dialect };
  if (attached.has(dialect)) return;
  attached.add(dialect);
  const { Query } = dialect;
  // Every statement comes by here, whatever method or transaction it is of.
  dialect.Query = class extends Query {
    override async run(sql: string, parameters?: unknown): Promise<unknown> {
      if (!inRevision()) return super.run(sql, parameters);
      const { connection, options } = this;
      watch(connection);
      if (options.transaction || inTransaction(connection) || !writes(sql, options.type))
        return super.run(sql, parameters);
      return inOwn(this, () => super.run(sql, parameters));
    }
  };
}

/** In a transaction of its own. */
async function inOwn<T>(query: Query, work: () => Promise<T>): Promise<T> {
  const { stack } = new Error();
  const ask = async (sql: string) => {
    try {
      await query.connection.query(sql);
    } catch (error) {
      throw query.formatError(Object.assign(error as Error, { sql }), stack);
    }
  };
  try {
    await ask('BEGIN');
    const result = await work();
    await ask('COMMIT');
    return result;
  } catch (error) {
    await undo(query.connection);
    throw error;
  }
}

/** The pool must not get it back in a transaction. */
async function undo(connection: Connection): Promise<void> {
  try {
    // One that does not answer any more would not answer this.
    if (!connection._invalid) return void (await connection.query('ROLLBACK'));
  } catch {}
  connection._invalid = true;
  connection.end?.(() => {});
}
