import type { Sequelize, Transaction } from 'sequelize';
import { InstallError } from '../errors';
import { ident, literal, MAX_IDENTIFIER_BYTES, qualified, truncateBytes } from '../sql/identifiers';
import { type ObjectStatus, select, statusesOf } from './catalog';
import { refuseHeirs } from './heirs';
import { refuseKeys } from './keys';
import { refusePartitions } from './partitions';
import type { Plan } from './plan';
import { refuseSecurity } from './security';

/**
 * Refuses what could not be enforced as the models say.
 *
 * @throws InstallError with the remedy
 */
export async function refuseUnsafe(sequelize: Sequelize, plan: Plan, transaction: Transaction): Promise<void> {
  for (const refuse of [
    refusePartitions,
    refuseHeirs,
    refuseKeys,
    refuseSecurity,
    refuseColumns,
    refuseTables,
    refuseIndexes,
  ])
    await refuse(sequelize, plan, transaction);
}

/**
 * Refuses columns that have the name of ours, and are not ours: CREATE … IF NOT EXISTS would pass them over.
 *
 * @throws InstallError with the remedy
 */
export async function refuseColumns(sequelize: Sequelize, plan: Plan, transaction: Transaction): Promise<void> {
  const columns = [...plan.needs, ...plan.objects].filter(({ kind }) => kind === 'column');
  const taken = (await statusesOf(sequelize, columns, transaction)).find(({ content }) => content === 'drifted');
  if (!taken) return;
  const { model, name, table } = taken.object;
  throw new InstallError(
    `${model}: the column "${name}" of the table "${table.name}" is the library's, and somebody's: ${taken.reason}. ` +
      `Run: ${makeRoom(taken.object)} or set { guitar: { deletionColumn: '…' } }.`,
  );
}

/**
 * Refuses relations that have the name of a history, and are none, or not one as the model calls for.
 *
 * @throws InstallError with the remedy
 */
async function refuseTables(sequelize: Sequelize, plan: Plan, transaction: Transaction): Promise<void> {
  const tables = plan.objects.filter(({ kind }) => kind === 'table');
  const taken = (await statusesOf(sequelize, tables, transaction)).find(({ content }) => content === 'drifted');
  if (!taken) return;
  const { model, name, table } = taken.object;
  throw new InstallError(
    `${model}: "${name}" cannot be the history of the table "${table.name}": ${taken.reason}. ${tableRemedy(taken.object)}`,
  );
}

/** What gives a history its name. */
export const tableRemedy = (object: ObjectStatus['object']): string =>
  `Give it another name: ${otherName(object)}${object.columns?.partitioned ? ' Or, where it is the history, leave out the option "partition".' : ''}`;

/**
 * Refuses names of indexes that another table's index, or another relation, bears: CREATE INDEX IF NOT EXISTS would pass
 * it over.
 *
 * @throws InstallError with the remedy
 */
async function refuseIndexes(sequelize: Sequelize, plan: Plan, transaction: Transaction): Promise<void> {
  const indexes = plan.objects.filter(({ kind }) => kind === 'index');
  if (indexes.length === 0) return;
  const values = indexes.map(({ table, name }, n) => {
    const own = literal(qualified({ schema: table.schema, name }));
    return `(${n}, to_regclass(${own}), to_regclass(${literal(qualified(table))}))`;
  });
  const [taken] = await select<{ n: number; on: string }>(
    sequelize,
    `SELECT n, coalesce(indrelid, found)::regclass::text AS on
      FROM (VALUES ${values.join(', ')}) AS indexes(n, found, target) LEFT JOIN pg_index ON indexrelid = found
      WHERE found IS NOT NULL AND indrelid IS DISTINCT FROM target ORDER BY n`,
    transaction,
  );
  if (!taken) return;
  const { model, name } = indexes[taken.n] as (typeof indexes)[number];
  throw new InstallError(
    `${model}: the index "${name}" that it calls for cannot be made: the name is that of another relation, on ${taken.on}. ` +
      'Rename that one, or give the index of the model another name.',
  );
}

/** SQL that gives a column of somebody's another name. */
export function makeRoom({ table, name }: ObjectStatus['object']): string {
  return `ALTER TABLE ${qualified(table)} RENAME COLUMN ${ident(name)} TO ${ident(`${truncateBytes(name, MAX_IDENTIFIER_BYTES - 7)}_before`)};`;
}

/** SQL that gives a relation of somebody's another name. */
export function otherName({ table, name }: ObjectStatus['object']): string {
  const to = ident(`${truncateBytes(name, MAX_IDENTIFIER_BYTES - 7)}_before`);
  return `ALTER TABLE ${qualified({ schema: table.schema, name })} RENAME TO ${to};`;
}
