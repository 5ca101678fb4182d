import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.join(__dirname, '../..');
/** What the package is made of: the folders that are compiled for it. */
const SOURCES = ['lib', 'migrations'];

let folder: string | undefined;

/**
 * The folder of the library as JavaScript, in a package of its own that goes away with this process. A process that
 * has to have TypeScript read for it takes about twice as long to load the library, and the tests start hundreds.
 * Where coverage is taken it is the folder of the sources: what runs elsewhere is none of theirs.
 */
export function library(): string {
  if (process.env.NODE_V8_COVERAGE) return path.join(ROOT, 'lib');
  folder ??= compile();
  return path.join(folder, 'lib');
}

function compile(): string {
  const outdir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-compiled-')));
  process.once('exit', () => fs.rmSync(outdir, { recursive: true, force: true }));
  esbuild().buildSync({
    absWorkingDir: ROOT,
    entryPoints: SOURCES.flatMap(sources),
    outbase: ROOT,
    outdir,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    tsconfig: path.join(ROOT, 'tsconfig.json'),
    logLevel: 'error',
  });
  fs.copyFileSync(path.join(ROOT, 'package.json'), path.join(outdir, 'package.json'));
  // The same modules as everybody else's: two copies of Sequelize would not know each other's models.
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(outdir, 'node_modules'), 'junction');
  return outdir;
}

function sources(name: string): string[] {
  const files = fs.readdirSync(path.join(ROOT, name), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.ts')).map((file) => path.join(ROOT, name, file));
}

/** The compiler that runs these tests too. It is tsx's dependency, not ours, so resolved from there. */
function esbuild(): { buildSync(options: object): unknown } {
  return createRequire(require.resolve('tsx/cjs'))('esbuild');
}
