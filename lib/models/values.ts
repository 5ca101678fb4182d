import { DefinitionError } from '../errors';
import { inside } from './internals';

/** What the text of a handle or a URL may stand for. */
export type TextValue = string | number | boolean | Date | Buffer;

/** How the values of one type are read from text. */
export interface Reader {
  /** What the type takes, in words. */
  readonly what: string;
  /** Undefined: the text is no such value. */
  read(text: string): TextValue | undefined;
}

const ofPattern = (what: string, pattern: RegExp, value: (text: string) => TextValue = (text) => text): Reader => ({
  what,
  read: (text) => (pattern.test(text) ? value(text) : undefined),
});

/** PostgreSQL refuses a number of more bits with an error, rather than find nothing. */
function integer(bits: bigint, value: (text: string) => TextValue = Number): Reader {
  const bound = 2n ** (bits - 1n);
  const fits = (n: bigint) => -bound <= n && n < bound;
  const read = (text: string) => (/^-?[0-9]{1,19}$/.test(text) && fits(BigInt(text)) ? value(text) : undefined);
  return { what: `a whole number of ${bits} bits`, read };
}

function time(what: string, pattern: RegExp, value: (time: Date) => TextValue): Reader {
  const read = (text: string) => {
    const date = new Date(pattern.test(text) ? text : Number.NaN);
    return Number.isNaN(date.getTime()) ? undefined : value(date);
  };
  return { what, read };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const double = ofPattern('a number', /^-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?$/, Number);
const text: Reader = { what: 'text without NUL', read: (given) => (given.includes('\0') ? undefined : given) };

/** By the name that Sequelize has for the type. */
const READERS: Readonly<Record<string, Reader>> = {
  TINYINT: integer(16n),
  SMALLINT: integer(16n),
  MEDIUMINT: integer(32n),
  INTEGER: integer(32n),
  // As pg has it.
  BIGINT: integer(64n, String),
  REAL: double,
  FLOAT: double,
  'DOUBLE PRECISION': double,
  DECIMAL: ofPattern('a number', /^-?[0-9]+(?:\.[0-9]+)?$/),
  BOOLEAN: ofPattern('true or false', /^(?:true|false)$/, (given) => given === 'true'),
  UUID: ofPattern('a UUID', UUID, (given) => given.toLowerCase()),
  BLOB: ofPattern('bytes in hexadecimal', /^(?:[0-9a-f]{2})*$/, (given) => Buffer.from(given, 'hex')),
  DATE: time(
    "a time, as '2026-01-31T12:00:00.000Z'",
    /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    (date) => date,
  ),
  DATEONLY: time("a date, as '2026-01-31'", /^\d{4}-\d\d-\d\d$/, (date) => date.toISOString().slice(0, 10)),
};

export interface Type {
  key?: string;
  values?: readonly string[];
}

/** An attribute's type, as Sequelize names it. */
export const typeOf = (model: object, attribute: string) =>
  (inside(model).rawAttributes[attribute]?.type ?? {}) as Type;

/** Is the column one of whole numbers? */
export const isInteger = (model: object, attribute: string): boolean =>
  READERS[typeOf(model, attribute).key ?? '']?.what.startsWith('a whole number') ?? false;

/** How the values of an attribute are read. */
export function readerOf(model: object, attribute: string): Reader {
  const { key = '', values } = typeOf(model, attribute);
  if (key !== 'ENUM' || !values) return READERS[key] ?? text;
  return { what: `one of ${values.join(', ')}`, read: (given) => (values.includes(given) ? given : undefined) };
}

/** May an attribute have this value, as far as types tell whose other values PostgreSQL refuses with an error of its own? */
export function mayBe(model: object, attribute: string, value: unknown): boolean {
  const { key } = typeOf(model, attribute);
  if (Array.isArray(value)) return key === 'ARRAY';
  if (!isInteger(model, attribute) && key !== 'UUID') return true;
  return readerOf(model, attribute).read(String(value)) !== undefined;
}

/**
 * A value of a key as text.
 *
 * @throws DefinitionError it is a list, a range or the like
 */
export function written(model: object & { name: string }, attribute: string, value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (['string', 'number', 'bigint', 'boolean'].includes(typeof value)) {
    return typeOf(model, attribute).key === 'UUID' ? String(value).toLowerCase() : String(value);
  }
  throw new DefinitionError(
    `${model.name}: the key "${attribute}" is neither text nor a number, a time, bytes or the like, of which handles are made. ` +
      'Give the model a key of such a type.',
  );
}
