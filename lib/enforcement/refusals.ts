import type { Sequelize, Transaction } from 'sequelize';
import { InstallError } from '../errors';
import { ident, MAX_IDENTIFIER_BYTES, qualified, truncateBytes } from '../sql/identifiers';
import { type ObjectStatus, statusesOf } from './catalog';
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
  for (const refuse of [refusePartitions, refuseKeys, refuseSecurity, refuseColumns])
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

/** SQL that gives a column of somebody's another name. */
export function makeRoom({ table, name }: ObjectStatus['object']): string {
  return `ALTER TABLE ${qualified(table)} RENAME COLUMN ${ident(name)} TO ${ident(`${truncateBytes(name, MAX_IDENTIFIER_BYTES - 7)}_before`)};`;
}
