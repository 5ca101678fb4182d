import { type Table as EnforcedTable, refOf, type SchemaOf } from '../enforcement/tables';
import { DefinitionError } from '../errors';
import { can, type ModelClass, optionsOf } from '../models/capabilities';
import { columnOf, inside } from '../models/internals';
import { derivedName, MAX_IDENTIFIER_BYTES, type TableRef } from '../sql/identifiers';
import { META, VERSION_COLUMN } from './columns';
import { type ResolvedVersionedOptions, versionedOptionsOf } from './options';

/** The history of a model's table: where it stands, and what it keeps. All names are of columns. */
export interface History extends Pick<EnforcedTable, 'model' | 'name' | 'table' | 'partitionKey' | 'partitions'> {
  readonly history: TableRef;
  readonly key: readonly string[];
  /** What is stored of a row: the key and the version among it. */
  readonly columns: readonly string[];
  /** The types that the model declares for them: what a migration is made for. */
  readonly types: readonly string[];
  /** Those of which a marker is stored. */
  readonly filtered: readonly string[];
  /** When the row was archived, where the model archives. */
  readonly deletedAt: string | undefined;
  readonly options: ResolvedVersionedOptions;
}

/**
 * The history of a versioned model.
 *
 * @throws DefinitionError it is not versioned, or a column has the name of one of the history's own
 */
export function historyOf(
  model: ModelClass,
  schemaOf: SchemaOf,
  partitionsOf: (table: TableRef) => readonly TableRef[] = () => [],
): History {
  const options = versionedOptionsOf(model);
  if (!options || !inside(model).rawAttributes) {
    throw new DefinitionError(`${model.name} keeps no history. Apply Versioned(…) before it is initialised.`);
  }
  const { rawAttributes, primaryKeyAttributes, _virtualAttributes } = inside(model);
  const column = (name: string) => columnOf(model, name);
  const stored = Object.keys(rawAttributes).filter(
    (name) => !_virtualAttributes.has(name) && !options.exclude.includes(name),
  );
  const table = refOf(model.getTableName(), schemaOf);
  const taken = stored.find((name) => (META as readonly string[]).includes(column(name)));
  if (taken) {
    throw new DefinitionError(
      `${model.name}: the column "${column(taken)}" has the name of one that every history has. Give it another name, or exclude it.`,
    );
  }
  return {
    model,
    name: model.name,
    table,
    history: { schema: table.schema, name: historyName(table) },
    key: primaryKeyAttributes.map(column),
    columns: [...new Set([...stored.map(column), VERSION_COLUMN])],
    types: stored.map((name) => `${column(name)} ${declared(rawAttributes[name]?.type)}`),
    filtered: options.filter.map(column),
    deletedAt: can(model, 'soft') ? optionsOf(model)?.columns.deletedAt : undefined,
    partitionKey: optionsOf(model)?.partitionKey ?? [],
    partitions: partitionsOf(table),
    options,
  };
}

function declared(type: unknown): string {
  const { toSql } = (type ?? {}) as { toSql?: () => string };
  return toSql ? toSql.call(type) : String(type);
}

/** `article_history`; shortened, and told apart by a hash, where that is too long. */
function historyName(table: TableRef): string {
  const name = `${table.name}_history`;
  return Buffer.byteLength(name) <= MAX_IDENTIFIER_BYTES ? name : derivedName(table, 'history');
}
