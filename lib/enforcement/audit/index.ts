import type { Sequelize } from 'sequelize';
import { NotEnforcedError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { hasTable, type Plan, servedModels } from '../plan';
import { livePlan } from '../session';
import { clones } from './clones';
import { columns } from './columns';
import { deletedAt } from './deletedAt';
import { doors } from './doors';
import { type AuditOptions, type AuditReport, type Finding, failure, type Subject } from './finding';
import { heirs } from './heirs';
import { indexes } from './indexes';
import { keys } from './keys';
import { objects } from './objects';
import { rights } from './rights';
import { role } from './role';
import { brokenRows, orphans } from './rows';
import { security } from './security';
import { strangers } from './strangers';
import { uniques } from './uniques';

export type { AuditOptions, AuditReport, Finding, FindingKind } from './finding';

/**
 * Each looks for one kind of thing. The order is that in which one mends: a key cannot be made while rows break it, the
 * installer refuses keys and policies that would go round it, and archiving rows needs the triggers.
 */
const CHECKS: readonly ((subject: Subject) => Promise<Finding[]>)[] = [
  brokenRows,
  keys,
  security,
  heirs,
  uniques,
  deletedAt,
  objects,
  clones,
  orphans,
  indexes,
  doors,
  role,
  strangers,
  rights,
];
const ROWS: readonly unknown[] = [brokenRows, orphans];

/**
 * Compares the live catalog, and the rows, with what the models call for. Changes nothing.
 *
 * @example const { ok, findings } = await audit(sequelize);
 */
export async function audit(sequelize: Sequelize, options: AuditOptions = {}): Promise<AuditReport> {
  const plan = await livePlan(sequelize, options);
  const wanted = (options.models as readonly ModelClass[] | undefined) ?? servedModels(sequelize);
  const tables = plan.graph.tables.filter(({ models }) => models.some((model) => wanted.includes(model)));
  const { rebuild = true } = options;
  const subject = {
    sequelize,
    plan,
    tables,
    rebuild,
    edges: plan.graph.edges.filter(({ child }) => tables.includes(child)),
  };
  const { findings: incomplete, whole } = await columns(subject);
  const found = [...noTables(plan, wanted), ...incomplete];
  for (const check of CHECKS) {
    if (!ROWS.includes(check)) found.push(...(await check(subject)));
    else if (options.rows !== false) found.push(...(await check(whole)));
  }
  const findings = found.filter(({ severity }) => severity === 'error');
  return { ok: findings.length === 0, findings, warnings: found.filter(({ severity }) => severity === 'warning') };
}

/**
 * For start-up: throws unless the database enforces what the models say. Reads no rows unless `rows` is true, and trusts
 * comments unless `rebuild` is.
 *
 * @throws NotEnforcedError with every finding in its message
 * @example await assertEnforced(sequelize);
 */
export async function assertEnforced(sequelize: Sequelize, options: AuditOptions = {}): Promise<void> {
  const { ok, findings } = await audit(sequelize, { rows: false, rebuild: false, ...options });
  if (ok) return;
  const lines = findings.map(({ model, message }) => `  ${model}: ${message}`);
  throw new NotEnforcedError(
    `The database does not enforce what the models say:\n${lines.join('\n')}\nRun install(sequelize) or your migrations; "guitars audit" prints what mends the rest.`,
  );
}

function noTables(plan: Plan, wanted: readonly ModelClass[]): Finding[] {
  return wanted
    .filter((model) => !hasTable(plan, model))
    .map(({ name }) => failure('no_table', name, 'its table does not exist. Run your migrations or sync().'));
}
