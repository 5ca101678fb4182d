import { DefinitionError } from '../errors';
import { literal } from '../sql/identifiers';
import { describe, isPlain, jsonOf, refuseOperators } from './plain';

/** What is known of the column that a value stands beside. */
export interface Typed {
  /** The type's name as Sequelize has it, such as `INTEGER`; undefined where nobody knows. */
  readonly type?: string;
}

const INTEGERS = ['TINYINT', 'SMALLINT', 'MEDIUMINT', 'INTEGER', 'BIGINT'];
const NUMERIC = [...INTEGERS, 'FLOAT', 'REAL', 'DOUBLE PRECISION', 'DECIMAL'];
const TEXTS = ['STRING', 'CHAR', 'TEXT', 'CITEXT', 'UUID', 'ENUM', 'INET', 'CIDR', 'MACADDR', 'TSVECTOR'];
/** Types of which a list or an object is no value. */
const SCALAR = [...NUMERIC, ...TEXTS, 'BOOLEAN', 'BLOB', 'DATE', 'DATEONLY', 'TIME'];

/**
 * A value as SQL.
 *
 * @throws DefinitionError it has no form in SQL, or none that the column's type could have
 */
export function valueSql(value: unknown, { type = '' }: Typed = {}): string {
  if (value === null) return 'NULL';
  refuseOperators(value);
  if (type === 'JSON' || type === 'JSONB') return `${quoted(jsonOf(value))}::jsonb`;
  refuseMisfit(value, type);
  if ((typeof value === 'number' && Number.isFinite(value)) || typeof value === 'bigint') {
    // Beside a column of text a bare number would find no operator.
    if (type === '' || NUMERIC.includes(type)) return number(value, type);
  }
  if (typeof value === 'boolean') return type === '' || type === 'BOOLEAN' ? String(value) : quoted(String(value));
  if (value instanceof Date && type === 'DATEONLY') return quoted(moment(value).slice(0, 10));
  if (typeof value === 'string' && type === 'BLOB') return quoted(input(Buffer.from(value)));
  if (Array.isArray(value) && type === 'RANGE') return quoted(range(value));
  if (isPlain(value) && type === 'HSTORE') return quoted(hstore(value));
  return quoted(input(value));
}

function number(value: number | bigint, type: string): string {
  const text = value < 0 || Object.is(value, -0) ? `(${value})` : String(value);
  // 0.1 as float4 is another number than 0.1.
  return type === 'REAL' ? `${text}::float4` : text;
}

function refuseMisfit(value: unknown, type: string): void {
  const refuse = (remedy: string) => {
    const what = Array.isArray(value) ? 'A list' : isPlain(value) ? 'An object' : describe(value);
    throw new DefinitionError(`${what} is no value of a column of the type ${type}. ${remedy}`);
  };
  const structured = Array.isArray(value) || isPlain(value);
  if (structured && SCALAR.includes(type)) refuse('Give one value; for several use Op.in or Op.notIn.');
  if (typeof value === 'number' && !Number.isFinite(value) && INTEGERS.includes(type)) refuse('Give a whole number.');
  const lists = type === 'ARRAY' || type === 'RANGE';
  // Text is in the form of PostgreSQL: '{a,b}' and '[1,5)'.
  if (lists && !Array.isArray(value) && typeof value !== 'string') refuse('Give a list.');
}

/** The value as PostgreSQL reads it from text. */
function input(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return moment(value);
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  if (Array.isArray(value)) return `{${value.map(element).join(',')}}`;
  if (isPlain(value)) return jsonOf(value);
  throw new DefinitionError(
    `${describe(value)} has no form in SQL. Use text, a number, a boolean, null, a Date, a Buffer, an array or a plain object.`,
  );
}

function element(value: unknown): string {
  if (value === null) return 'NULL';
  return Array.isArray(value) ? input(value) : `"${input(value).replaceAll(/[\\"]/g, '\\$&')}"`;
}

function range(bounds: unknown[]): string {
  if (bounds.length === 0) return 'empty';
  if (bounds.length !== 2) throw new DefinitionError('A range is a list of two bounds, or an empty one.');
  const [from, to] = bounds;
  const bound = (value: unknown) =>
    value === null || value === undefined ? '' : element(isBound(value) ? value.value : value);
  const [open, close] = [
    isBound(from) && from.inclusive === false ? '(' : '[',
    isBound(to) && to.inclusive ? ']' : ')',
  ];
  return `${open}${bound(from)},${bound(to)}${close}`;
}

const isBound = (value: unknown): value is { value: unknown; inclusive?: boolean } =>
  isPlain(value) && 'value' in value;

function hstore(value: object): string {
  const part = (text: unknown) => {
    if (text === null) return 'NULL';
    if (typeof text === 'object' || text === undefined) {
      throw new DefinitionError(`${describe(text)} is no value of an HSTORE. Give text.`);
    }
    return `"${String(text).replaceAll(/[\\"]/g, '\\$&')}"`;
  };
  return Object.entries(value)
    .map(([name, each]) => `${part(name)}=>${part(each)}`)
    .join(',');
}

function moment(value: Date): string {
  const year = value.getUTCFullYear();
  // PostgreSQL reads no others in this form.
  if (year >= 1 && year <= 9999) return value.toISOString();
  throw new DefinitionError(
    Number.isNaN(year)
      ? 'An invalid Date has no form in SQL. Check how it was made.'
      : `A Date of the year ${year} has no form in SQL here. Use one of the years 1 to 9999, or raw().`,
  );
}

function quoted(value: string): string {
  if (!value.includes('\0') && isWellFormed(value)) return literal(value).trim();
  throw new DefinitionError(
    `${JSON.stringify(value)} cannot be stored by PostgreSQL: it holds a NUL or half a surrogate pair. Remove it.`,
  );
}

const isWellFormed = (value: string) => !/\p{Surrogate}/u.test(value);
