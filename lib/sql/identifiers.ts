import { createHash } from 'node:crypto';

/** The most bytes that PostgreSQL keeps of an identifier. */
export const MAX_IDENTIFIER_BYTES = 63;

/** A table with its schema, both unquoted. */
export interface TableRef {
  readonly schema: string;
  readonly name: string;
}

/** Quotes one identifier: `o"brien` becomes `"o""brien"`. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes one text literal, whatever `standard_conforming_strings` says. */
export function literal(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** Quotes a schema-qualified name. */
export function qualified(ref: TableRef): string {
  return `${ident(ref.schema)}.${ident(ref.name)}`;
}

/** A text[] literal; its type is qualified, as it may stand in a function that has no `search_path` of its own. */
export function textArray(values: readonly string[]): string {
  return `ARRAY[${values.map(literal).join(', ')}]::pg_catalog.text[]`;
}

/** Quotes a function body with a dollar tag that the body does not contain. */
export function dollarQuote(body: string): string {
  let tag = '$guitars$';
  for (let n = 1; body.includes(tag); n++) tag = `$guitars${n}$`;
  return `${tag}${body}${tag}`;
}

/** The first 8 hexadecimal digits of a text's SHA-256. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** Cuts a text to at most `bytes` bytes without splitting a character. */
export function truncateBytes(text: string, bytes: number): string {
  let out = '';
  let used = 0;
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > bytes) break;
    out += character;
  }
  return out;
}

/**
 * The name of an object that belongs to a table but lives outside its namespace: readable, never over 63 bytes, and
 * different for two tables that agree in their first 63 bytes.
 */
export function derivedName(table: TableRef, job: string): string {
  const tail = `_${job}_${shortHash(`${table.schema}\0${table.name}`)}`;
  return truncateBytes(table.name, MAX_IDENTIFIER_BYTES - Buffer.byteLength(tail)) + tail;
}

/** A stable key for maps. */
export function tableKey(ref: TableRef): string {
  return `${ref.schema}\0${ref.name}`;
}
