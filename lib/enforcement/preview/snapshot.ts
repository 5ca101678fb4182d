import { type Sequelize, Transaction } from 'sequelize';

/** Runs in a transaction of its own that sees one state of the database, and can write nothing. */
export function inSnapshot<T>(sequelize: Sequelize, fn: (transaction: Transaction) => Promise<T>): Promise<T> {
  const isolationLevel = Transaction.ISOLATION_LEVELS.REPEATABLE_READ;
  return sequelize.transaction({ isolationLevel, logging: false }, async (transaction) => {
    await sequelize.query('SET TRANSACTION READ ONLY', { transaction, logging: false });
    return fn(transaction);
  });
}
