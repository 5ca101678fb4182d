import { randomUUID } from 'node:crypto';
import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { DefinitionError } from '../../errors';
import { ident } from '../../sql/identifiers';
import { SQLSTATE } from '../../sql/sqlstates';
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
 * Runs `fn` while triggers do not fire for what it sends in the transaction, raw SQL included. They fire again when it
 * settles, and after the transaction in any case. An SQL error within `fn` undoes what `fn` did, as a savepoint would,
 * and leaves the transaction usable.
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
  const settings = offSettings(sequelize, selection);
  const savepoint = ident(`guitars_${randomUUID()}`);
  const run = (sql: string) => sequelize.query(sql, { transaction });
  await run(`SAVEPOINT ${savepoint}`);
  const before = await switchOff(sequelize, transaction, settings);
  try {
    const result = await fn();
    await restore(sequelize, transaction, before);
    await run(`RELEASE SAVEPOINT ${savepoint}`);
    return result;
  } catch (error) {
    await leave(sequelize, transaction, before, savepoint);
    throw error;
  }
}

interface Setting {
  readonly name: string;
  readonly value: string;
}

async function switchOff(sequelize: Sequelize, transaction: Transaction, names: readonly string[]): Promise<Setting[]> {
  return sequelize.query<Setting>(
    `SELECT name, value FROM (
       SELECT name, coalesce(current_setting(name, true), '') AS value FROM unnest($names::text[]) AS name OFFSET 0
     ) AS before CROSS JOIN LATERAL (SELECT set_config(before.name, 'on', true)) AS setting`,
    { bind: { names }, transaction, type: QueryTypes.SELECT },
  );
}

async function restore(sequelize: Sequelize, transaction: Transaction, settings: readonly Setting[]): Promise<void> {
  const names = settings.map(({ name }) => name);
  const values = settings.map(({ value }) => value);
  await sequelize.query(
    'SELECT set_config(name, value, true) FROM unnest($names::text[], $values::text[]) AS s(name, value)',
    {
      bind: { names, values },
      transaction,
    },
  );
}

/** After an error: in a transaction that goes on, what was done stays; in an aborted one it cannot. */
async function leave(sequelize: Sequelize, transaction: Transaction, settings: readonly Setting[], savepoint: string) {
  const run = (sql: string) => sequelize.query(sql, { transaction });
  try {
    await restore(sequelize, transaction, settings);
    await run(`RELEASE SAVEPOINT ${savepoint}`);
  } catch (error) {
    const { code } = (error as { parent?: { code?: string } }).parent ?? {};
    if (code !== SQLSTATE.failedTransaction) return; // It has ended, or its connection is gone: nothing is left to restore.
    await run(`ROLLBACK TO SAVEPOINT ${savepoint}`).catch(() => undefined);
  }
}

/** @throws DefinitionError there is none */
export function inTransaction(
  what: string,
  { transaction, sequelize }: InTransaction,
): { sequelize: Sequelize; transaction: Transaction } {
  const { _cls } = (sequelize?.constructor ?? {}) as { _cls?: { get(key: string): Transaction | undefined } };
  const found = transaction ?? _cls?.get('transaction');
  const instance = (found as unknown as { sequelize?: Sequelize } | undefined)?.sequelize;
  if (found && instance) return { sequelize: instance, transaction: found };
  throw new DefinitionError(
    `${what}() works within a transaction. Pass it: { transaction }; or, with CLS, { sequelize }.`,
  );
}
