import type { Sequelize } from 'sequelize';
import { refuseKeys } from '../enforcement/keys';
import { refusePartitions } from '../enforcement/partitions';
import type { Plan } from '../enforcement/plan';
import { refuseSecurity } from '../enforcement/security';

/**
 * What the last step would refuse, before the first. These look at foreign keys, partitions and row-level security, none
 * of which the steps between change: whether the times are there already makes no difference to them.
 *
 * @throws InstallError with the remedy
 */
export function refuseInstall(sequelize: Sequelize, plan: Plan): Promise<void> {
  return sequelize.transaction(async (transaction) => {
    for (const refuse of [refusePartitions, refuseKeys, refuseSecurity]) await refuse(sequelize, plan, transaction);
  });
}
