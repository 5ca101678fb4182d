import fs from 'node:fs';
import path from 'node:path';
import { pgliteFiles } from './pglite';

/** Something to run the suite on. */
export interface Target {
  readonly name: string;
  /** The Node.js that runs it. */
  readonly node: string;
  readonly env: NodeJS.ProcessEnv;
  /** Why it cannot be run here; undefined where it can. */
  readonly missing?: string;
  /** The files to run, if not all. */
  readonly files?: readonly string[];
}

/** PostgreSQL 18 is what `npm ci` installs: it stands for the Node.js that runs this, as well. */
export const TARGETS: readonly string[] = [
  'postgres-14',
  'postgres-15',
  'postgres-16',
  'postgres-17',
  'postgres-18',
  'node-22',
  'node-24',
  'pglite',
];

/** @param name one of `TARGETS`, or several at once: `postgres-15+node-22` */
export function target(name: string): Target {
  const { GUITARS_POSTGRES, DATABASE_URL, ...env } = process.env;
  let all: Target = { name, node: process.execPath, env };
  for (const part of name.split('+')) all = { ...all, ...on(part, all.env) };
  return all;
}

/** What one of `TARGETS` asks for. */
function on(name: string, env: NodeJS.ProcessEnv): Partial<Target> {
  const [what, version = ''] = name.split('-');
  if (what === 'pglite') return { env: { ...env, GUITARS_POSTGRES: 'pglite' }, files: pgliteFiles() };
  // 18 is the default, and not among those of this folder.
  if (what === 'postgres') return version === '18' ? {} : { env: { ...env, GUITARS_POSTGRES: version } };
  const node = path.join(__dirname, 'node_modules', name, 'bin', 'node');
  if (!fs.existsSync(node)) return { missing: `npm has no Node.js ${version} for ${process.platform} ${process.arch}` };
  // Tests that start `node` by its name are to get the same one.
  return { node, env: { ...env, PATH: `${path.dirname(node)}${path.delimiter}${env.PATH}` } };
}
