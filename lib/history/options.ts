import { DefinitionError } from '../errors';
import type { ModelClass } from '../models/capabilities';
import { inside } from '../models/internals';

/** Options of {@link Versioned}. */
export interface VersionedOptions {
  /** Attributes that history never stores. Default: none. */
  exclude?: readonly string[];
  /** Attributes of which history stores a marker, `[filtered]`, in place of the value. Default: none. */
  filter?: readonly string[];
  /** The most entries of a row that `guitars history prune` leaves. Default: all. */
  limit?: number;
  /** How long `guitars history prune` leaves entries, as an interval of PostgreSQL. Default: for good. */
  keep?: string;
  /** Whether the database refuses a write without a revision: see `withRevision`. Default: false. */
  requireRevision?: boolean;
  /** `month`: the history table is partitioned by the month. Settled when the table is made. Default: one table. */
  partition?: 'month';
}

/** {@link VersionedOptions} with nothing left open. */
export interface ResolvedVersionedOptions {
  readonly exclude: readonly string[];
  readonly filter: readonly string[];
  readonly limit: number | undefined;
  readonly keep: string | undefined;
  readonly requireRevision: boolean;
  readonly partition: 'month' | undefined;
}

const KNOWN = ['exclude', 'filter', 'limit', 'keep', 'requireRevision', 'partition'];
const OPTIONS = Symbol.for('sequelize-guitars.history');

interface Marked {
  [OPTIONS]?: ResolvedVersionedOptions;
}

/** @throws DefinitionError an option that there is not, or a value that it does not take */
export function resolveVersioned(options: VersionedOptions): ResolvedVersionedOptions {
  const refuse = (why: string): never => {
    throw new DefinitionError(`Versioned(Model, …): ${why}`);
  };
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name));
  if (unknown) refuse(`there is no option "${unknown}". Use: ${KNOWN.join(', ')}.`);
  const { exclude = [], filter = [], limit, keep, requireRevision = false, partition } = options;
  for (const [name, list] of Object.entries({ exclude, filter })) {
    if (Array.isArray(list) && list.every((each) => typeof each === 'string')) continue;
    refuse(`"${name}" is a list of attributes, as { ${name}: ['password'] }.`);
  }
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0))
    refuse(`"limit" is a number of entries, 1 or more; not ${String(limit)}.`);
  if (keep !== undefined && !(typeof keep === 'string' && /^\s*\d/.test(keep)))
    refuse(`"keep" is an interval, as '2 years'; not ${String(keep)}.`);
  if (typeof requireRevision !== 'boolean') refuse('"requireRevision" is true or false.');
  if (partition !== undefined && partition !== 'month') refuse(`"partition" is 'month', or left out.`);
  return { exclude, filter, limit, keep, requireRevision, partition };
}

/** Remembers them on a class that the mixin made. */
export function rememberVersioned(model: object, options: ResolvedVersionedOptions): void {
  Object.defineProperty(model, OPTIONS, { value: options, configurable: true });
}

/** The options of a versioned model, else undefined. */
export const versionedOptionsOf = (model: object): ResolvedVersionedOptions | undefined => (model as Marked)[OPTIONS];

/** @throws DefinitionError an attribute that the options name is none of the model, or one that history cannot do without */
export function checkVersioned(model: ModelClass, version: string): void {
  const { exclude, filter } = versionedOptionsOf(model) as ResolvedVersionedOptions;
  const { rawAttributes, primaryKeyAttributes, _virtualAttributes } = inside(model);
  if (primaryKeyAttributes.length === 0) {
    throw new DefinitionError(
      `${model.name} has no primary key, by which history tells rows apart. Declare an attribute with { primaryKey: true }.`,
    );
  }
  const columns = Object.keys(rawAttributes).filter((name) => !_virtualAttributes.has(name));
  for (const name of [...exclude, ...filter]) {
    const why = !columns.includes(name)
      ? `which is no column. Use some of: ${columns.join(', ')}.`
      : [...primaryKeyAttributes, version].includes(name)
        ? 'which history cannot do without.'
        : exclude.includes(name) && filter.includes(name)
          ? 'in both exclude and filter. Say one.'
          : undefined;
    if (why) throw new DefinitionError(`${model.name}: the options of Versioned name "${name}", ${why}`);
  }
}
