import { randomUUID } from 'node:crypto';
import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { DefinitionError } from '../../errors';
import { ident, textArray } from '../../sql/identifiers';
import { SQLSTATE } from '../../sql/sqlstates';
import { offSettings } from './select';
import type { TriggerSelection } from './selection';
import { turn } from './turn';

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
  const run: Run = (sql) => sequelize.query(sql, { transaction, type: QueryTypes.SELECT });
  const { last, end } = turn(transaction);
  try {
    const before = await run(`SAVEPOINT ${savepoint}; ${switchOff(settings)}`);
    try {
      const result = await fn();
      await last();
      await run(`${restore(before)}; RELEASE SAVEPOINT ${savepoint}`);
      return result;
    } catch (error) {
      await leave(run, before, savepoint, last);
      throw error;
    }
  } finally {
    end();
  }
}

interface Setting {
  readonly name: string;
  readonly value: string;
}

type Run = (sql: string) => Promise<Setting[]>;

const switchOff = (names: readonly string[]) =>
  `SELECT name, value FROM (
     SELECT name, coalesce(current_setting(name, true), '') AS value FROM unnest(${textArray(names)}) AS name OFFSET 0
   ) AS before CROSS JOIN LATERAL (SELECT set_config(before.name, 'on', true)) AS setting`;

function restore(settings: readonly Setting[]): string {
  const [names, values] = [settings.map(({ name }) => name), settings.map(({ value }) => value)];
  return `SELECT set_config(name, value, true) FROM unnest(${textArray(names)}, ${textArray(values)}) AS s(name, value)`;
}

/** After an error: in a transaction that goes on, what was done stays; in an aborted one it cannot. */
async function leave(run: Run, before: readonly Setting[], savepoint: string, last: () => Promise<void>) {
  // Asked at once: what runs beside it may bring the transaction back to where that began.
  const failed = await failure(run('SELECT'));
  await last();
  const code = failed ?? (await failure(run(`${restore(before)}; RELEASE SAVEPOINT ${savepoint}`)));
  // Anything else: it has ended, or its connection is gone, and nothing is left to restore.
  if (code === SQLSTATE.failedTransaction) await failure(run(`ROLLBACK TO SAVEPOINT ${savepoint}`));
}

/** The SQLSTATE of what fails; empty if it fails without one. */
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error) => (error as { parent?: { code?: string } }).parent?.code ?? '',
  );

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
