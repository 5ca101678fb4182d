import type { Model } from 'sequelize';
import { type Key, keyOfSegment, segmentOf } from '../../key';
import { malformed, ProblemError } from '../../problem/problem';
import { findPage } from '../rows';
import { searching } from '../search';
import type { Shelf } from '../settings';
import type { Permitted, Visit } from '../visit';

/** A row that is to be restored. */
export interface Chosen {
  readonly key: Key;
  /** The key as a segment of a path, decoded. */
  readonly segment: string;
}

/** @throws ProblemError (400, 422) they are no keys, or too many */
export function chosenBy({ settings }: Visit, shelf: Shelf, keys: unknown): Chosen[] {
  const isKeys = Array.isArray(keys) && keys.length > 0 && keys.every((each) => typeof each === 'string');
  if (!isKeys) throw malformed('"keys" is a list of keys, one at least.');
  if (keys.length > settings.bulkLimit) throw tooMany(settings.bulkLimit);
  return [...new Set(keys as string[])].map((segment) => ({ segment, key: keyOfSegment(shelf.model, segment) }));
}

/** @throws ProblemError (400, 422) there are too many */
export async function chosenBySearch(
  { settings }: Visit,
  shelf: Shelf,
  permitted: Permitted,
  search: unknown,
): Promise<Chosen[]> {
  if (typeof search !== 'string' || search.trim() === '') throw malformed('"search" is what is looked for.');
  const limit = settings.bulkLimit;
  const conditions = searching(shelf, search);
  const rows = await findPage(shelf, permitted, { conditions, names: [], limit: limit + 1 });
  if (rows.length > limit) throw tooMany(limit);
  return rows.map((row) => ({ segment: decodeURIComponent(segmentOf(row)), key: keyIn(row) }));
}

const keyIn = (row: Model): Key =>
  Object.fromEntries(
    (row.constructor as typeof Model).primaryKeyAttributes.map((name) => [name, row.getDataValue(name as never)]),
  );

const tooMany = (limit: number) =>
  new ProblemError(
    422,
    `At most ${limit} rows are restored at once, so none was. Narrow the search, or select fewer.`,
    {
      code: 'too-many-rows',
      members: { limit },
    },
  );
