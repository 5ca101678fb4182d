import { Model } from 'sequelize';
import { isWritten } from '../internals';
import { isBoxed } from './equality/json';

/** A value of a column that can be changed in place: an object, but no instance, nor a piece of SQL. */
export const isMutable = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !isWritten(value) && !(value instanceof Model);

/** A value that shares nothing that can be changed with the original. */
export function copy<T>(value: T, seen: Map<unknown, unknown> = new Map()): T {
  if (!isMutable(value)) return value;
  return (seen.get(value) ?? copyObject(value, seen)) as T;
}

function copyObject(value: object, seen: Map<unknown, unknown>): object {
  if (value instanceof Date) return new Date(value.getTime());
  if (isBoxed(value)) return value;
  if (Buffer.isBuffer(value)) return Buffer.from(value);
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  const made = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
  seen.set(value, made);
  // Of an array too: a range may keep `inclusive` beside its bounds.
  for (const [name, each] of Object.entries(value)) put(made, name, copy(each, seen));
  return made;
}

/** JSON may have a key `__proto__`, which to assign would set something else. */
function put(made: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') made[name] = value;
  else Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true });
}
