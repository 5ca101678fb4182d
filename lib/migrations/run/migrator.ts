import type { Sequelize } from 'sequelize';
import { Umzug } from 'umzug';
import { GuitarsError } from '../../errors';
import { guitarsMigrations } from '../umzug';
import { apply, type Patience } from './apply';
import { type Direction, type FolderMigration, migrationsIn } from './folder';
import { exclusive } from './lock';
import { mergedSql } from './merged';
import { MigrationLog } from './storage';

/** Options of {@link createMigrator}. */
export interface MigratorOptions extends Patience {
  folder: string;
  tableName: string;
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
  status(): Promise<MigrationStatus[]>;
  /**
   * The names of what `up` or `down` would run, in that order; by default all that is pending, or the last.
   *
   * @throws GuitarsError `to` names none of them
   */
  due(direction: Direction, range?: Range): Promise<string[]>;
  /** The SQL of what is due, as it would be sent; null where it is known only when it runs. */
  sqlOf(direction: Direction, range?: Range): Promise<{ name: string; sql: readonly string[] | null }[]>;
  /** Runs several commands of Umzug with no other deployer in between. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}

/** How far to go. */
export interface Range {
  /** Up to and including this one, with or without `.up.sql`. */
  to?: string;
  all?: boolean;
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
      up: () => apply({ sequelize, log, migration, migrations }, 'up', options),
      down: () => apply({ sequelize, log, migration, migrations }, 'down', options),
    })),
    context: sequelize,
    storage: log,
    logger: undefined,
  });
  const waiting = () => options.tell?.('Waiting for another deployer to finish.');
  const { exclusively } = exclusive(umzug, sequelize, { waiting, ready: () => log.make() });
  const status = () => statusOf(log, migrations);
  const due = async (direction: Direction, range: Range = {}) => dueOf(await status(), direction, range);
  const sqlOf = async (direction: Direction, range?: Range) => {
    const names = new Set((await log.applied()).map(({ name }) => name));
    return (await due(direction, range)).map((name) => {
      const migration = migrations.find((each) => each.name === name) as FolderMigration;
      const applied = migrations.filter((each) => names.has(each.name));
      const sql = mergedSql(direction, migration, applied) ?? migration.sql(direction) ?? null;
      // The next one runs after this one has.
      if (direction === 'up') names.add(name);
      else names.delete(name);
      return { name, sql };
    });
  };
  return { umzug, status, due, sqlOf, exclusively };
}

async function statusOf(log: MigrationLog, migrations: readonly FolderMigration[]): Promise<MigrationStatus[]> {
  const applied = new Map((await log.applied()).map(({ name, checksum }) => [name, checksum]));
  const here = migrations.map(({ name, checksum }) => {
    const edited = Boolean(applied.get(name)) && applied.get(name) !== checksum;
    return { name, status: applied.has(name) ? ('applied' as const) : ('pending' as const), edited };
  });
  // createUmzug keeps its log in the same table.
  const known = new Set([...migrations, ...guitarsMigrations()].map(({ name }) => name));
  const gone = [...applied.keys()].filter((name) => !known.has(name));
  const missing = gone.map((name) => ({ name, status: 'missing' as const, edited: false }));
  return [...here, ...missing].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function dueOf(statuses: readonly MigrationStatus[], direction: Direction, { to, all }: Range): string[] {
  const wanted = direction === 'up' ? 'pending' : 'applied';
  const names = statuses.filter(({ status }) => status === wanted).map(({ name }) => name);
  if (direction === 'down') names.reverse();
  if (to === undefined) return direction === 'up' || all ? names : names.slice(0, 1);
  const end = names.indexOf(to.replace(/\.(up|down)\.sql$/, ''));
  if (end >= 0) return names.slice(0, end + 1);
  const listed = names.length > 0 ? `Those are: ${names.join(', ')}.` : 'There is none.';
  throw new GuitarsError(`--to: "${to}" is not among the migrations that are ${wanted}. ${listed}`);
}
