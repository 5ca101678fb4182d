import { inside } from '../../models/internals';

/** A type of Sequelize's, as far as a value's shape depends on it. */
interface Shaped {
  readonly key?: string;
  /** Of ARRAY: the type of its members. */
  readonly type?: Shaped;
}

const ONE =
  'CHAR TINYINT SMALLINT MEDIUMINT INTEGER BIGINT REAL FLOAT DECIMAL BOOLEAN DATE DATEONLY TIME UUID ENUM INET CIDR MACADDR';
/** Types whose values are one number, text or truth value. Of text Sequelize itself sees to it. */
const SINGLE = new Set([...ONE.split(' '), 'DOUBLE PRECISION']);

/** What a time begins with. Of other text Sequelize makes what it can: of '5' the first of May 2001. */
const DAY = /^[+-]?\d{4,6}-\d\d-\d\d/;

/**
 * What an attribute takes, if this is of another shape; undefined: it is of that shape. Sequelize and PostgreSQL would fail at such
 * values with errors that tell nothing.
 */
export function misfit(model: object, attribute: string, value: unknown): string | undefined {
  return misfitOf((inside(model).rawAttributes[attribute]?.type ?? {}) as Shaped, value);
}

function misfitOf({ key = '', type }: Shaped, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'number' && !Number.isFinite(value)) return 'It must be a number that is not beyond bounds.';
  if (SINGLE.has(key) && isMany(value)) return 'It must be one value, neither a list nor an object.';
  if (key === 'DATE' && typeof value === 'string' && !DAY.test(value))
    return "It must be a time, as '2026-01-31T12:00:00Z'.";
  if (key === 'BLOB' && !Buffer.isBuffer(value) && typeof value !== 'string') return 'It must be text in base64.';
  if (key === 'HSTORE' && (!isMany(value) || Array.isArray(value))) return 'It must be an object.';
  if (key === 'RANGE') return isRange(value) ? undefined : 'It must be a list of two bounds, or an empty one.';
  if (key !== 'ARRAY') return undefined;
  if (!Array.isArray(value)) return 'It must be a list.';
  return value.map((each) => misfitOf(type ?? {}, each)).find((each) => each !== undefined);
}

/** A list, or an object as of JSON: not a Date, and nothing of Sequelize's, which the application may have put there. */
const isMany = (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype);

function isRange(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const bounds = value.map((each) => (isMany(each) && Object.hasOwn(each, 'value') ? each.value : each));
  return [0, 2].includes(value.length) && bounds.every((bound) => !isMany(bound));
}
