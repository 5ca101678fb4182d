import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.join(__dirname, '../..');
/** What a process may ask for: the modules of the library, without `.ts`. */
const PARTS = ['lib/index', 'lib/history/index', 'lib/triggers/index', 'lib/cli/program', 'lib/cli/main'];
/** Where they all are; in this folder, as the command looks for its `package.json` from there. */
const BUNDLE = 'lib/cli/bundle.js';

let folder: string | undefined;

/**
 * The folder of the library as JavaScript, in a package of its own that goes away with this process. A process that
 * has to have hundreds of files of TypeScript read for it takes more than twice as long to load the library, and the
 * tests start hundreds. Where coverage is taken it is the folder of the sources: what runs elsewhere is none of theirs.
 */
export function library(): string {
  if (process.env.NODE_V8_COVERAGE) return path.join(ROOT, 'lib');
  folder ??= compile();
  return path.join(folder, 'lib');
}

function compile(): string {
  const made = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-compiled-')));
  process.once('exit', () => fs.rmSync(made, { recursive: true, force: true }));
  const contents = PARTS.map((part) => `exports['${part}'] = () => require('./${part}.ts');`).join('\n');
  esbuild().buildSync({
    stdin: { contents, resolveDir: ROOT },
    outfile: path.join(made, BUNDLE),
    bundle: true,
    packages: 'external',
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    keepNames: true, // models and errors tell theirs
    tsconfig: path.join(ROOT, 'tsconfig.json'),
    logLevel: 'error',
  });
  for (const part of PARTS) write(made, part);
  fs.copyFileSync(path.join(ROOT, 'package.json'), path.join(made, 'package.json'));
  // The same modules as everybody else's: two copies of Sequelize would not know each other's models.
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(made, 'node_modules'), 'junction');
  return made;
}

/** Puts a module of the bundle where the library has it. */
function write(folder: string, part: string): void {
  const file = path.join(folder, `${part}.js`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `module.exports = require(${JSON.stringify(path.join(folder, BUNDLE))})['${part}']();\n`);
}

/** The compiler that runs these tests too. It is tsx's dependency, not ours, so resolved from there. */
function esbuild(): { buildSync(options: object): unknown } {
  return createRequire(require.resolve('tsx/cjs'))('esbuild');
}
