import type { Sequelize, Transaction } from 'sequelize';
import { InstallError } from '../errors';
import { literal, qualified } from '../sql/identifiers';
import { TRIGGERS } from '../sql/names';
import { select } from './catalog';
import type { EnforcedObject } from './object';
import type { Plan } from './plan';
import type { Table } from './tables';

/**
 * Refuses tables whose row-level security and whose enforcement would go round each other, and what the installing role
 * could not use.
 *
 * @throws InstallError with the remedy
 */
export async function refuseSecurity(sequelize: Sequelize, plan: Plan, transaction: Transaction): Promise<void> {
  await refuseHidden(sequelize, plan, transaction);
  const soft = plan.graph.tables.filter((table) => table.soft);
  if (soft.length === 0) return;
  const values = soft.map(({ table }, n) => `(${n}, to_regclass(${literal(qualified(table))}))`).join(', ');
  const rows = await select<{ n: number; forced: boolean }>(
    sequelize,
    `SELECT n, relforcerowsecurity AS forced FROM (VALUES ${values}) AS tables(n, target)
      JOIN pg_class ON oid = target WHERE relrowsecurity ORDER BY n`,
    transaction,
  );
  for (const { n, forced } of rows) refuse(plan, soft[n] as Table, forced);
  const queued = soft.find((table) => table.options.engine === 'trigger' && plan.graph.isCyclic(table));
  if (!queued) return;
  // Where it is yet to be made, it will be ours.
  const [queue] = await select<{ usable: boolean }>(
    sequelize,
    `SELECT coalesce(has_table_privilege(to_regclass('guitars.archive_queue'), 'SELECT, INSERT, DELETE'), true) AS usable`,
    transaction,
  );
  if (queue?.usable) return;
  throw new InstallError(
    `${queued.name}: the schema "guitars" belongs to another role, and the trigger engine on a table whose keys lead back to it ` +
      'needs its queue. Run: GRANT SELECT, INSERT, DELETE ON guitars.archive_queue TO the role that owns the table.',
  );
}

/** A history that does not see all rows would tell that the others are gone. */
async function refuseHidden(sequelize: Sequelize, { objects }: Plan, transaction: Transaction): Promise<void> {
  const versioned = objects.filter(({ kind, name }) => kind === 'trigger' && name === TRIGGERS.historyOfInsert);
  if (versioned.length === 0) return;
  const values = versioned.map(({ table }, n) => `(${n}, to_regclass(${literal(qualified(table))}))`).join(', ');
  const [hidden] = await select<{ n: number }>(
    sequelize,
    `SELECT n FROM (VALUES ${values}) AS tables(n, target) JOIN pg_class ON oid = target
      WHERE relrowsecurity AND relforcerowsecurity ORDER BY n`,
    transaction,
  );
  if (!hidden) return;
  const { model, table } = versioned[hidden.n] as EnforcedObject;
  throw new InstallError(
    `${model}: the table "${table.name}" forces row-level security on its owner, so its history would miss rows that it does not see. ` +
      `Run: ALTER TABLE ${qualified(table)} NO FORCE ROW LEVEL SECURITY.`,
  );
}

function refuse(plan: Plan, table: Table, forced: boolean): void {
  const said = `${table.name}: the table "${table.table.name}"`;
  if (table.options.engine === 'rule') {
    throw new InstallError(
      `${said} has row-level security, whose policies for DELETE a rule goes round. Set { guitar: { engine: 'trigger' } }.`,
    );
  }
  if (forced && plan.graph.isLinked(table)) {
    throw new InstallError(
      `${said} forces row-level security on its owner, so a cascade would pass over rows that it does not see. ` +
        `Run: ALTER TABLE ${qualified(table.table)} NO FORCE ROW LEVEL SECURITY.`,
    );
  }
}
