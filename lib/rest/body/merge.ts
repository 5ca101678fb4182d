import type { Model } from 'sequelize';
import { typeOf } from '../../models/values';
import type { Request } from '../express';

/**
 * What a body says of an attribute that holds JSON: as `application/merge-patch+json` (RFC 7396), which changes the members that
 * it names and takes out those that it says are null; else as it is.
 */
export function merged(request: Request, row: Model | undefined, name: string, value: unknown): unknown {
  if (!row || !['JSON', 'JSONB'].includes(typeOf(row.constructor, name).key ?? '')) return value;
  if (!request.is('application/merge-patch+json')) return value;
  return merge(row.getDataValue(name as never), value);
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const old = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) old.delete(name);
    else old.set(name, merge(old.get(name), value));
  }
  return Object.fromEntries(old);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
