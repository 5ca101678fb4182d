import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Sequelize } from 'sequelize';
import { plan } from '../../enforcement/plan';
import { GuitarsError } from '../../errors';
import { difference } from './difference';
import { migrationFiles, stepsIn } from './files';
import { FORMATS, type MigrationFormat, type Rendered, render } from './formats';
import { fold } from './recorded';
import type { Step } from './step';

/** Options of {@link makeMigration}. */
export interface MakeOptions {
  /** The folder of the migrations. Made where it is missing. */
  folder: string;
  /** Default: `cjs`. */
  format?: MigrationFormat;
  /** The schema of models that name none. Default: `public`. */
  schema?: string;
  /** The last part of the file's name. Default: `enforcement`. */
  name?: string;
  /** Objects may exist already. Default: false. */
  adopt?: boolean;
  /** The time in the file's name. Default: now. */
  now?: Date;
}

/** A migration that the models call for; `files` is empty where there is nothing to do. */
export interface Made {
  readonly steps: readonly Step[];
  /** Absolute paths and texts, not written yet. */
  readonly files: readonly { path: string; text: string }[];
}

/**
 * The migration from what a folder's migrations record to what the models call for. Reads the folder and the models; no
 * database.
 *
 * @throws DefinitionError a model cannot be enforced
 * @throws GuitarsError the name is none, or a generated migration in the folder cannot be read
 * @example const { steps, files } = makeMigration(sequelize, { folder: 'migrations' });
 */
export function makeMigration(sequelize: Sequelize, options: MakeOptions): Made {
  const { folder, format = 'cjs', name = 'enforcement' } = options;
  if (!/^[\p{L}\p{N}_-]+$/u.test(name)) {
    throw new GuitarsError(`"${name}" cannot be part of a file's name. Use letters, digits, "-" and "_".`);
  }
  if (!FORMATS.includes(format)) {
    throw new GuitarsError(`There is no format "${format}". Use one of: ${FORMATS.join(', ')}.`);
  }
  const called = plan(sequelize, { schema: options.schema });
  const steps = difference(called, fold(stepsIn(folder)), options.adopt);
  if (steps.length === 0) return { steps, files: [] };
  const base = `${prefix(folder, options.now ?? new Date())}-${name}`;
  const rendered: Rendered[] = render(steps, format, isModule(folder));
  return { steps, files: rendered.map(({ extension, text }) => ({ path: path.join(folder, base + extension), text })) };
}

/** Writes what {@link makeMigration} made. */
export function writeMigration({ files }: Made): void {
  for (const file of files) {
    mkdirSync(path.dirname(file.path), { recursive: true });
    writeFileSync(file.path, file.text, { flag: 'wx' });
  }
}

/**
 * What the file's name begins with: one more than the last migration's number where the folder counts, otherwise the
 * time. It has to run after the last, so one that lies ahead of the time is counted on from, too.
 */
function prefix(folder: string, now: Date): string {
  const time = now.toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const last = migrationFiles(folder).at(-1) ?? '';
  const number = /^\d+(?=[-_]|\.\D)/.exec(last)?.[0];
  if (!number || (number.length === 14 && number < time)) return refuseUnlessAfter(last, time);
  return refuseUnlessAfter(last, String(BigInt(number) + 1n).padStart(number.length, '0'));
}

function refuseUnlessAfter(last: string, begin: string): string {
  if (begin > last) return begin;
  throw new GuitarsError(
    `No name that begins with "${begin}" would run after ${last}: migrations run in the order of their names. Begin ` +
      'the names with a time (YYYYMMDDHHMMSS) or with a number of a fixed width.',
  );
}

/** Does the folder lie in a package that is an ES module? */
function isModule(folder: string): boolean {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const file = path.join(at, 'package.json');
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).type === 'module';
    if (at === path.dirname(at)) return false;
  }
}
