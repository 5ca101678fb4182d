import { DataTypes } from 'sequelize';

/** A type of a key or column: how SQL and Sequelize write it, and values that differ. */
export interface Kind {
  readonly sql: string;
  readonly model: () => unknown;
  /** As texts that PostgreSQL reads. */
  readonly values: readonly string[];
  /** Only SQL can say which row is meant. */
  readonly raw?: true;
}

export const TEXTS = [
  '',
  ' ',
  '\\',
  '$1',
  ':name',
  "it's",
  'é',
  'e\u0301',
  '🎸',
  '%s ?',
  'NULL',
  '"',
  "\n'; DROP TABLE x; --",
  '{"a":1}',
];
export const LABELS = ['', ' ', "it's", '\\', '$1', ':name', '🎸', '"q"', ','];
const uuids = Array.from({ length: 8 }, (_, n) => `00000000-0000-4000-8000-00000000000${n}`);

export const KINDS: Record<string, Kind> = {
  integer: { sql: 'integer', model: () => DataTypes.INTEGER, values: ['1', '-2147483648', '2147483647', '0', '-1'] },
  bigint: {
    sql: 'bigint',
    model: () => DataTypes.BIGINT,
    values: ['9223372036854775807', '-9223372036854775808', '9007199254740993', '9007199254740992', '0'],
  },
  text: { sql: 'text', model: () => DataTypes.TEXT, values: TEXTS },
  varchar: { sql: 'varchar(40)', model: () => DataTypes.STRING(40), values: TEXTS },
  uuid: { sql: 'uuid', model: () => DataTypes.UUID, values: uuids },
  date: {
    sql: 'date',
    model: () => DataTypes.DATEONLY,
    values: ['2020-02-29', '1969-12-31', '0001-01-01', '9999-12-31'],
  },
  numeric: {
    sql: 'numeric',
    model: () => DataTypes.DECIMAL,
    values: ['0.1', '123456789012345678901234567890.5', '-0.0000000000001', '100', '1e30'],
  },
  bytea: { sql: 'bytea', model: () => DataTypes.BLOB, values: ['\\x', '\\x00', '\\xdeadbeef', '\\x27', '\\x5c24'] },
  enum: { sql: 'enum', model: () => DataTypes.ENUM(...LABELS), values: LABELS },
  citext: { sql: 'public.citext', model: () => DataTypes.CITEXT, values: ['', 'a', ' ', "it's", '🎸', '\\'] },
  // Sequelize: a list in a condition means any of it.
  integers: {
    sql: 'integer[]',
    model: () => DataTypes.ARRAY(DataTypes.INTEGER),
    values: ['{}', '{NULL}', '{1,NULL,3}', '{{1,2},{3,4}}'],
    raw: true,
  },
  texts: {
    sql: 'text[]',
    model: () => DataTypes.ARRAY(DataTypes.TEXT),
    values: ['{}', '{NULL}', '{"NULL"}', '{"","\\\\","a,b","{}"}'],
    raw: true,
  },
  // Sequelize: an object in a condition is one of operators.
  jsonb: {
    sql: 'jsonb',
    model: () => DataTypes.JSONB,
    values: ['null', '{}', '[]', '"$1"', '{"a\'b":{"\\\\":[null,1e400]}}'],
    raw: true,
  },
  // JavaScript has neither their infinities, as Sequelize reads them, nor microseconds.
  time: {
    sql: 'timestamptz',
    model: () => DataTypes.DATE,
    values: ['infinity', '-infinity', '0044-03-15 12:00:00+00 BC', '2020-01-01 00:00:00.000001+00'],
    raw: true,
  },
  special: { sql: 'numeric', model: () => DataTypes.DECIMAL, values: ['NaN', 'Infinity', '-Infinity', '0'], raw: true },
  float: {
    sql: 'double precision',
    model: () => DataTypes.DOUBLE,
    values: ['NaN', 'Infinity', '-Infinity', '0.1'],
    raw: true,
  },
};
