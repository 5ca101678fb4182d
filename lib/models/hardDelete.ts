import { QueryTypes, type Transaction } from 'sequelize';
import type { ModelClass } from './capabilities';
import { withHardDelete } from './doors';
import { inside, transactionOf } from './internals';

interface TransactionOptions {
  transaction?: Transaction | null | undefined;
}

/** Runs `fn` through the hard-delete door of the caller's transaction, else of one of its own. */
export function throughHardDelete<T>(
  model: ModelClass,
  options: TransactionOptions,
  fn: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const { sequelize } = model;
  if (!sequelize) throw new Error(`${model.name} has not been initialised.`);
  const current = transactionOf(model, options.transaction);
  if (current) return withHardDelete(current, () => fn(current));
  return sequelize.transaction((transaction) => withHardDelete(transaction, () => fn(transaction)));
}

/** TRUNCATE through the door. */
export async function truncate(
  model: ModelClass,
  options: TransactionOptions & { cascade?: boolean; restartIdentity?: boolean },
): Promise<void> {
  const own = inside(model);
  const name = own.queryInterface.queryGenerator.quoteTable(own.getTableName());
  const sql = `TRUNCATE ${name}${options.restartIdentity ? ' RESTART IDENTITY' : ''}${options.cascade ? ' CASCADE' : ''}`;
  await throughHardDelete(model, options, async (transaction) => {
    await model.sequelize?.query(sql, { ...options, transaction, type: QueryTypes.RAW });
  });
}
