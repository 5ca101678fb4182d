import type { Type } from './type';

/** A bound of a range. */
export interface Bound {
  readonly value: unknown;
  readonly inclusive: boolean;
}

interface Given {
  readonly value?: unknown;
  readonly inclusive?: unknown;
}

const isObject = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && !(value instanceof Date);

/** The bounds of a range in any of the forms that Sequelize takes; none of an empty one; undefined of what is none. */
export function boundsOf(value: unknown): readonly Bound[] | undefined {
  if (!Array.isArray(value) || (value.length !== 0 && value.length !== 2)) return undefined;
  return value.map((bound, n) => {
    const given: Given = isObject(bound) && 'value' in bound ? bound : { value: bound };
    // PostgreSQL's own default: `[)`. A missing bound is neither.
    const inclusive = given.inclusive === undefined ? n === 0 : Boolean(given.inclusive);
    return { value: given.value ?? null, inclusive: (given.value ?? null) !== null && inclusive };
  });
}

/** The type of a range's bounds. */
export const boundType = (type: unknown): Type | undefined => (type as Type | undefined)?.options?.subtype;
