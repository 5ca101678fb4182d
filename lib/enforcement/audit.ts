import type { Sequelize } from 'sequelize';
import { NotEnforcedError } from '../errors';
import type { ModelClass } from '../models/capabilities';
import { ident, literal, qualified } from '../sql/identifiers';
import { oursOn, select, statusesOf } from './catalog';
import { enforcedModels, type Plan } from './plan';
import { editedShared, type InstallOptions, livePlan } from './session';

/** Something that is not as the models say. */
export interface Finding {
  readonly kind: 'no_functions' | 'no_table' | 'missing' | 'drifted' | 'disabled' | 'unexpected' | 'unindexed_key';
  readonly model: string;
  /** What was found, and what to do about it. */
  readonly message: string;
}

/** What an audit found. */
export interface AuditReport {
  /** Nothing was found. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Compares the live catalog with what the models call for.
 *
 * @example const { ok, findings } = await audit(sequelize);
 */
export async function audit(sequelize: Sequelize, options: Pick<InstallOptions, 'models'> = {}): Promise<AuditReport> {
  const plan = await livePlan(sequelize, options);
  const [shared] = await select<{ there: boolean }>(
    sequelize,
    `SELECT to_regprocedure('guitars.version()') IS NOT NULL AS there`,
  );
  const found = shared?.there ? await objectFindings(sequelize, plan) : noFunctions(plan);
  const edited = shared?.there ? sharedFindings(await editedShared(sequelize)) : [];
  const findings = [
    ...noTables(sequelize, plan, options),
    ...edited,
    ...found,
    ...(await unindexedKeys(sequelize, plan)),
  ];
  return { ok: findings.length === 0, findings };
}

/**
 * For start-up: throws unless the database enforces what the models say.
 *
 * @throws NotEnforcedError with every finding in its message
 * @example await assertEnforced(sequelize);
 */
export async function assertEnforced(
  sequelize: Sequelize,
  options: Pick<InstallOptions, 'models'> = {},
): Promise<void> {
  const { ok, findings } = await audit(sequelize, options);
  if (ok) return;
  const lines = findings.map(({ model, message }) => `  ${model}: ${message}`);
  throw new NotEnforcedError(
    `The database does not enforce what the models say:\n${lines.join('\n')}\nRun install(sequelize) or your migrations.`,
  );
}

async function objectFindings(sequelize: Sequelize, plan: Plan): Promise<Finding[]> {
  const statuses = await statusesOf(sequelize, plan.objects);
  const wanted = new Set(plan.objects.map(({ kind, table, name }) => JSON.stringify([kind, table, name])));
  const tables = plan.graph.tables.map(({ table }) => table);
  const ours = await oursOn(sequelize, tables);
  const extra = ours.filter(({ kind, table, name }) => !wanted.has(JSON.stringify([kind, table, name])));
  return [
    ...statuses
      .filter(({ status }) => status !== 'installed')
      .map(({ object, status, reason }) => ({
        kind: status as Finding['kind'],
        model: object.model,
        message: `the ${object.kind} ${object.name} is ${status}: ${reason}. Run install(sequelize) or your migrations.`,
      })),
    ...extra.map(({ kind, name, table }) => ({
      kind: 'unexpected' as const,
      model: plan.graph.tables.find((known) => qualified(known.table) === qualified(table))?.name ?? table.name,
      message: `the ${kind} ${name} on ${table.name} is not what the models call for. Run install(sequelize), which retires it.`,
    })),
  ];
}

function noFunctions(plan: Plan): Finding[] {
  const models = [...new Set(plan.objects.map(({ model }) => model))];
  return models.map((model) => ({
    kind: 'no_functions' as const,
    model,
    message: 'enforcement was never installed in this database. Run install(sequelize) or your migrations.',
  }));
}

function sharedFindings(edited: readonly string[]): Finding[] {
  return edited.map((name) => ({
    kind: 'drifted' as const,
    model: '(all)',
    message: `the shared function guitars.${name} is missing or was edited by hand. Run install(sequelize) or your migrations.`,
  }));
}

function noTables(sequelize: Sequelize, plan: Plan, options: Pick<InstallOptions, 'models'>): Finding[] {
  const wanted = (options.models as readonly ModelClass[] | undefined) ?? enforcedModels(sequelize);
  return wanted
    .filter((model) => !plan.graph.tables.some((table) => table.models.includes(model)))
    .map((model) => ({
      kind: 'no_table' as const,
      model: model.name,
      message: `its table does not exist. Run your migrations or sync().`,
    }));
}

/** A cascade looks its children up by the key; without an index each archived parent reads the whole table. */
async function unindexedKeys(sequelize: Sequelize, plan: Plan): Promise<Finding[]> {
  const edges = plan.graph.edges.filter(({ policy, onDelete }) => policy !== 'keep' || onDelete === 'CASCADE');
  if (edges.length === 0) return [];
  const values = edges.map(
    ({ child, column }, n) => `(${n}, to_regclass(${literal(qualified(child.table))}), ${literal(column)}::name)`,
  );
  const rows = await select<{ n: number }>(
    sequelize,
    `SELECT n FROM (VALUES ${values.join(', ')}) AS keys(n, target, name)
      WHERE NOT EXISTS (
        SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = target AND a.attname = name AND i.indisvalid AND i.indpred IS NULL)
      ORDER BY n`,
  );
  return rows.map(({ n }) => {
    const { child, column } = edges[n] as (typeof edges)[number];
    const sql = `CREATE INDEX CONCURRENTLY ON ${qualified(child.table)} (${ident(column)})`;
    return {
      kind: 'unindexed_key' as const,
      model: child.name,
      message: `the foreign key "${column}" has no index, so archiving a parent reads the whole table. Run: ${sql};`,
    };
  });
}
