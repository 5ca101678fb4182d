import type { Schema } from '../types';
import { whole } from './numbers';

/** Is it what is answered, or what may be sent? */
export type Direction = 'read' | 'write';

/** What of a type of Sequelize's is read here. */
export interface DataType {
  readonly key?: string;
  readonly values?: readonly string[];
  /** Of an array: the type of its elements. */
  readonly type?: DataType;
  readonly returnType?: DataType;
  readonly options?: { readonly length?: number; readonly binary?: boolean };
  readonly _length?: number;
}

const TEXT: Schema = { type: 'string' };
const DECIMAL = '^-?(?:[0-9]+(?:\\.[0-9]+)?|NaN|Infinity)$';

/** As JavaScript has no such number, it is text; a number may be sent as well. */
const ofDigits = (pattern: string, format: string, direction: Direction): Schema =>
  direction === 'read' ? { type: 'string', pattern, format } : { type: ['string', 'number'], pattern, format };

type Make = (type: DataType, direction: Direction) => Schema;

/** By the name that Sequelize has for the type. What is not here may be anything. */
const SCHEMAS: Readonly<Record<string, Make>> = {
  STRING: ({ _length, options }) => (options?.binary ? {} : { ...TEXT, ...(_length ? { maxLength: _length } : {}) }),
  CHAR: ({ _length }) => ({ ...TEXT, ...(_length ? { maxLength: _length } : {}) }),
  TEXT: () => TEXT,
  CITEXT: () => TEXT,
  TINYINT: () => whole(16),
  SMALLINT: () => whole(16),
  MEDIUMINT: () => whole(32),
  INTEGER: () => whole(32),
  BIGINT: (_type, direction) => ofDigits('^-?[0-9]{1,19}$', 'int64', direction),
  DECIMAL: (_type, direction) => ofDigits(DECIMAL, 'decimal', direction),
  REAL: () => ({ type: 'number', format: 'float' }),
  FLOAT: () => ({ type: 'number', format: 'double' }),
  'DOUBLE PRECISION': () => ({ type: 'number', format: 'double' }),
  BOOLEAN: () => ({ type: 'boolean' }),
  DATE: () => ({ type: 'string', format: 'date-time' }),
  DATEONLY: () => ({ type: 'string', format: 'date' }),
  TIME: () => ({ type: 'string', pattern: '^\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,6})?)?$' }),
  UUID: () => ({ type: 'string', format: 'uuid' }),
  BLOB: () => ({ type: 'string', contentEncoding: 'base64' }),
  ENUM: ({ values = [] }) => ({ type: 'string', enum: [...values] }),
  HSTORE: () => ({ type: 'object', additionalProperties: { type: ['string', 'null'] } }),
  INET: () => TEXT,
  CIDR: () => TEXT,
  MACADDR: () => TEXT,
  ARRAY: ({ type = {} }, direction) => ({ type: 'array', items: nullable(typeSchema(type, direction)) }),
  VIRTUAL: ({ returnType = {} }, direction) => typeSchema(returnType, direction),
};

/** The schema of a type's values in JSON. */
export function typeSchema(type: DataType, direction: Direction): Schema {
  const make = Object.hasOwn(SCHEMAS, type.key ?? '') ? SCHEMAS[type.key as string] : undefined;
  return make?.(type, direction) ?? {};
}

/** The same, or null. */
export function nullable(schema: Schema): Schema {
  const { type, enum: values } = schema;
  if (type === undefined) return schema;
  return { ...schema, type: [type, 'null'].flat(), ...(Array.isArray(values) ? { enum: [...values, null] } : {}) };
}
