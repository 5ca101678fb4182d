import { DefinitionError } from '../errors';
import { can, type ModelClass, settingsOf } from '../models/capabilities';
import { columnOf, inside } from '../models/internals';
import type { ResolvedOptions } from '../models/options';
import { MAX_IDENTIFIER_BYTES, type TableRef } from '../sql/identifiers';

/** Where a table stands whose model names no schema. */
export type SchemaOf = (table: string) => string;

/** A model's table, as far as enforcement is concerned. */
export interface Table {
  readonly model: ModelClass;
  /** All models of this table. */
  readonly models: readonly ModelClass[];
  readonly name: string;
  readonly table: TableRef;
  /** Columns of the primary key. */
  readonly key: readonly string[];
  readonly dated: boolean;
  readonly soft: boolean;
  /** Columns that the table is partitioned by. */
  readonly partitionKey: readonly string[];
  /** Its partitions, on all levels. */
  readonly partitions: readonly TableRef[];
  readonly options: ResolvedOptions;
}

/** The name and schema of a model's table, or of anything that `references.model` may hold. */
export function refOf(name: unknown, schemaOf: SchemaOf): TableRef {
  if (typeof name === 'object' && name !== null && 'tableName' in name) {
    const { tableName, schema } = name as { tableName: string; schema?: string };
    return { schema: schema || schemaOf(tableName), name: tableName };
  }
  return { schema: schemaOf(String(name)), name: String(name) };
}

/**
 * The table of a model.
 *
 * @throws DefinitionError a soft-deletable model has no primary key, a name is longer than PostgreSQL keeps, or the
 *   partition key names no attribute, or one of the times
 */
export function tableOf(
  model: ModelClass,
  schemaOf: SchemaOf,
  partitionsOf: (table: TableRef) => readonly TableRef[] = () => [],
): Table {
  const table = refOf(model.getTableName(), schemaOf);
  const key = model.primaryKeyAttributes.map((name) => columnOf(model, name));
  const soft = can(model, 'soft');
  const dated = can(model, 'dated');
  if (soft && key.length === 0) {
    throw new DefinitionError(
      `${model.name} has no primary key, by which the database could find the row that a DELETE archives. ` +
        'Declare an attribute with { primaryKey: true }.',
    );
  }
  const columns = Object.keys(inside(model).rawAttributes).map((name) => columnOf(model, name));
  const options = settingsOf(model);
  for (const name of [table.schema, table.name, ...columns, ...(soft ? [options.deletionColumn] : [])]) {
    if (Buffer.byteLength(name) > MAX_IDENTIFIER_BYTES) {
      throw new DefinitionError(
        `${model.name}: the name "${name}" is longer than the ${MAX_IDENTIFIER_BYTES} bytes that PostgreSQL keeps. Shorten it.`,
      );
    }
  }
  const partitionKey = options.partitionKey.map((name) => partitionColumn(model, name));
  return {
    model,
    models: [model],
    name: model.name,
    table,
    key,
    dated,
    soft,
    options,
    partitionKey,
    partitions: partitionsOf(table),
  };
}

function partitionColumn(model: ModelClass, attribute: string): string {
  const { attributes } = settingsOf(model);
  const known = Object.keys(inside(model).rawAttributes);
  if (known.includes(attribute) && !Object.values(attributes).includes(attribute)) return columnOf(model, attribute);
  throw new DefinitionError(
    `${model.name}: guitar.partitionKey names "${attribute}", which is ${known.includes(attribute) ? 'a time that the database keeps' : 'no attribute of it'}. ` +
      'Partition by an attribute of your own.',
  );
}

/**
 * The table of two models.
 *
 * @throws DefinitionError they do not agree on what the database is to do
 */
export function merged(one: Table, other: Table): Table {
  const said = ({ key, dated, soft, options, partitionKey }: Table) =>
    JSON.stringify([key, dated, soft, { ...options, onSoftDelete: {}, sync: true }, partitionKey]);
  if (said(one) === said(other)) return { ...one, models: [...one.models, ...other.models] };
  throw new DefinitionError(
    `${one.name} and ${other.name} are models of one table, "${one.table.name}", and do not agree on its primary key, its ` +
      'rung or its guitar options. Make them say the same, or let one of them be a plain model.',
  );
}
