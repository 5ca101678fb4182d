import type { Sequelize, Transaction } from 'sequelize';
import { ident, qualified } from '../sql/identifiers';
import { oursOn, select, statusesOf } from './catalog';
import type { EnforcedObject } from './object';
import { judges, type Plan } from './plan';
import { refuseUnsafe } from './refusals';
import { sealOf } from './seal';
import { ensureShared, type InstallOptions, installing, livePlan } from './session';
import { refuseCaptured, refuseStrangeSchema } from './strangers';

/** What an installer did. */
export interface InstallReport {
  /** Objects created or replaced. */
  readonly installed: readonly EnforcedObject[];
  /** Objects that stood as they should. */
  readonly unchanged: readonly EnforcedObject[];
  /** Names of objects of ours that the models no longer call for, now gone. */
  readonly retired: readonly string[];
}

/**
 * Makes the database enforce what the models say: creates what is missing, replaces what differs, retires what the
 * models no longer call for. Idempotent, in one transaction, one installer at a time.
 *
 * @throws InstallError a busy table, a role without the privileges, a server older than 14, a table that cannot be
 *   protected as the models say (partitions, foreign keys, row-level security, a column of somebody's); nothing was changed
 * @throws DefinitionError a model cannot be enforced
 * @example await install(sequelize);
 */
export function install(sequelize: Sequelize, options: InstallOptions = {}): Promise<InstallReport> {
  return installing(sequelize, options, async (transaction) => {
    await ensureShared(sequelize, transaction);
    const plan = await livePlan(sequelize, options, transaction);
    await refuseUnsafe(sequelize, plan, transaction);
    const tables = [...new Map(plan.objects.map(({ table }) => [qualified(table), table])).values()];
    await refuseStrangeSchema(sequelize, transaction, tables);
    const retired = await retire(sequelize, plan, transaction);
    const statuses = await statusesOf(sequelize, [...plan.needs, ...plan.objects], transaction);
    const due = statuses.filter(({ status }) => status !== 'installed');
    for (const { object, status, firing } of due) {
      if (object.kind === 'index' && status === 'drifted') await sequelize.query(object.drop, { transaction });
      for (const sql of [object.create, ...sealOf(object), ...(firing === 'D' || firing === 'R' ? enable(object) : [])])
        await sequelize.query(sql, { transaction });
    }
    await refuseCaptured(sequelize, tables, transaction);
    // Not before: a trigger that was replaced may have called another function until then.
    const functions = await retireFunctions(sequelize, transaction);
    return {
      installed: due.map(({ object }) => object),
      unchanged: statuses.filter(({ status }) => status === 'installed').map(({ object }) => object),
      retired: [...retired, ...functions],
    };
  });
}

/** CREATE OR REPLACE leaves a disabled trigger disabled. */
function enable(object: EnforcedObject): string[] {
  if (object.kind !== 'trigger' && object.kind !== 'rule') return [];
  return [`ALTER TABLE ${qualified(object.table)} ENABLE ${object.kind.toUpperCase()} ${ident(object.name)}`];
}

/** Drops our triggers and rules on the plan's tables that the plan does not hold. */
async function retire(sequelize: Sequelize, plan: Plan, transaction: Transaction): Promise<string[]> {
  const wanted = new Set(plan.objects.map(({ kind, table, name }) => JSON.stringify([kind, table, name])));
  const planned = new Map(plan.objects.map(({ table }) => [qualified(table), table]));
  const stale = (await oursOn(sequelize, [...planned.values()], transaction)).filter(
    (object) => judges(plan, object) && !wanted.has(JSON.stringify([object.kind, object.table, object.name])),
  );
  for (const { drop } of stale) await sequelize.query(drop, { transaction });
  return stale.map(({ name, table }) => `${name} on ${qualified(table)}`);
}

/** Functions of ours (sealed, so made for a table) that no trigger calls. */
export async function retireFunctions(sequelize: Sequelize, transaction: Transaction): Promise<string[]> {
  const rows = await select<{ name: string }>(
    sequelize,
    `SELECT p.proname AS name FROM pg_proc AS p
      WHERE p.pronamespace = to_regnamespace('guitars') AND p.prorettype = 'trigger'::regtype
        AND obj_description(p.oid, 'pg_proc') LIKE 'guitars %'
        AND pg_has_role(p.proowner, 'USAGE')
        AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgfoid = p.oid)`,
    transaction,
  );
  for (const { name } of rows) await sequelize.query(`DROP FUNCTION guitars.${ident(name)}()`, { transaction });
  return rows.map(({ name }) => `guitars.${name}()`);
}
