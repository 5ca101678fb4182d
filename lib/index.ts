export type { GuitarsConfig } from './cli/config';
export { type AuditOptions, type AuditReport, assertEnforced, audit, type Finding } from './enforcement/audit';
export { type InstallReport, install } from './enforcement/install';
export type { EnforcedObject, Kind } from './enforcement/object';
export { type Plan, type PlanOptions, plan } from './enforcement/plan';
export type { PreviewOptions } from './enforcement/preview';
export type { DeletePreview } from './enforcement/preview/types';
export type { InstallOptions } from './enforcement/session';
export { type SuspendOptions, withEnforcementSuspended } from './enforcement/suspend';
export { uninstall } from './enforcement/uninstall';
export {
  ConfigError,
  DefinitionError,
  GuitarsError,
  InstallError,
  NotEnforcedError,
  StaleWriteError,
  UnknownAttributeError,
} from './errors';
export {
  type CreateUmzugOptions,
  createUmzug,
  guitarsMigrations,
  type MigrationArgument,
  type MigrationContext,
} from './migrations/umzug';
export {
  cached,
  HasCachedProperties,
  type HasCachedPropertiesClass,
  type HasCachedPropertiesInstance,
  type HasCachedPropertiesStatics,
} from './models/cachedProperties';
export { Dated, type DatedClass, type DatedInstance, type DatedStatics } from './models/dated';
export { withHardDelete, withKeptTimestamps } from './models/doors';
export { Dutar, type DutarClass } from './models/dutar';
export { Guitar, type GuitarClass } from './models/guitar';
export { configureGuitars, type Engine, type GuitarOptions, type SoftDeletePolicy } from './models/options';
export { Setar, type SetarClass } from './models/setar';
export { SoftDeletable } from './models/softDeletable';
export type { SoftDeletableClass, SoftDeletableInstance, SoftDeletableStatics } from './models/softDeletableTypes';
export { Tracked } from './models/tracked';
export type { Changes, OldValues, TrackedClass, TrackedInstance, TrackedSaveOptions } from './models/tracked/types';
export { Updatable, type UpdatableClass, type UpdatableInstance, type UpdateOptions } from './models/updatable';
export { type WithoutHooksOptions, withoutHooks } from './models/withoutHooks';
export { type PurgeOptions, type PurgeReport, purge } from './purge';
