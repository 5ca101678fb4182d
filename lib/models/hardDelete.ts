import { type Logging, QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { HARD_DELETE } from '../sql/settings';
import { bulkWork } from './bulkWork';
import { type ModelClass, settingsOf } from './capabilities';
import { throughDoor } from './doors';
import { inside, transactionOf } from './internals';
import { type BulkOptions, bulkOptions } from './where';

interface TransactionOptions extends Logging {
  transaction?: Transaction | null | undefined;
}

/** Runs `fn` through the hard-delete door of the caller's transaction, else of one of its own. */
export function throughHardDelete<T>(
  model: ModelClass,
  options: TransactionOptions,
  fn: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  settingsOf(model);
  const sequelize = model.sequelize as Sequelize;
  const current = transactionOf(model, options.transaction);
  const how = loggingOf(options);
  const open = (transaction: Transaction) => throughDoor(HARD_DELETE, transaction, () => fn(transaction), how);
  return current ? open(current) : sequelize.transaction(how, open);
}

/** What was said of logging, and no more: an option that is there and undefined would put out Sequelize's own. */
function loggingOf({ logging, benchmark }: Logging): Logging {
  return { ...(logging === undefined ? {} : { logging }), ...(benchmark === undefined ? {} : { benchmark }) };
}

/** Removes the rows that `options` pick physically, live and archived ones, with hooks; answers how many. */
export async function bulkHardDelete(model: ModelClass, given?: BulkOptions): Promise<number> {
  const options = { ...bulkOptions(model, 'hardDelete', given), type: QueryTypes.BULKDELETE, model, force: true };
  const { queryInterface } = inside(model);
  return throughHardDelete(model, options, (transaction) =>
    bulkWork(model, { ...options, transaction }, { from: 'any', hook: 'Destroy' }, async (where, _instances, rest) => {
      return (await queryInterface.bulkDelete(model.getTableName(), where, rest, model)) as number;
    }),
  );
}

/** TRUNCATE through the door. */
export async function truncate(
  model: ModelClass,
  options: TransactionOptions & { cascade?: boolean; restartIdentity?: boolean; hooks?: boolean },
): Promise<void> {
  settingsOf(model);
  const own = inside(model);
  if (options.hooks !== false) await own.runHooks('beforeBulkDestroy', options);
  const name = own.queryInterface.queryGenerator.quoteTable(own.getTableName());
  const sql = `TRUNCATE ${name}${options.restartIdentity ? ' RESTART IDENTITY' : ''}${options.cascade ? ' CASCADE' : ''}`;
  await throughHardDelete(model, options, async (transaction) => {
    await model.sequelize?.query(sql, { ...options, transaction, type: QueryTypes.RAW });
  });
  if (options.hooks !== false) await own.runHooks('afterBulkDestroy', options);
}
