import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { migrations, SHARED_VERSION } from '../../migrations';
import { InstallError } from '../errors';
import type { AnyModel } from '../models/capabilities';
import { tableKey } from '../sql/identifiers';
import { INSTALL_LOCK } from '../sql/names';
import { SQLSTATE } from '../sql/sqlstates';
import { select } from './catalog';
import { livePartitions } from './partitions';
import { type Plan, plan } from './plan';
import { isNewer, sharedFaults, sharedVersion } from './shared';
import { refuseStrangeSchema } from './strangers';

/** Options that installing and uninstalling share. */
export interface InstallOptions {
  /** Models to install for. Default: every Dated or SoftDeletable model of the instance. */
  models?: readonly AnyModel[];
  /** How long to wait for a lock on a busy table, in milliseconds. Default: 5000. */
  lockTimeout?: number;
  /** A transaction to work in. Default: one of its own. */
  transaction?: Transaction;
}

const OLDEST = 140000;

/** Runs `work` in one transaction, under the advisory lock, with a lock_timeout. */
export async function installing<T>(
  sequelize: Sequelize,
  options: InstallOptions,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const inside = async (transaction: Transaction) => {
    await refuseOldServer(sequelize, transaction);
    // Two installers would run into "tuple concurrently updated"; the second waits here, then finds little to do.
    await sequelize.query('SELECT pg_advisory_xact_lock(hashtext($1))', { bind: [INSTALL_LOCK], transaction });
    const before = await setting(sequelize, transaction, 'lock_timeout', `${options.lockTimeout ?? 5000}ms`);
    const result = await work(transaction);
    if (before !== undefined) await setting(sequelize, transaction, 'lock_timeout', before);
    return result;
  };
  try {
    return options.transaction ? await inside(options.transaction) : await sequelize.transaction(inside);
  } catch (error) {
    throw explained(error);
  }
}

async function setting(sequelize: Sequelize, transaction: Transaction, name: string, value: string) {
  const [row] = await sequelize.query<{ before: string }>(
    'SELECT before, set_config($name, $value, true) FROM (SELECT current_setting($name) AS before) AS setting',
    { bind: { name, value }, transaction, type: QueryTypes.SELECT },
  );
  return row?.before;
}

/**
 * Creates the shared functions where they are missing, older than this package, or edited.
 *
 * @throws InstallError their schema belongs to a role that the installing one has no reason to trust
 */
export async function ensureShared(sequelize: Sequelize, transaction: Transaction): Promise<void> {
  await refuseStrangeSchema(sequelize, transaction);
  const version = await sharedVersion(sequelize, transaction);
  if (version !== undefined && isNewer(version)) return;
  if (version === SHARED_VERSION && (await sharedFaults(sequelize, transaction)).length === 0) return;
  for (const sql of migrations.flatMap(({ up }) => up)) await sequelize.query(sql, { transaction });
}

/** The plan for the tables that exist, each in the schema where the database finds it. */
export async function livePlan(
  sequelize: Sequelize,
  options: { models?: readonly AnyModel[] },
  transaction?: Transaction | null,
): Promise<Plan> {
  const rows = await select<{ schema: string; name: string; visible: boolean; view: boolean }>(
    sequelize,
    `SELECT n.nspname AS schema, c.relname AS name, pg_table_is_visible(c.oid) AS visible, c.relkind = 'v' AS view
       FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v')`,
    transaction,
  );
  const [{ schema: current } = { schema: null }] = await select<{ schema: string | null }>(
    sequelize,
    'SELECT current_schema() AS schema',
    transaction,
  );
  const visible = new Map(rows.filter((row) => row.visible).map((row) => [row.name, row.schema]));
  const present = new Map(rows.map((row) => [tableKey(row), row]));
  const partitionsOf = await livePartitions(sequelize, transaction);
  return plan(sequelize, {
    partitionsOf,
    models: options.models,
    schema: (table) => visible.get(table) ?? current ?? 'public',
    exists: ({ table }, views = false) => {
      const found = present.get(tableKey(table));
      return found !== undefined && (views || !found.view);
    },
  });
}

async function refuseOldServer(sequelize: Sequelize, transaction: Transaction): Promise<void> {
  const [row] = await select<{ version: string }>(
    sequelize,
    `SELECT current_setting('server_version_num') AS version`,
    transaction,
  );
  refuseOlderThan14(Number(row?.version));
}

/** @throws InstallError the server is older than PostgreSQL 14 */
export function refuseOlderThan14(versionNum: number): void {
  if (versionNum >= OLDEST) return;
  throw new InstallError(
    `The server is PostgreSQL ${Math.floor(versionNum / 10000)}, which cannot replace a trigger in place. ` +
      'sequelize-guitars needs PostgreSQL 14 or later; upgrade the server.',
  );
}

function explained(error: unknown): unknown {
  const { code, message, detail } = ((error as { parent?: unknown }).parent ?? {}) as {
    code?: string;
    message?: string;
    detail?: string;
  };
  if (code === SQLSTATE.lockNotAvailable) {
    return new InstallError(
      `A table was locked by another transaction for longer than lockTimeout (${message}). Nothing was changed. ` +
        'Run it again when the table is less busy, or raise lockTimeout.',
      { cause: error },
    );
  }
  if (code === SQLSTATE.insufficientPrivilege) {
    return new InstallError(
      `The connected role may not install enforcement (${message}). Nothing was changed. ` +
        'Connect as the role that owns the tables, with CREATE on the database (for the schema "guitars").',
      { cause: error },
    );
  }
  if (code === SQLSTATE.uniqueViolation && /could not create unique index/.test(message ?? '')) {
    return new InstallError(
      `Live rows share a value that the models call unique (${message}: ${detail}). Nothing was changed. ` +
        'Change or archive all but one of them, or set { guitar: { uniqueAmongLive: false } } for that index.',
      { cause: error },
    );
  }
  return error;
}
