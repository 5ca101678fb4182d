import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../errors';

const TYPESCRIPT = ['.ts', '.mts', '.cts'];
const EXTENSIONS = ['', '.ts', '.mts', '.js', '.cjs', '.mjs', '.json', '/index.ts', '/index.js', '/index.mjs'];

/**
 * Loads a module of the application, CommonJS or ESM, TypeScript where the application has something that runs it.
 *
 * @param name an export to take where there is no default
 * @throws ConfigError with what to install, or what the module itself said
 */
export async function loadModule(file: string, name?: string): Promise<unknown> {
  const require = createRequire(path.join(path.dirname(file), 'noop.js'));
  const found = resolve(require, file);
  if (TYPESCRIPT.includes(path.extname(found))) registerTypeScript(require, found);
  const exported = await load(require, found);
  const inner = exported.default as Record<string, unknown> | undefined;
  // An ES module that was transpiled to CommonJS has its default inside the default.
  const fallback = inner && typeof inner === 'object' && 'default' in inner ? inner.default : inner;
  return (name && (exported[name] ?? inner?.[name])) || (fallback ?? exported);
}

function resolve(require: NodeJS.Require, file: string): string {
  for (const extension of EXTENSIONS) {
    try {
      return require.resolve(`${file}${extension}`);
    } catch {}
  }
  throw new ConfigError(`There is no module ${file}. Check the path.`);
}

async function load(require: NodeJS.Require, file: string): Promise<Record<string, unknown>> {
  try {
    const loaded = require(file);
    return typeof loaded === 'object' && loaded !== null && loaded.__esModule ? loaded : { default: loaded, ...loaded };
  } catch (error) {
    const { code } = (error ?? {}) as { code?: string };
    if (code !== 'ERR_REQUIRE_ESM' && code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  }
}

function registerTypeScript(require: NodeJS.Require, file: string): void {
  if (require.extensions['.ts']) return;
  for (const loader of ['tsx/cjs', 'ts-node/register/transpile-only', '@swc-node/register']) {
    try {
      require(loader);
      return;
    } catch {}
  }
  // Last: Node's own leaves out what is more than types, such as decorators and enums.
  if ((process.features as { typescript?: unknown }).typescript) return;
  throw new ConfigError(
    `${file} is TypeScript, and nothing here runs it. Install one that does (npm i -D tsx), or name the compiled JavaScript.`,
  );
}
