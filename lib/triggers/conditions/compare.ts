import { DefinitionError } from '../../errors';
import { attributeOf, Fragment, Ref, type Scope } from '../fragment';
import { valueSql } from '../value';
import { Condition } from './condition';
import { enclosed } from './enclosed';

// Types of PostgreSQL itself whose equality tells every difference: an extension's is found by some `search_path`s only.
// `json` has none; those of `citext` and `box` do not tell.
const EQUAL = new Set([
  ...[
    'BOOLEAN',
    'TINYINT',
    'SMALLINT',
    'MEDIUMINT',
    'INTEGER',
    'BIGINT',
    'FLOAT',
    'REAL',
    'DOUBLE PRECISION',
    'DECIMAL',
  ],
  ...['STRING', 'CHAR', 'TEXT', 'UUID', 'ENUM', 'BLOB', 'JSONB', 'RANGE', 'INET', 'CIDR', 'MACADDR', 'TSVECTOR'],
  ...['DATE', 'DATEONLY', 'TIME'],
]);

interface Type {
  key?: string;
  /** Of the elements of an ARRAY. */
  type?: Type;
  /** Of the bounds of a RANGE. */
  _subtype?: string;
  _length?: number | string;
}

const declared = (ref: Ref, scope: Scope) => attributeOf(scope, ref.attribute).type as Type | string | undefined;

/** The name of an attribute's type as Sequelize has it; empty for most types that were written as text. */
export function typeOf(ref: Ref, scope: Scope): string {
  const type = declared(ref, scope);
  if (typeof type === 'string') return written(type);
  // PostgreSQL's float(24) and less is its real.
  if (type?.key === 'FLOAT' && Number(type._length || 53) <= 24) return 'REAL';
  return type?.key ?? '';
}

/** Those that are compared in a way of their own. */
function written(type: string): string {
  if (/^[^[(]*(\([\d\s,]*\))?\s*\[/.test(type)) return 'ARRAY';
  return (/^\s*(jsonb?)\b/i.exec(type)?.[1] ?? '').toUpperCase();
}

/** The type of the bounds of a RANGE. */
export function boundOf(ref: Ref, scope: Scope): string {
  const type = declared(ref, scope);
  return (typeof type === 'object' && type._subtype?.toUpperCase()) || '';
}

/** Is it of a type of PostgreSQL itself, whose equality tells every difference? */
function isEqual(ref: Ref, scope: Scope): boolean {
  const type = declared(ref, scope);
  const innermost = (each: Type): string | undefined =>
    each.key === 'ARRAY' && each.type ? innermost(each.type) : each.key;
  return typeof type === 'object' && EQUAL.has(innermost(type) ?? '');
}

/** A column as it is compared with what it was: types without an equality that tells every difference, as text. */
export const exact = (ref: Ref, scope: Scope): string =>
  isEqual(ref, scope) ? ref.render(scope) : `${ref.render(scope)}::text`;

/** A column as it is compared with a value. */
export function operand(ref: Ref, scope: Scope): string {
  return typeOf(ref, scope) === 'JSON' ? `${ref.render(scope)}::jsonb` : ref.render(scope);
}

/** What stands on the right of an operator: a column, a piece of SQL, or a value. */
export function right(value: unknown, ref: Ref, scope: Scope): string {
  if (value instanceof Ref) return operand(value, scope);
  if (value instanceof Fragment) return enclosed(value.render(scope));
  return valueSql(value, { type: typeOf(ref, scope) });
}

/** Equal, or both NULL. */
export function same(ref: Ref, value: unknown, scope: Scope): string {
  if (value === null) return `(${ref.render(scope)} IS NULL)`;
  if (value instanceof Ref) return `(${exact(ref, scope)} IS NOT DISTINCT FROM ${exact(value, scope)})`;
  const [left, other] = [operand(ref, scope), right(value, ref, scope)];
  if (isEqual(ref, scope) || typeOf(ref, scope) === 'JSON') return `(${left} IS NOT DISTINCT FROM ${other})`;
  // A dump tells of `=` which operator it is, and of IS NOT DISTINCT FROM it does not: citext would come back as text.
  const both = value instanceof Fragment ? `${left} IS NULL AND ${other} IS NULL` : 'false';
  return `coalesce(${left} = ${other}, ${both})`;
}

/**
 * Different, NULL being a value like another.
 *
 * @example distinctFrom(old('price'), fresh('price'))
 */
export function distinctFrom(ref: Ref, value: unknown): Condition {
  if (ref instanceof Ref) return new Condition((scope) => `(NOT ${same(ref, value, scope)})`);
  throw new DefinitionError('distinctFrom() takes a column first, as old("price") or fresh("price").');
}
