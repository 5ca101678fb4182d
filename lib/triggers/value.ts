import { DefinitionError } from '../errors';
import { literal } from '../sql/identifiers';

/** What is known of the column that a value stands beside. */
export interface Typed {
  /** The type's name as Sequelize has it, such as `INTEGER`; undefined where nobody knows. */
  readonly type?: string;
}

const NUMERIC = [
  'TINYINT',
  'SMALLINT',
  'MEDIUMINT',
  'INTEGER',
  'BIGINT',
  'FLOAT',
  'REAL',
  'DOUBLE PRECISION',
  'DECIMAL',
];

/**
 * A value as SQL.
 *
 * @throws DefinitionError it has no form in SQL
 */
export function valueSql(value: unknown, { type = '' }: Typed = {}): string {
  if (value === null) return 'NULL';
  if (type === 'JSON' || type === 'JSONB') return `${quoted(json(value))}::jsonb`;
  if ((typeof value === 'number' && Number.isFinite(value)) || typeof value === 'bigint') {
    // Beside a column of text a bare number would find no operator.
    if (type === '' || NUMERIC.includes(type)) return value < 0 || Object.is(value, -0) ? `(${value})` : String(value);
  }
  if (typeof value === 'boolean') return type === '' || type === 'BOOLEAN' ? String(value) : quoted(String(value));
  if (value instanceof Date && type === 'DATEONLY') return quoted(moment(value).slice(0, 10));
  if (Array.isArray(value) && type === 'RANGE') return quoted(range(value));
  if (isPlain(value) && type === 'HSTORE') return quoted(hstore(value));
  return quoted(input(value));
}

/** The value as PostgreSQL reads it from text. */
function input(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return moment(value);
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  if (Array.isArray(value)) return `{${value.map(element).join(',')}}`;
  if (isPlain(value)) return json(value);
  throw new DefinitionError(
    `${describe(value)} has no form in SQL. Use text, a number, a boolean, null, a Date, a Buffer, an array or a plain object.`,
  );
}

function element(value: unknown): string {
  if (value === null) return 'NULL';
  return Array.isArray(value) ? input(value) : `"${input(value).replaceAll(/[\\"]/g, '\\$&')}"`;
}

function range([from, to]: unknown[]): string {
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
  const part = (text: unknown) => (text === null ? 'NULL' : `"${String(text).replaceAll(/[\\"]/g, '\\$&')}"`);
  return Object.entries(value)
    .map(([name, each]) => `${part(name)}=>${part(each)}`)
    .join(',');
}

function moment(value: Date): string {
  if (Number.isNaN(value.getTime()))
    throw new DefinitionError('An invalid Date has no form in SQL. Check how it was made.');
  return value.toISOString();
}

function json(value: unknown): string {
  const text = JSON.stringify(value);
  if (text === undefined) throw new DefinitionError(`${describe(value)} has no form in JSON. Use a value that has.`);
  return text;
}

function quoted(value: string): string {
  if (!value.includes('\0') && isWellFormed(value)) return literal(value).trim();
  throw new DefinitionError(
    `${JSON.stringify(value)} cannot be stored by PostgreSQL: it holds a NUL or half a surrogate pair. Remove it.`,
  );
}

const isWellFormed = (value: string) => !/\p{Surrogate}/u.test(value);

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const describe = (value: unknown) =>
  typeof value === 'object' && value !== null
    ? `A value of the class ${value.constructor?.name}`
    : `"${String(value)}" (${typeof value})`;
