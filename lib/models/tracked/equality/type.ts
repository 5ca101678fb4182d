/** A column's type as Sequelize keeps it after init. */
export interface Type {
  readonly key?: string;
  /** Of the elements of an ARRAY. */
  readonly type?: Type;
  /** Of the bounds of a RANGE. */
  readonly options?: { readonly subtype?: { readonly key?: string } };
}

/** The name of a type, as `INTEGER`; empty where nobody knows. */
export const keyOf = (type: unknown): string => typed(type)?.key ?? '';

/** A type of which Sequelize keeps the text that it was given, as `double precision`, as if it had been one of its own. */
export function typed(type: unknown): Type | undefined {
  if (typeof type !== 'string') return type as Type | undefined;
  const known = read.get(type);
  if (known) return known;
  const made = readType(type);
  read.set(type, made);
  return made;
}

const read = new Map<string, Type>();

function readType(text: string): Type {
  const name = text.trim().toUpperCase().replace(/\s+/g, ' ');
  if (name.endsWith('[]')) return { key: 'ARRAY', type: readType(name.slice(0, -2)) };
  return { key: KEYS.get(name.replace(/ ?\(.*?\)/, '')) ?? '' };
}

/** Sequelize's name of a type, and those of PostgreSQL. */
const KEYS = new Map(
  Object.entries({
    SMALLINT: 'SMALLINT INT2',
    INTEGER: 'INTEGER INT INT4',
    BIGINT: 'BIGINT INT8',
    DECIMAL: 'DECIMAL NUMERIC',
    REAL: 'REAL FLOAT4',
    'DOUBLE PRECISION': 'DOUBLE_PRECISION FLOAT8 FLOAT',
    BOOLEAN: 'BOOLEAN BOOL',
    STRING: 'VARCHAR CHARACTER_VARYING',
    CHAR: 'CHAR CHARACTER BPCHAR',
    TEXT: 'TEXT',
    CITEXT: 'CITEXT',
    UUID: 'UUID',
    DATE: 'TIMESTAMPTZ TIMESTAMP_WITH_TIME_ZONE TIMESTAMP TIMESTAMP_WITHOUT_TIME_ZONE',
    DATEONLY: 'DATE',
    TIME: 'TIME TIME_WITHOUT_TIME_ZONE',
    JSON: 'JSON',
    JSONB: 'JSONB',
    BLOB: 'BYTEA',
    HSTORE: 'HSTORE',
    INET: 'INET',
    CIDR: 'CIDR',
    MACADDR: 'MACADDR',
  }).flatMap(([key, names]) => names.split(' ').map((name) => [name.replaceAll('_', ' '), key] as const)),
);
