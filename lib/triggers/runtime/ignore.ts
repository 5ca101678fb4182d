import type { Sequelize, Transaction } from 'sequelize';
import { DefinitionError } from '../../errors';
import { watch } from '../../session/connection';
import { whileSet } from '../../session/within';
import { offSettings } from './select';
import type { TriggerSelection } from './selection';

/** In which transaction. */
export interface InTransaction {
  /** The transaction that the work must use. Default: that of Sequelize's CLS. */
  readonly transaction?: Transaction;
  /** The instance whose models are meant, where the transaction is CLS's. */
  readonly sequelize?: Sequelize;
}

/**
 * Runs `fn` while triggers do not fire for what it sends in the transaction, raw SQL included. They do for what others
 * send there at the same time, and again when it settles, however it does.
 *
 * @throws DefinitionError the selection finds none, or one that cannot be ignored; there is no transaction
 * @example await ignoreTriggers({ model: Article, kind: 'protect' }, { transaction }, () => Article.destroy({ where, transaction }));
 */
export async function ignoreTriggers<T>(
  selection: TriggerSelection,
  options: InTransaction,
  fn: () => Promise<T>,
): Promise<T> {
  const { sequelize, transaction } = inTransaction('ignoreTriggers', options);
  const { connection } = transaction as unknown as { connection?: object };
  if (!connection)
    throw new DefinitionError('ignoreTriggers(): the transaction has ended. Do the work before it does.');
  const off = offSettings(sequelize, selection).map((name) => [name, 'on']);
  watch(connection);
  return whileSet(connection, Object.fromEntries(off), fn);
}

/** @throws DefinitionError there is none */
export function inTransaction(
  what: string,
  { transaction, sequelize }: InTransaction = {},
): { sequelize: Sequelize; transaction: Transaction } {
  const { _cls } = (sequelize?.constructor ?? {}) as { _cls?: { get(key: string): Transaction | undefined } };
  const found = transaction ?? _cls?.get('transaction');
  const instance = (found as unknown as { sequelize?: Sequelize } | undefined)?.sequelize;
  if (found && instance) return { sequelize: instance, transaction: found };
  throw new DefinitionError(
    `${what}() works within a transaction. Pass it: { transaction }; or, with CLS, { sequelize }.`,
  );
}
