import type { SaveOptions, Sequelize, Transaction } from 'sequelize';
import type { ModelClass } from '../../models/capabilities';
import { inside, transactionOf } from '../../models/internals';
import { HistoryError } from '../errors';
import { askingOf } from '../reading/entries';
import { keyText, type RowKey } from '../reading/key';
import { type Located, locateOne } from '../reading/located';

/** Options of what goes back to an earlier state. */
export interface BackOptions extends Pick<SaveOptions, 'hooks' | 'validate' | 'logging' | 'benchmark'> {
  /** Default: that of Sequelize's CLS, else one of its own. */
  transaction?: Transaction | null | undefined;
}

/** {@link BackOptions} of work that is in a transaction. */
export type InTransaction = BackOptions & { readonly transaction: Transaction };

/** Runs work in the caller's transaction, else in one of its own. */
export async function inTransaction<T>(
  model: ModelClass,
  options: BackOptions,
  work: (how: InTransaction, history: Located) => Promise<T>,
): Promise<T> {
  const run = async (transaction: Transaction) => {
    const how = { ...saving(options), transaction };
    return work(how, await locateOne(model, askingOf(how)));
  };
  const current = transactionOf(model, options.transaction);
  if (current) return run(current);
  const { transaction: _none, ...logged } = askingOf(options);
  return (model.sequelize as Sequelize).transaction(logged as object, run);
}

function saving({ hooks, validate, ...others }: BackOptions): BackOptions {
  const { transaction: _given, ...logged } = askingOf(others as never);
  return {
    ...logged,
    ...(hooks === undefined ? {} : { hooks }),
    ...(validate === undefined ? {} : { validate }),
  } as BackOptions;
}

/** A row as it is, archived or not, which nobody else writes until the transaction ends; by attribute. */
export async function lockedRow(
  model: ModelClass,
  key: RowKey,
  how: InTransaction,
): Promise<Record<string, unknown> | null> {
  const query = { where: { ...key }, paranoid: false, raw: true, hooks: false, ...askingOf(how as never) };
  // Who writes the row waits for it, or is waited for; who refers to it need not.
  return inside(model)
    .unscoped()
    .findOne({ ...query, lock: 'NO KEY UPDATE' }) as Promise<Record<string, unknown> | null>;
}

/** The same, of a row that has to be there. */
export async function presentRow(model: ModelClass, key: RowKey, how: InTransaction): Promise<Record<string, unknown>> {
  const row = await lockedRow(model, key, how);
  if (row) return row;
  throw new HistoryError(
    `${model.name} ${keyText(key)}: the row is gone. ${model.name}.undelete(key) brings back what was removed for good.`,
  );
}
