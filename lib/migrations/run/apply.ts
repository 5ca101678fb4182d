import { setTimeout as pause } from 'node:timers/promises';
import type { Sequelize } from 'sequelize';
import { GuitarsError } from '../../errors';
import { SQLSTATE } from '../../sql/sqlstates';
import type { Direction, FolderMigration } from './folder';
import { mergedSql } from './merged';
import type { MigrationLog } from './storage';

/** How busy tables are waited for. */
export interface Patience {
  /** Milliseconds to wait for a lock on a busy table before letting others through. */
  lockTimeout: number;
  /** How often to try. */
  lockRetries: number;
  /** Hears of what takes time or looks odd. */
  tell?: (line: string) => void;
}

/** A migration, the folder's migrations around it, and where what has run is written down. */
export interface Application {
  readonly sequelize: Sequelize;
  readonly log: MigrationLog;
  readonly migration: FolderMigration;
  readonly migrations: readonly FolderMigration[];
}

/** Runs or undoes a migration in one transaction with its row in the log. */
export async function apply(application: Application, direction: Direction, patience: Patience): Promise<void> {
  const { migration } = application;
  if (await migration.alone(direction)) return alone(application, direction);
  for (let attempt = 1; ; attempt++) {
    try {
      return await together(application, direction, patience.lockTimeout);
    } catch (error) {
      const { parent } = error as { parent?: { code?: string; message?: string } };
      if (parent?.code !== SQLSTATE.lockNotAvailable || !migration.repeatable) throw error;
      if (attempt >= patience.lockRetries) throw busy(migration, patience.lockTimeout, attempt, error);
      const again = `trying again (${attempt} of ${patience.lockRetries})`;
      patience.tell?.(`${migration.name}: a table is busy (${parent.message}); ${again}.`);
      // Whoever queued behind us gets through meanwhile.
      await pause(Math.min(100 * 2 ** attempt, 5000));
    }
  }
}

async function together(application: Application, direction: Direction, lockTimeout: number): Promise<void> {
  const { sequelize, log, migration, migrations } = application;
  const names = new Set((await log.applied()).map(({ name }) => name));
  const applied = migrations.filter(({ name }) => names.has(name));
  const merged = mergedSql(direction, migration, applied);
  await sequelize.transaction(async (transaction) => {
    await sequelize.query(`SET LOCAL lock_timeout = ${Number(lockTimeout)}`, { transaction });
    if (merged) for (const sql of merged) await sequelize.query(sql, { transaction });
    else await migration.run(direction, { sequelize, queryInterface: sequelize.getQueryInterface(), transaction });
    if (direction === 'up') await log.add(migration.name, migration.checksum, transaction);
    else await log.remove(migration.name, transaction);
  });
}

// Written for sequelize-cli, it takes connections of its own: a transaction of ours would hold the only one of a pool.
async function alone({ sequelize, log, migration }: Application, direction: Direction): Promise<void> {
  await migration.run(direction, { sequelize, queryInterface: sequelize.getQueryInterface() });
  if (direction === 'up') await log.add(migration.name, migration.checksum);
  else await log.remove(migration.name);
}

function busy({ name }: FolderMigration, lockTimeout: number, attempts: number, cause: unknown): GuitarsError {
  return new GuitarsError(
    `${name}: a table was busy for longer than ${lockTimeout} ms, ${attempts} times. Nothing was changed. ` +
      'Run it again when there is less traffic, or raise lockTimeout.',
    { cause },
  );
}
