import fs from 'node:fs';
import path from 'node:path';

/** Folders of test that PGlite is tried with: what the contract promises, how it is installed, and the models. */
const FOLDERS = ['contract', 'enforcement', 'models', 'orm'];

/**
 * Files that PGlite cannot run, for some of their tests need what it has not got: all its connections share one session,
 * whose user is the application's role, in the one database `postgres`, and COPY FROM STDIN does not come through its socket.
 */
const NEEDS: Readonly<Record<string, 'sessions' | 'roles' | 'databases' | 'COPY'>> = {
  'contract/d1-waiting': 'sessions',
  'contract/d5-door': 'sessions',
  'contract/f3-interleavings': 'sessions',
  'contract/f3-other-writers': 'sessions',
  'contract/f3-own-links': 'sessions',
  'contract/x1-privileges': 'roles',
  'contract/x2-dump': 'COPY',
  'contract/x3-sessions': 'sessions',
  'contract/x5-partitions': 'sessions',
  'contract/x5-statements': 'COPY',
  'enforcement/audit-rebuild': 'sessions',
  'enforcement/audit-settings': 'roles',
  'enforcement/install': 'sessions',
  'enforcement/preview': 'sessions',
  'enforcement/refusals': 'roles',
  'enforcement/suspended': 'sessions',
  'models/dated': 'databases',
  'models/updatable-compatibility': 'sessions',
  'orm/destroy': 'sessions',
  'orm/transactions': 'sessions',
};

/** The test files that PGlite can run, from the root of the repository. */
export function pgliteFiles(): string[] {
  const test = path.resolve(__dirname, '../..');
  return FOLDERS.flatMap((folder) =>
    fs
      .readdirSync(path.join(test, folder))
      .filter((file) => file.endsWith('.test.ts') && !(`${folder}/${file.slice(0, -'.test.ts'.length)}` in NEEDS))
      .map((file) => `test/${folder}/${file}`),
  );
}
