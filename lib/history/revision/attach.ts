import type { Sequelize } from 'sequelize';
import { DefinitionError } from '../../errors';
import { watch } from '../../session/connection';
import { type Connection, giveUp, inTransaction } from '../../session/status';
import { SQLSTATE } from '../../sql/sqlstates';
import { inRevision } from './revision';
import { writes, writesInItsOwn } from './writes';

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
 * its own, on the connection that it has anyway: retries, hooks and read replicas are as without. What would lose the revision on
 * its way is refused.
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
      if (writesInItsOwn(sql, options.type)) {
        throw new DefinitionError(
          'withRevision(): a text that begins or ends a transaction itself, and writes after that, would lose the revision. ' +
            'Use sequelize.transaction(), and send its statements one by one.',
        );
      }
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
    throw endsItself(error) ?? error;
  }
}

/** Of a procedure or a DO block that commits: not in a transaction, and without one the revision would be lost. */
function endsItself(error: unknown): DefinitionError | undefined {
  if ((error as { parent?: { code?: string } }).parent?.code !== SQLSTATE.invalidTransactionTermination) return;
  return new DefinitionError(
    'withRevision(): the statement commits or rolls back by itself, which ends a revision. Nothing was done. Call it outside of ' +
      "withRevision(), and have it set_config('guitars.revision', '{\"actor\": …}', true) in each of its transactions.",
    { cause: error },
  );
}

/** The pool must not get it back in a transaction. */
async function undo(connection: Connection): Promise<void> {
  try {
    // One that does not answer any more would not answer this.
    if (!connection._invalid) return void (await connection.query('ROLLBACK'));
  } catch {}
  giveUp(connection);
}
