import { boundsOf, boundType } from '../equality/range';
import { keyOf, type Type, typed } from '../equality/type';

/** A value of a column as PostgreSQL reads it from text; undefined where that is not known. Never what it could not read. */
export function textOf(value: unknown, type: unknown): string | undefined {
  const key = keyOf(type);
  if (key === 'JSON' || key === 'JSONB') return JSON.stringify(value ?? null);
  if (key === 'ARRAY') return Array.isArray(value) ? array(value, typed(type)?.type) : undefined;
  if (key === 'RANGE') return range(value, boundType(type));
  if (key === 'HSTORE') return hstore(value);
  if (key === 'DATE') return moment(value);
  if (key === 'BLOB' || ArrayBuffer.isView(value)) return bytes(value);
  return typeof value === 'object' ? undefined : String(value);
}

const quoted = (text: string) => `"${text.replaceAll(/[\\"]/g, '\\$&')}"`;

function moment(value: unknown): string | undefined {
  if (value === Infinity || value === -Infinity) return value > 0 ? 'infinity' : '-infinity';
  const date = new Date(value as string);
  const year = date.getUTCFullYear();
  // PostgreSQL reads other years in another form.
  return year > 0 && year < 10000 ? date.toISOString() : undefined;
}

function bytes(value: unknown): string {
  const buffer = typeof value === 'string' ? Buffer.from(value) : Buffer.from(value as Uint8Array);
  return `\\x${buffer.toString('hex')}`;
}

function array(values: readonly unknown[], element: Type | undefined): string | undefined {
  const parts = values.map((value) => {
    if ((value === null || value === undefined) && !keyOf(element).startsWith('JSON')) return 'NULL';
    const deeper = Array.isArray(value) && !['ARRAY', 'JSON', 'JSONB', 'RANGE'].includes(keyOf(element));
    if (deeper || keyOf(element) === 'ARRAY') return array(value as unknown[], deeper ? element : element?.type);
    const text = textOf(value, element);
    return text === undefined ? undefined : quoted(text);
  });
  return parts.includes(undefined) ? undefined : `{${parts.join(',')}}`;
}

function hstore(value: unknown): string | undefined {
  if (typeof value !== 'object') return undefined;
  const part = (each: unknown) => (each === null || each === undefined ? 'NULL' : quoted(String(each)));
  return Object.entries(value as object)
    .map(([name, each]) => `${quoted(name)}=>${part(each)}`)
    .join(',');
}

function range(value: unknown, bound: Type | undefined): string | undefined {
  const bounds = boundsOf(value);
  if (!bounds) return typeof value === 'string' ? value : undefined;
  const [from, to] = bounds;
  if (!from || !to) return 'empty';
  const parts = [from, to].map((each) => (each.value === null ? '' : textOf(each.value, bound)));
  if (parts.includes(undefined)) return undefined;
  const [low, high] = parts.map((part) => part && quoted(part));
  return `${from.inclusive ? '[' : '('}${low},${high}${to.inclusive ? ']' : ')'}`;
}
