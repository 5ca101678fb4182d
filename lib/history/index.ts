/** `sequelize-guitars/history`: since, versions, and the way back. */

export { CursorError, type CursorFault } from '../errors';
export { RevisionRequiredError } from '../triggers/errors';
export type { BackOptions, UndeleteOptions } from './back';
export type { Change, ChangeStatics, Changes, ChangesOptions, Kept } from './changes';
export { HistoryError } from './errors';
export * from './handles';
export type { VersionedOptions } from './options';
export type { Asking, Fields, Operation, Page, Values, VersionChanges } from './reading';
export { Version } from './reading';
export {
  type HistoryStats,
  historyStats,
  type PrunedHistory,
  type PruneOptions,
  type PruneReport,
  pruneHistory,
  type StatsOptions,
} from './retention';
export { currentRevision, type Revision, withRevision } from './revision';
export * from './since';
export type { PrimaryKey, VersionedClass, VersionedInstance, VersionedStatics } from './types';
export { Versioned } from './versioned';
