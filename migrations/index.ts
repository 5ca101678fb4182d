import { shared } from './0001-shared';
import { history } from './0002-history';

/** One migration of the package: its name, and its SQL both ways. */
export interface SqlMigration {
  readonly name: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** The package's own migration set, in order. */
export const migrations: readonly SqlMigration[] = [shared, history];

/** The version that `guitars.version()` answers when the whole set has run. */
export const SHARED_VERSION = 2;
