import type { CreationOptional, ForeignKey } from 'sequelize';

/** What a Versioned instance has. */
export interface VersionedInstance {
  /** How many times the row has been written, the first time included; counted by the database. */
  readonly version: CreationOptional<ForeignKey<number>>;
}

/** What a Versioned class has. */
// biome-ignore lint/complexity/noBannedTypes: filled by what reads the history
export type VersionedStatics = {};

// biome-ignore lint/suspicious/noExplicitAny: TypeScript demands any[] of a mixin's constructor
export type VersionedClass = (new (...args: any[]) => VersionedInstance) & VersionedStatics;
