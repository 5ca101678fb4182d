import { isDeepStrictEqual } from 'node:util';
import { isExpression } from '../../internals';
import { sameJson } from './json';
import { canonicalNumber, floating } from './number';
import { boundsOf, boundType } from './range';
import { keyOf, type Type, typed } from './type';

/**
 * Do two values of a column mean the same to the database? `null` is a value; `undefined` is none; what the database is
 * to compute is never known to be the same.
 */
export function same(type: unknown, a: unknown, b: unknown): boolean {
  if (a === b && typeof a !== 'object') return true;
  if (isExpression(a) || isExpression(b)) return false;
  if (isNothing(a) || isNothing(b)) return a === b;
  return (COMPARISONS[keyOf(type)] ?? isDeepStrictEqual)(a, b, typed(type) as Type);
}

type Comparison = (a: unknown, b: unknown, type: Type) => boolean;

const isNothing = (value: unknown) => value === null || value === undefined;

/** By what `form` makes of them; values that it has nothing for, by all that they hold. */
const by =
  (form: (value: unknown) => unknown): Comparison =>
  (a, b) => {
    const [one, other] = [form(a), form(b)];
    return isNothing(one) || isNothing(other) ? isDeepStrictEqual(a, b) : isDeepStrictEqual(one, other);
  };

const written = (value: unknown) =>
  typeof value === 'object' && !(value instanceof String) ? bytes(value) : String(value);

const text = by(written);
const padded = by((value) => {
  const form = written(value);
  return typeof form === 'string' ? form.replace(/ +$/, '') : form;
});
const number = by((value) => (typeof value === 'object' ? undefined : canonicalNumber(value)));
const time = by((value) => (value === Infinity || value === -Infinity ? value : new Date(value as string).getTime()));
const day = by((value) => (value instanceof Date ? localDay(value) : String(value).toLowerCase()));
const blob = by((value) => (typeof value === 'string' ? Buffer.from(value) : bytes(value)));

const COMPARISONS: Record<string, Comparison> = {
  ...each(['TINYINT', 'SMALLINT', 'MEDIUMINT', 'INTEGER', 'BIGINT', 'DECIMAL'], number),
  ...each(['FLOAT', 'DOUBLE PRECISION'], by(floating(Number))),
  REAL: by(floating((value) => Math.fround(Number(value)))),
  ...each(['STRING', 'TEXT', 'CITEXT', 'ENUM', 'INET', 'CIDR', 'TSVECTOR'], text),
  CHAR: padded,
  TIME: by(clock),
  MACADDR: by((value) =>
    String(value)
      .toLowerCase()
      .replace(/[^0-9a-f]/g, ''),
  ),
  ...each(['JSON', 'JSONB', 'GEOMETRY', 'GEOGRAPHY'], sameJson),
  UUID: by((value) => String(value).toLowerCase()),
  BOOLEAN: by((value) => BOOLEANS[String(value)] ?? value),
  DATE: time,
  DATEONLY: day,
  BLOB: blob,
  ARRAY: (a, b, type) => elementwise(a, b, type.type),
  HSTORE: by((value) => (typeof value === 'object' ? hstore(value as object) : undefined)),
  RANGE: (a, b, type) => ranges(a, b, type),
};

const BOOLEANS: Record<string, boolean> = { true: true, t: true, 1: true, false: false, f: false, 0: false };

function each(keys: readonly string[], comparison: Comparison): Record<string, Comparison> {
  return Object.fromEntries(keys.map((key) => [key, comparison]));
}

function bytes(value: unknown): Buffer | undefined {
  return ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : undefined;
}

// As Sequelize writes it: by the clock of this machine.
function localDay(value: Date): string {
  const part = (number: number) => String(number).padStart(2, '0');
  return `${value.getFullYear()}-${part(value.getMonth() + 1)}-${part(value.getDate())}`;
}

/** `12:00`, as PostgreSQL writes it: `12:00:00`. */
function clock(value: unknown): string {
  const [, time, seconds = '00', fraction = ''] = /^(\d\d:\d\d)(?::(\d\d)(\.\d+)?)?$/.exec(String(value)) ?? [];
  return time ? `${time}:${seconds}${fraction.replace(/\.?0+$/, '')}` : String(value);
}

/** A list whose elements are lists while its type says otherwise has more than one dimension. */
function elementwise(a: unknown, b: unknown, element: Type | undefined): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return isDeepStrictEqual(a, b);
  const nested = (value: unknown) =>
    Array.isArray(value) && !['ARRAY', 'JSON', 'JSONB', 'RANGE'].includes(keyOf(element));
  return (
    a.length === b.length &&
    a.every((one, n) =>
      nested(one) && nested(b[n]) ? elementwise(one, b[n], element) : same(element, one ?? null, b[n] ?? null),
    )
  );
}

function hstore(value: object): object {
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, isNothing(held) ? null : String(held)]));
}

function ranges(a: unknown, b: unknown, type: Type): boolean {
  const [one, other] = [boundsOf(a), boundsOf(b)];
  if (!one || !other) return isDeepStrictEqual(a, b);
  return (
    one.length === other.length &&
    one.every(
      (bound, n) =>
        bound.inclusive === other[n]?.inclusive && same(boundType(type), bound.value, other[n]?.value ?? null),
    )
  );
}
