import type { QueryInterface, Sequelize, Transaction } from 'sequelize';
import { DefinitionError, InstallError } from '../../errors';
import { type AnyModel, type ModelClass, optionsOf } from '../../models/capabilities';
import { transactionOf } from '../../models/internals';
import { qualified, tableKey } from '../../sql/identifiers';
import { SQLSTATE } from '../../sql/sqlstates';
import { triggersOf } from '../../triggers/registry';
import { livePartitions } from '../partitions';
import { installing, livePlan } from '../session';
import { sharedVersion } from '../shared';
import { capture, dropOf, tableOf } from './captured';
import { restore } from './restore';

/** Options of {@link withEnforcementSuspended}. */
export interface SuspendOptions {
  /** A transaction to work in. Default: one of its own. */
  transaction?: Transaction;
  /** How long to wait for a lock on a busy table, in milliseconds. Default: 5000. */
  lockTimeout?: number;
}

/**
 * For a migration that alters the type of a column, or drops one, which our triggers and rules name: takes them off the
 * tables of these models, runs `fn`, and brings them back, switched on or off as they were. All is one transaction, in
 * which the tables are locked: nobody writes to them meanwhile. If `fn` fails, nothing has happened. The unique
 * indexes and the column `_deletion` stay.
 *
 * @param fn gets the transaction, which it must use; while it runs, a DELETE on these tables deletes
 * @throws InstallError a busy table, an aborted transaction, or something that cannot be restored; nothing was changed
 * @throws DefinitionError no models, or one that the database keeps nothing for
 * @example
 * await withEnforcementSuspended(queryInterface, [Article], (transaction) =>
 *   queryInterface.changeColumn('article', 'title', { type: DataTypes.TEXT }, { transaction }));
 */
export async function withEnforcementSuspended<T>(
  queryInterface: QueryInterface,
  models: readonly AnyModel[],
  fn: (transaction: Transaction) => Promise<T>,
  options: SuspendOptions = {},
): Promise<T> {
  const { sequelize } = queryInterface;
  const chosen = models as readonly ModelClass[];
  const [first] = chosen;
  if (!first) throw nothingFor('there are no models');
  const transaction = options.transaction ?? transactionOf(first, undefined) ?? undefined;
  let failed: { error: unknown } | undefined;
  const work = async (current: Transaction) => {
    try {
      return await fn(current);
    } catch (error) {
      failed = { error };
      throw error;
    }
  };
  try {
    if (!transaction) return await suspended(sequelize, chosen, work, options);
    return await inSavepoint(sequelize, transaction, () =>
      suspended(sequelize, chosen, work, { ...options, transaction }),
    );
  } catch (error) {
    throw failed ? failed.error : explained(error);
  }
}

function suspended<T>(
  sequelize: Sequelize,
  models: readonly ModelClass[],
  fn: (transaction: Transaction) => Promise<T>,
  options: SuspendOptions,
): Promise<T> {
  // The queries go where the migration goes; the models, and all that they are tied to, may be of another instance.
  const home = models[0]?.sequelize as Sequelize;
  return installing(sequelize, options, async (transaction) => {
    const shared = (await sharedVersion(sequelize, transaction)) !== undefined;
    const { tables, strangers } = await tablesOf(home, models, transaction);
    const seen = await capture(sequelize, transaction, tables, shared);
    for (const { name, table } of strangers) {
      if (!seen.some((each) => table && tableKey(tableOf(each)) === tableKey(table)))
        throw nothingFor(`the database keeps nothing for ${name}`);
    }
    const names = [...new Set([...tables, ...seen.map(tableOf)].map(qualified))].sort();
    if (names.length > 0)
      await sequelize.query(`LOCK TABLE ${names.join(', ')} IN ACCESS EXCLUSIVE MODE`, { transaction });
    // Once more, now that nobody else can change them.
    const taken = await capture(sequelize, transaction, tables, shared);
    for (const sql of taken.flatMap(dropOf)) await sequelize.query(sql, { transaction });
    const result = await fn(transaction);
    await restore(sequelize, transaction, taken, shared ? await livePlan(home, {}, transaction) : undefined);
    return result;
  });
}

const nothingFor = (reason: string) =>
  new DefinitionError(
    `withEnforcementSuspended: ${reason}. ` +
      'Give the models whose tables the migration alters: Dated or SoftDeletable ones, or such as declare triggers, or did.',
  );

/** The tables of the models, with their partitions; and models that call for nothing, though their tables may have something still. */
async function tablesOf(home: Sequelize, models: readonly ModelClass[], transaction: Transaction) {
  const { graph, objects, plain } = await livePlan(home, { models }, transaction);
  const partitionsOf = await livePartitions(home, transaction);
  const tables = [
    ...graph.tables.filter((table) => table.models.some((model) => models.includes(model))).map(({ table }) => table),
    // Plain models that declare triggers are not in the graph.
    ...objects.filter(({ declared }) => declared !== undefined).map(({ table }) => table),
  ];
  const strangers = models
    .filter((model) => !optionsOf(model) && triggersOf(model).length === 0)
    .map((model) => ({ name: model.name, table: plain.find((each) => each.model === model)?.table }));
  const all = [...tables, ...strangers.flatMap(({ table }) => table ?? [])];
  return { tables: all.flatMap((table) => [table, ...partitionsOf(table)]), strangers };
}

/** A caller that catches the failure and commits finds everything as it was. */
async function inSavepoint<T>(sequelize: Sequelize, transaction: Transaction, work: () => Promise<T>): Promise<T> {
  if ((transaction as unknown as { finished?: string }).finished) {
    throw new InstallError('The transaction is over. Give one that is open, or none.');
  }
  await sequelize.query('SAVEPOINT guitars_suspended', { transaction });
  try {
    const result = await work();
    await sequelize.query('RELEASE SAVEPOINT guitars_suspended', { transaction });
    return result;
  } catch (error) {
    await sequelize.query('ROLLBACK TO SAVEPOINT guitars_suspended', { transaction }).catch(() => undefined);
    throw error;
  }
}

function explained(error: unknown): unknown {
  if ((error as { parent?: { code?: string } }).parent?.code !== SQLSTATE.failedTransaction) return error;
  return new InstallError(
    'The transaction is aborted: a statement in it has failed before, and PostgreSQL takes no other until it is rolled back. ' +
      'Nothing was changed. Let that error through, or catch it around a savepoint.',
    { cause: error },
  );
}
