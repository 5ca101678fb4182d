import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { QueryInterface, Sequelize, Transaction } from 'sequelize';
import { GuitarsError } from '../../errors';
import { loadModule } from '../loadModule';
import { migrationFiles, read, siblingOf, stepsOf } from '../make/files';
import type { Step } from '../make/step';

/** What a migration of the folder is given as `context`. */
export interface FolderContext {
  sequelize: Sequelize;
  queryInterface: QueryInterface;
  /** In which the migration and its log row are committed. One written by hand should pass it on. */
  transaction?: Transaction;
}

export type Direction = 'up' | 'down';

/** A migration of a folder. */
export interface FolderMigration {
  /** The file's name; of an `.sql` pair without `.up.sql`. */
  readonly name: string;
  readonly checksum: string;
  /** What it does, where `guitars make` wrote it; empty where it was written by hand. */
  readonly steps: readonly Step[];
  /** Written by `guitars make`, or plain SQL: it runs in the transaction that it is given, so it may be tried again. */
  readonly repeatable: boolean;
  /** It takes (queryInterface, Sequelize), as sequelize-cli calls it, which gives it no transaction. */
  alone(direction: Direction): Promise<boolean>;
  /** Its SQL, where that is known before it runs. */
  sql(direction: Direction): string[] | undefined;
  run(direction: Direction, context: FolderContext): Promise<unknown>;
}

type Script = Record<Direction, ((...args: unknown[]) => Promise<unknown>) | undefined>;

/** The migrations of a folder, in the order in which they run. */
export function migrationsIn(folder: string): FolderMigration[] {
  return migrationFiles(folder).map((file) => {
    const full = path.join(folder, file);
    return file.endsWith('.sql') ? sqlMigration(file, full) : scriptMigration(file, full);
  });
}

function sqlMigration(file: string, up: string): FolderMigration {
  const name = file.replace(/\.up\.sql$/, '');
  const steps = stepsOf(up);
  // The functions are judged by their texts.
  const textOf = (path: string) => (steps.length > 0 ? read(path) : readFileSync(path, 'utf8'));
  const text = { up: textOf(up), down: existsSync(siblingOf(up)) ? textOf(siblingOf(up)) : undefined };
  const sql = (direction: Direction) => {
    const found = text[direction];
    if (found === undefined)
      throw new GuitarsError(`${name} cannot be undone: there is no ${name}.down.sql. Write one.`);
    return [found];
  };
  return {
    name,
    checksum: checksum(text.up + (text.down ?? '')),
    steps,
    repeatable: true,
    alone: async () => false,
    sql,
    run: async (direction, { sequelize, transaction }) => sequelize.query(sql(direction).join(), { transaction }),
  };
}

function scriptMigration(name: string, file: string): FolderMigration {
  const steps = stepsOf(file);
  const load = async (direction: Direction) => {
    const work = ((await loadModule(file)) as Script)[direction];
    if (typeof work === 'function') return work;
    throw new GuitarsError(`${name} exports no function "${direction}". Add one, or restore the file.`);
  };
  return {
    name,
    checksum: checksum(readFileSync(file, 'utf8')),
    steps,
    repeatable: steps.length > 0,
    alone: async (direction) => (await load(direction)).length >= 2,
    sql: (direction) => {
      if (steps.length === 0) return undefined;
      const ordered = direction === 'up' ? steps : [...steps].reverse();
      return ordered.flatMap((step) => step[direction]);
    },
    run: async (direction, context) => {
      const work = await load(direction);
      if (work.length >= 2) return work(context.queryInterface, context.sequelize.constructor);
      try {
        return await work({ name, path: file, context });
      } catch (error) {
        throw error instanceof TypeError ? misread(name, direction, error) : error;
      }
    },
  };
}

function misread(name: string, direction: Direction, cause: TypeError): GuitarsError {
  return new GuitarsError(
    `${name}: ${cause.message}. With one parameter, ${direction} is given { name, path, context } as by Umzug, where ` +
      'context has sequelize, queryInterface and transaction; with two, (queryInterface, Sequelize) as by sequelize-cli.',
    { cause },
  );
}

const checksum = (text: string) =>
  createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex').slice(0, 16);
