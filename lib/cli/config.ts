import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Sequelize } from 'sequelize';
import { ConfigError } from '../errors';
import { loadModule } from '../migrations/loadModule';
import type { MigrationFormat } from '../migrations/make/formats';
import { validateConfig } from './validateConfig';

/**
 * What `guitars.config.{ts,mts,js,cjs,mjs,json}` exports, by `export default` or `module.exports`.
 *
 * @example export default { sequelize: './src/database', migrations: 'migrations' } satisfies GuitarsConfig;
 */
export interface GuitarsConfig {
  /**
   * The Sequelize instance with its models initialised, a function that answers it, or the path of a module that
   * exports it (as default or as `sequelize`), relative to the configuration.
   */
  sequelize: string | Sequelize | (() => Sequelize | Promise<Sequelize>);
  /** The folder of the migrations, relative to the configuration. Default: `migrations`. */
  migrations?: string;
  /** What `guitars make` writes. Default: as the configuration itself is written; `cjs` for JSON. */
  format?: MigrationFormat;
  /** The schema of models that name none. Default: `public`. */
  schema?: string;
  /** The table that remembers which migrations have run. Default: `guitars_migrations`. */
  tableName?: string;
  /** How long a migration waits for a lock on a busy table before it lets others through and tries again, in milliseconds. Default: 2000. */
  lockTimeout?: number;
  /** How often it tries. Default: 10. */
  lockRetries?: number;
}

/** The configuration with nothing left open. */
export interface Settings {
  /** The folder that holds the configuration; paths are relative to it. */
  readonly root: string;
  readonly load: () => Promise<Sequelize>;
  /** Absolute. */
  readonly migrations: string;
  readonly format: MigrationFormat;
  readonly schema: string;
  readonly tableName: string;
  readonly lockTimeout: number;
  readonly lockRetries: number;
}

/** Options of the command line that override the configuration. */
export interface Overrides {
  config?: string;
  migrations?: string;
  schema?: string;
}

const NAMES = ['ts', 'mts', 'js', 'cjs', 'mjs', 'json'].map((extension) => `guitars.config.${extension}`);

/**
 * Finds and reads the configuration.
 *
 * @throws ConfigError there is none, it cannot be loaded, or it says something that there is not
 */
export async function readConfig(overrides: Overrides = {}, from = process.cwd()): Promise<Settings> {
  const file = overrides.config ? path.resolve(from, overrides.config) : find(from);
  if (!existsSync(file)) throw new ConfigError(`There is no ${file}. Give --config the path of your configuration.`);
  const config = validateConfig(file, await loadModule(file));
  const { sequelize } = config;
  const root = path.dirname(file);
  return {
    root,
    load: () => instance(sequelize, root, file),
    migrations: overrides.migrations
      ? path.resolve(from, overrides.migrations)
      : path.resolve(root, config.migrations ?? 'migrations'),
    format: config.format ?? formatOf(file),
    schema: overrides.schema ?? config.schema ?? 'public',
    tableName: config.tableName ?? 'guitars_migrations',
    lockTimeout: config.lockTimeout ?? 2000,
    lockRetries: config.lockRetries ?? 10,
  };
}

function find(from: string): string {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    const name = NAMES.find((each) => existsSync(path.join(folder, each)));
    if (name) return path.join(folder, name);
    if (folder === path.dirname(folder)) break;
  }
  throw new ConfigError(
    `There is no guitars.config.{ts,mts,js,cjs,mjs,json} in ${from} or above it. Write one that exports ` +
      `{ sequelize: './path/to/your/instance' }, or give --config.`,
  );
}

function formatOf(file: string): MigrationFormat {
  const extension = path.extname(file);
  if (extension === '.ts' || extension === '.mts') return 'ts';
  return extension === '.mjs' ? 'esm' : 'cjs';
}

async function instance(given: GuitarsConfig['sequelize'], root: string, file: string): Promise<Sequelize> {
  const found = typeof given === 'string' ? await loadModule(path.resolve(root, given), 'sequelize') : given;
  const sequelize = (typeof found === 'function' && !isSequelize(found) ? await found() : found) as Sequelize;
  if (isSequelize(sequelize)) return sequelize;
  throw new ConfigError(
    `${file}: "sequelize" (${typeof given === 'string' ? given : typeof given}) leads to no Sequelize instance. ` +
      'Export it as default or as "sequelize".',
  );
}

// Not instanceof: the application may have a copy of sequelize of its own.
const isSequelize = (value: unknown): value is Sequelize =>
  typeof (value as Sequelize | undefined)?.getQueryInterface === 'function';
