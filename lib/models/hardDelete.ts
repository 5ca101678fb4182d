import { type Logging, QueryTypes, type Transaction } from 'sequelize';
import { HARD_DELETE } from '../sql/settings';
import type { ModelClass } from './capabilities';
import { throughDoor } from './doors';
import { inside, transactionOf } from './internals';

interface TransactionOptions extends Logging {
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
  const how = loggingOf(options);
  const open = (transaction: Transaction) => throughDoor(HARD_DELETE, transaction, () => fn(transaction), how);
  return current ? open(current) : sequelize.transaction(how, open);
}

/** What was said of logging, and no more: an option that is there and undefined would put out Sequelize's own. */
function loggingOf({ logging, benchmark }: Logging): Logging {
  return { ...(logging === undefined ? {} : { logging }), ...(benchmark === undefined ? {} : { benchmark }) };
}

/**
 * The class with archived rows in its scope: Sequelize loads the rows for individual hooks through the scope, and those
 * of archived rows have to run as well.
 */
export function withArchived(model: ModelClass): ModelClass {
  if (inside(model)._scope.paranoid === false) return model;
  const Wider = class extends model {};
  Object.defineProperty(Wider, 'name', { value: model.name });
  inside(Wider)._scope = { ...inside(model)._scope, paranoid: false };
  return Wider;
}

/** TRUNCATE through the door. */
export async function truncate(
  model: ModelClass,
  options: TransactionOptions & { cascade?: boolean; restartIdentity?: boolean; hooks?: boolean },
): Promise<void> {
  const own = inside(model);
  if (options.hooks !== false) await own.runHooks('beforeBulkDestroy', options);
  const name = own.queryInterface.queryGenerator.quoteTable(own.getTableName());
  const sql = `TRUNCATE ${name}${options.restartIdentity ? ' RESTART IDENTITY' : ''}${options.cascade ? ' CASCADE' : ''}`;
  await throughHardDelete(model, options, async (transaction) => {
    await model.sequelize?.query(sql, { ...options, transaction, type: QueryTypes.RAW });
  });
  if (options.hooks !== false) await own.runHooks('afterBulkDestroy', options);
}
