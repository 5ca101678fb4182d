import { setTimeout as pause } from 'node:timers/promises';
import type { Sequelize } from 'sequelize';
import { Umzug } from 'umzug';
import { GuitarsError } from '../../errors';
import { SQLSTATE } from '../../sql/sqlstates';
import { type Direction, type FolderMigration, migrationsIn } from './folder';
import { migrationLock } from './lock';
import { MigrationLog } from './storage';

/** Options of {@link createMigrator}. */
export interface MigratorOptions {
  folder: string;
  tableName: string;
  /** Milliseconds to wait for a lock on a busy table before letting others through. */
  lockTimeout: number;
  /** How often to try. */
  lockRetries: number;
  /** Hears of what takes time or looks odd. */
  tell?: (line: string) => void;
}

/** Where a migration of the folder stands. */
export interface MigrationStatus {
  readonly name: string;
  /** `missing`: it has run, and its file is gone. */
  readonly status: 'applied' | 'pending' | 'missing';
  /** It has run, and its file is not what it was then. */
  readonly edited: boolean;
}

/** The migrations of a folder, to be run, undone and looked at. */
export interface Migrator {
  readonly umzug: Umzug<Sequelize>;
  readonly migrations: readonly FolderMigration[];
  status(): Promise<MigrationStatus[]>;
}

/**
 * An Umzug over a folder: one deployer at a time, each migration and its log row in one transaction, and busy tables
 * waited for in turns with everybody else.
 */
export function createMigrator(sequelize: Sequelize, options: MigratorOptions): Migrator {
  const log = new MigrationLog(sequelize, options.tableName);
  const migrations = migrationsIn(options.folder);
  const umzug = new Umzug<Sequelize>({
    migrations: migrations.map((migration) => ({
      name: migration.name,
      up: () => apply(sequelize, log, migration, 'up', options),
      down: () => apply(sequelize, log, migration, 'down', options),
    })),
    context: sequelize,
    storage: log,
    logger: undefined,
  });
  let release: (() => Promise<void>) | undefined;
  const waiting = () => options.tell?.('Waiting for another deployer to finish.');
  umzug.on('beforeCommand', async () => {
    release = await migrationLock(sequelize, waiting);
  });
  umzug.on('afterCommand', () => release?.());
  return { umzug, migrations, status: () => statusOf(log, migrations) };
}

async function statusOf(log: MigrationLog, migrations: readonly FolderMigration[]): Promise<MigrationStatus[]> {
  const applied = new Map((await log.applied()).map(({ name, checksum }) => [name, checksum]));
  const here = migrations.map(({ name, checksum }) => {
    const edited = Boolean(applied.get(name)) && applied.get(name) !== checksum;
    return { name, status: applied.has(name) ? ('applied' as const) : ('pending' as const), edited };
  });
  const known = new Set(migrations.map(({ name }) => name));
  const gone = [...applied.keys()].filter((name) => !known.has(name));
  const missing = gone.map((name) => ({ name, status: 'missing' as const, edited: false }));
  return [...here, ...missing].sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function apply(
  sequelize: Sequelize,
  log: MigrationLog,
  migration: FolderMigration,
  direction: Direction,
  { lockTimeout, lockRetries, tell }: MigratorOptions,
): Promise<void> {
  const queryInterface = sequelize.getQueryInterface();
  const once = () =>
    sequelize.transaction(async (transaction) => {
      await sequelize.query(`SET LOCAL lock_timeout = ${Number(lockTimeout)}`, { transaction });
      await migration.run(direction, { sequelize, queryInterface, transaction });
      if (direction === 'up') await log.add(migration.name, migration.checksum, transaction);
      else await log.remove(migration.name, transaction);
    });
  for (let attempt = 1; ; attempt++) {
    try {
      return await once();
    } catch (error) {
      const { parent } = error as { parent?: { code?: string; message?: string } };
      if (parent?.code !== SQLSTATE.lockNotAvailable || !migration.repeatable) throw error;
      if (attempt >= lockRetries) throw busy(migration, lockTimeout, attempt, error);
      tell?.(`${migration.name}: a table is busy (${parent.message}); trying again (${attempt} of ${lockRetries}).`);
      // Whoever queued behind us gets through meanwhile.
      await pause(Math.min(100 * 2 ** attempt, 5000));
    }
  }
}

function busy({ name }: FolderMigration, lockTimeout: number, attempts: number, cause: unknown): GuitarsError {
  return new GuitarsError(
    `${name}: a table was busy for longer than ${lockTimeout} ms, ${attempts} times. Nothing was changed. ` +
      'Run it again when there is less traffic, or raise lockTimeout.',
    { cause },
  );
}
