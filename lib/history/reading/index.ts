import type { ModelClass } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { momentOf } from './moment';
import { atMoment } from './past/select';

export { diffOf } from './diff';
export type { Operation, Page } from './entries';
export { findVersion, historyOfKey, versionsOf } from './find';
export type { Asking } from './located';
export type { Fields, Values, VersionChanges } from './version';
export { Version } from './version';

/** A findAll of the rows as they were. */
export async function asOf(model: ModelClass, moment: unknown, options: object = {}): Promise<unknown[]> {
  return inside(model).findAll(at(model, moment, options));
}

/** A count of the rows as they were. */
export async function countAsOf(model: ModelClass, moment: unknown, options: object = {}): Promise<unknown> {
  return inside(model).count(at(model, moment, options));
}

/** A standby does not know the transactions of a cursor: the write connection is asked. */
const at = (model: ModelClass, moment: unknown, options: object) =>
  atMoment(typeof moment === 'string' ? { useMaster: true, ...options } : options, momentOf(model, moment));
