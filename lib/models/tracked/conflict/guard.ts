import { DefinitionError } from '../../../errors';
import { literal } from '../../../sql/identifiers';
import type { ModelClass } from '../../capabilities';
import { columnOf, inside } from '../../internals';
import { keyOf, typed } from '../equality/type';
import { typeOf } from '../state';
import { textOf } from './text';

type Known = ReadonlyMap<string, unknown>;

/**
 * A condition on the row: these columns are as they were read. It may fail though they are, where JavaScript does not hold
 * a value exactly, but it raises no error.
 *
 * @throws DefinitionError a column was never read
 */
export function asRead(instance: object, known: Known): string {
  return [...known].map(([name, value]) => columnAsRead(instance, name, value)).join(' AND ');
}

/** A condition on the row: these columns are still what the database has given as text. */
export function asStored(instance: object, texts: ReadonlyMap<string, string | null>): string {
  const conditions = [...texts].map(([name, text]) =>
    text === null ? `${quoted(instance, name)} IS NULL` : `${quoted(instance, name)}::text = ${literal(text)}`,
  );
  return conditions.join(' AND ');
}

function quoted(instance: object, name: string): string {
  const model = instance.constructor as ModelClass;
  return inside(model).queryInterface.queryGenerator.quoteIdentifier(columnOf(model, name));
}

function columnAsRead(instance: object, name: string, value: unknown): string {
  if (value === undefined) throw neverRead(instance, name);
  const column = quoted(instance, name);
  const type = typeOf(instance, name);
  if (value === null && !keyOf(type).startsWith('JSON')) return `${column} IS NULL`;
  const text = textOf(value, type);
  return text === undefined ? 'false' : `${comparable(column, type)} IS NOT DISTINCT FROM ${literal(text)}`;
}

const neverRead = (instance: object, name: string) =>
  new DefinitionError(
    `${instance.constructor.name}: whether another has written "${name}" cannot be told, since it was never read. ` +
      `reload({ attributes: ['${name}'] }) first, or save without { conflict: 'detect' }.`,
  );

/** A column as it is compared with a value. The literal beside it takes the type of this. */
function comparable(column: string, type: unknown): string {
  const key = keyOf(type);
  // What JavaScript knows of a time ends at the millisecond.
  if (key === 'DATE') return `date_trunc('milliseconds', ${column})`;
  // JavaScript does not tell JSON's null from that of SQL. `json` has no equality.
  if (key === 'JSONB') return `coalesce(${column}, 'null')`;
  if (key === 'JSON') return `coalesce(${column}::text, 'null')`;
  // The equality of `citext` does not tell every difference, and of a type that nobody knows it may not be there.
  if (key === 'CITEXT' || key === '') return `${column}::text`;
  const element = key === 'ARRAY' ? innermost(type) : 'none';
  return ['JSON', 'CITEXT', ''].includes(element) ? `${column}::text[]` : column;
}

function innermost(type: unknown): string {
  const element = typed(type)?.type;
  return keyOf(element) === 'ARRAY' ? innermost(element) : keyOf(element);
}
