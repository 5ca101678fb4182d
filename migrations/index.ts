import { shared } from './0001-shared';

/** One migration of the package: its name, and its SQL both ways. */
export interface SqlMigration {
  readonly name: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** The package's own migration set, in order. */
export const migrations: readonly SqlMigration[] = [shared];

/** The version that `guitars.version()` answers when the whole set has run. */
export const SHARED_VERSION = 1;

/** The functions of the whole set, and what the catalog is to hold as their bodies. */
export const sharedFunctions: readonly { name: string; body: string }[] = migrations
  .flatMap(({ up }) => up)
  .flatMap((sql) => {
    const [, name, body, text] =
      /^\s*CREATE OR REPLACE FUNCTION guitars\.(\w+)\([\s\S]*? AS (?:\$\$([\s\S]*)\$\$|'(.*)')$/.exec(sql) ?? [];
    return name ? [{ name, body: body ?? text ?? '' }] : [];
  });
