import { literal as sql } from 'sequelize';
import { DefinitionError } from '../../../errors';
import { ident, literal } from '../../../sql/identifiers';
import { columnOf } from '../../internals';
import { boundType } from '../equality/range';
import { keyOf, type Type } from '../equality/type';
import { typeOf } from '../state';
import { textOf } from './text';

/** A condition on the row: these columns are as they were read. */
export function asRead(instance: object, known: ReadonlyMap<string, unknown>) {
  const conditions = [...known].map(([name, value]) => columnAsRead(instance, name, value));
  // With bind parameters, Sequelize takes `$word` for one and `$$` for `$`, within quotes too.
  return sql(conditions.join(' AND ').replaceAll(/\B\$/g, '$$$$'));
}

function columnAsRead(instance: object, name: string, value: unknown): string {
  const column = ident(columnOf(instance.constructor, name));
  const type = typeOf(instance, name);
  if (value === null && !keyOf(type).startsWith('JSON')) return `${column} IS NULL`;
  const text = value === undefined ? undefined : textOf(value, type);
  if (text === undefined) refuse(instance, name, value);
  return `${compared(column, type as Type)} IS NOT DISTINCT FROM ${literal(text as string)}`;
}

function refuse(instance: object, name: string, value: unknown): never {
  const why = value === undefined ? 'was never read' : 'has a type whose values cannot be compared';
  throw new DefinitionError(
    `${instance.constructor.name}: whether another has written "${name}" cannot be told, since it ${why}. ` +
      `${value === undefined ? `reload({ attributes: ['${name}'] }) first, or save` : 'Save'} without { conflict: 'detect' }.`,
  );
}

// JavaScript does not tell JSON's null from that of SQL.
const nothing = (json: string) => `coalesce(${json}, 'null')`;

// What JavaScript knows of a time ends at the millisecond.
const truncated = (time: string) => `date_trunc('milliseconds', ${time})`;

/** A column as it is compared with a value. The literal beside it takes the type of this. */
function compared(column: string, type: Type): string {
  const key = keyOf(type);
  if (key === 'DATE') return truncated(column);
  // pg-hstore writes one ' as two, and reads two as one.
  if (key === 'HSTORE') return `replace(${column}::text, '''''', '''')::hstore`;
  if (key === 'ARRAY') return comparedArray(column, type);
  if (key === 'RANGE' && keyOf(boundType(type)) === 'DATE') return comparedSpan(column);
  // `json` has no equality, that of `citext` does not tell every difference, and of a type written as text nobody knows.
  if (key === 'JSON' || key === 'JSONB') return nothing(`${column}::jsonb`);
  return key === 'CITEXT' || key === '' ? `${column}::text` : column;
}

function comparedArray(column: string, type: Type): string {
  let element = type.type;
  while (keyOf(element) === 'ARRAY') element = element?.type;
  const key = keyOf(element);
  if (key === 'JSON' || key === 'JSONB') return comparedEach(column, (each) => nothing(`${each}::jsonb`), '::jsonb[]');
  if (key === 'DATE') return comparedEach(column, truncated);
  return key === 'CITEXT' || key === '' ? `${column}::text[]` : column;
}

/** A list with something made of each of its elements; one of more dimensions as it is. */
function comparedEach(column: string, made: (each: string) => string, cast = ''): string {
  const each = `SELECT ${made('each.value')} FROM unnest(${column}) WITH ORDINALITY AS each(value, n) ORDER BY each.n`;
  return `CASE WHEN array_ndims(${column}) = 1 THEN ARRAY(${each}) ELSE ${column}${cast} END`;
}

function comparedSpan(column: string): string {
  const bound = (side: 'lower' | 'upper') => truncated(`${side}(${column})`);
  const brackets = `CASE WHEN lower_inc(${column}) THEN '[' ELSE '(' END || CASE WHEN upper_inc(${column}) THEN ']' ELSE ')' END`;
  return `CASE WHEN isempty(${column}) THEN ${column} ELSE tstzrange(${bound('lower')}, ${bound('upper')}, ${brackets}) END`;
}
