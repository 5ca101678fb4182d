import { isDeepStrictEqual } from 'node:util';

/** Do two values have the same JSON? Found without writing it, which takes long of what is large. */
export function sameJson(a: unknown, b: unknown): boolean {
  try {
    return sameWritten(inList(a), inList(b));
  } catch {
    // One has no JSON: it goes round, or holds a bigint.
    return isDeepStrictEqual(a, b);
  }
}

function sameWritten(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && sameList(a, b);
  return !Array.isArray(b) && sameObject(a as Held, b as Held);
}

type Held = Record<string, unknown>;

// Loops, and `===` before all: this is what a save of a large document waits for.
function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n] && !sameWritten(inList(a[n]), inList(b[n]))) return false;
  return true;
}

function sameObject(a: Held, b: Held): boolean {
  const names = Object.keys(a);
  let shared = 0;
  for (const name of names) {
    const one = a[name];
    const isShared = Object.hasOwn(b, name);
    const other = isShared ? b[name] : undefined;
    if (one !== other && !sameWritten(written(one), written(other))) return false;
    if (isShared) shared++;
  }
  const others = Object.keys(b);
  return others.length === shared || others.every((name) => Object.hasOwn(a, name) || written(b[name]) === undefined);
}

const inList = (value: unknown) => written(value) ?? null;

/** What JSON writes of a value: a primitive, or an object to be gone through; undefined of what it leaves out. */
function written(value: unknown): unknown {
  const { toJSON } = (value ?? {}) as { toJSON?: unknown };
  const given = typeof toJSON === 'function' ? toJSON.call(value) : value;
  if (typeof given === 'object') return isBoxed(given) ? written(given.valueOf()) : given;
  if (typeof given === 'number') return Number.isFinite(given) ? given : null;
  if (typeof given === 'bigint') throw new TypeError('JSON has no bigint.');
  return typeof given === 'function' || typeof given === 'symbol' ? undefined : given;
}

/** A primitive in an object of its own, which cannot be changed. */
export const isBoxed = (value: unknown): value is object =>
  value instanceof Number || value instanceof String || value instanceof Boolean;
