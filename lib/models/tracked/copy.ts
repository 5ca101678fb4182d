import { Model } from 'sequelize';
import { isExpression } from '../internals';
import { isBoxed } from './equality/json';

/** A value of a column that can be changed in place: an object, but no instance, nor a piece of SQL. */
export const isMutable = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !isExpression(value) && !(value instanceof Model);

/** A value that shares nothing that can be changed with the original. */
export const copy = <T>(value: T): T =>
  copyWith(value, (each) => (ArrayBuffer.isView(each) ? copyBytes(each) : each)) as T;

/** A copy in which stands what `leaf` makes of what has nothing within: texts, numbers, bytes, pieces of SQL. */
export function copyWith(
  value: unknown,
  leaf: (value: unknown) => unknown,
  seen = new Map<unknown, unknown>(),
): unknown {
  if (!isMutable(value) || ArrayBuffer.isView(value)) return leaf(value);
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (value instanceof Date) return new Date(value.getTime());
  if (isBoxed(value)) return value;
  const made = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
  seen.set(value, made);
  // Of an array too: a range may keep `inclusive` beside its bounds.
  for (const name of Object.keys(value)) put(made, name, copyWith((value as Held)[name], leaf, seen));
  return made;
}

type Held = Record<string, unknown>;

const copyBytes = (value: ArrayBufferView) => (Buffer.isBuffer(value) ? Buffer.from(value) : structuredClone(value));

/** JSON may have a key `__proto__`, which to assign would set something else. */
function put(made: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') made[name] = value;
  else Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true });
}
