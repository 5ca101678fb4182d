import { DefinitionError } from '../errors';
import { validateOptions } from './validateOptions';

/** How the database turns a DELETE into a soft delete. See `docs/engines.md`. */
export type Engine = 'rule' | 'trigger';

/**
 * What archiving a parent does to its live children: `cascade` archives them too, `restrict` refuses, `keep` leaves them
 * and their link alone. The default follows the foreign key: CASCADE → cascade, RESTRICT and NO ACTION → restrict,
 * SET NULL and SET DEFAULT → keep.
 */
export type SoftDeletePolicy = 'cascade' | 'restrict' | 'keep';

/** What stamps `_updated_at`: our PL/pgSQL function, or the C function of the `moddatetime` extension where a DBA installed it. */
export type Stamper = 'plpgsql' | 'moddatetime';

/** Names of the three times. */
export interface TimeNames {
  createdAt: string;
  updatedAt: string;
  deletedAt: string;
}

/**
 * The init option `guitar`.
 *
 * @example
 * Article.init({ title: DataTypes.TEXT }, { sequelize, guitar: { engine: 'trigger', hardDeleteRole: 'dba' } });
 */
export interface GuitarOptions {
  /** Attribute names. Default: `createdAt`, `updatedAt`, `deletedAt`. */
  attributes?: Partial<TimeNames>;
  /** Column names. Default: `_created_at`, `_updated_at`, `_deleted_at`. */
  columns?: Partial<TimeNames>;
  /** The column that says which deletion archived a row. Not an attribute of the model. Default: `_deletion`. */
  deletionColumn?: string;
  /** Default: `rule`. */
  engine?: Engine;
  /** Default: `plpgsql`. */
  stamper?: Stamper;
  /** Overrides of {@link SoftDeletePolicy} by association alias, from either end. Not a project-wide default. */
  onSoftDelete?: Record<string, SoftDeletePolicy>;
  /**
   * Whether unique means unique among live rows. `false` keeps every unique attribute and index of the model as
   * Sequelize makes it; an object says so for single ones, by attribute or index name. Default: `true`.
   */
  uniqueAmongLive?: boolean | Record<string, boolean>;
  /**
   * Attributes that the table is partitioned by, on all levels, for `engine: 'trigger'`: by these a row that an UPDATE
   * moves to another partition is told from one that is deleted. Default: none, and `install` refuses partitioned tables.
   */
  partitionKey?: readonly string[];
  /** The database role that alone may delete rows physically. Default: whoever may DELETE. */
  hardDeleteRole?: string;
  /** Whether `sync()` installs enforcement. Default: `true`. */
  sync?: boolean;
}

// Here, in a file that the package's own declarations reach, so that applications see it too.
declare module 'sequelize' {
  interface ModelOptions {
    /** Options of sequelize-guitars. */
    guitar?: GuitarOptions;
  }
  interface SyncOptions {
    /** `false`: do not install enforcement after this sync. */
    guitars?: boolean;
  }
}

/** {@link GuitarOptions} with nothing left open. */
export interface ResolvedOptions {
  readonly attributes: Readonly<TimeNames>;
  readonly columns: Readonly<TimeNames>;
  readonly deletionColumn: string;
  readonly engine: Engine;
  readonly stamper: Stamper;
  readonly onSoftDelete: Readonly<Record<string, SoftDeletePolicy>>;
  readonly uniqueAmongLive: boolean | Readonly<Record<string, boolean>>;
  readonly partitionKey: readonly string[];
  readonly hardDeleteRole: string | undefined;
  readonly sync: boolean;
}

const FACTORY: ResolvedOptions = {
  attributes: { createdAt: 'createdAt', updatedAt: 'updatedAt', deletedAt: 'deletedAt' },
  columns: { createdAt: '_created_at', updatedAt: '_updated_at', deletedAt: '_deleted_at' },
  deletionColumn: '_deletion',
  engine: 'rule',
  stamper: 'plpgsql',
  onSoftDelete: {},
  uniqueAmongLive: true,
  partitionKey: [],
  hardDeleteRole: undefined,
  sync: true,
};

let projectDefaults: GuitarOptions = {};

/**
 * Sets project-wide defaults for models that are initialised afterwards. A later call replaces an earlier one;
 * `configureGuitars({})` returns to the library's own defaults.
 *
 * @throws DefinitionError when an option is unknown or its value is not one of the choices.
 * @example configureGuitars({ engine: 'trigger' });
 */
export function configureGuitars(options: Omit<GuitarOptions, 'onSoftDelete'>): void {
  validateOptions('configureGuitars', options);
  if ((options as GuitarOptions).onSoftDelete !== undefined) {
    throw new DefinitionError(
      'configureGuitars: "onSoftDelete" names associations. Set it in the init option of a model.',
    );
  }
  projectDefaults = given(options);
}

/** Merges the factory's, the project's and a model's options. */
export function resolveOptions(modelName: string, own: GuitarOptions = {}): ResolvedOptions {
  validateOptions(modelName, own);
  const layers = [FACTORY, projectDefaults, given(own)];
  const merged = Object.assign({}, ...layers) as ResolvedOptions;
  const names = (key: 'attributes' | 'columns') =>
    Object.assign({}, ...layers.map((layer) => given(layer[key] ?? {}))) as TimeNames;
  return { ...merged, attributes: names('attributes'), columns: names('columns') };
}

/** An option that is there and undefined says nothing. */
function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
