import { type Sequelize, Transaction } from 'sequelize';
import { SQLSTATE } from '../../sql/sqlstates';
import { HistoryError } from '../errors';
import type { Ground } from './ground';

/**
 * Runs work in a short transaction of its own, with settings for it alone.
 *
 * @throws HistoryError the connected role may not
 */
export async function briefly<T>(
  sequelize: Sequelize,
  { table }: Ground,
  settings: readonly string[],
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const isolationLevel = Transaction.ISOLATION_LEVELS.READ_COMMITTED;
  try {
    return await sequelize.transaction({ isolationLevel, logging: false }, async (transaction) => {
      for (const each of settings) await sequelize.query(`SET LOCAL ${each}`, { transaction, logging: false });
      return work(transaction);
    });
  } catch (error) {
    const { code, message } = (error as { parent?: { code?: string; message?: string } }).parent ?? {};
    if (code !== SQLSTATE.insufficientPrivilege) throw error;
    throw new HistoryError(
      `${table}: the connected role may not remove what is old (${message}). What was removed by then is removed. ` +
        'Connect as the role that owns the tables.',
      { cause: error },
    );
  }
}

/** Without statistics the planner takes any range for a third of the table. */
export const BY_INDEX = ['enable_seqscan = off', 'enable_bitmapscan = off'];
