import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { QueryInterface, Sequelize, Transaction } from 'sequelize';
import { GuitarsError } from '../../errors';
import { loadModule } from '../loadModule';
import { migrationFiles, siblingOf, stepsOf } from '../make/files';

/** What a migration of the folder is given as `context`. */
export interface FolderContext {
  sequelize: Sequelize;
  queryInterface: QueryInterface;
  /** In which the migration and its log row are committed. One written by hand should pass it on. */
  transaction: Transaction;
}

export type Direction = 'up' | 'down';

/** A migration of a folder. */
export interface FolderMigration {
  /** The file's name; of an `.sql` pair without `.up.sql`. */
  readonly name: string;
  readonly checksum: string;
  /** Written by `guitars make`, or plain SQL: it runs in the transaction that it is given, so it may be tried again. */
  readonly repeatable: boolean;
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
  const text = { up: readFileSync(up, 'utf8'), down: readFileSync(siblingOf(up), 'utf8') };
  return {
    name: file.replace(/\.up\.sql$/, ''),
    checksum: checksum(text.up + text.down),
    repeatable: true,
    sql: (direction) => [text[direction]],
    run: (direction, { sequelize, transaction }) => sequelize.query(text[direction], { transaction }),
  };
}

function scriptMigration(name: string, file: string): FolderMigration {
  const steps = stepsOf(file);
  return {
    name,
    checksum: checksum(readFileSync(file, 'utf8')),
    repeatable: steps.length > 0,
    sql: (direction) => {
      if (steps.length === 0) return undefined;
      const ordered = direction === 'up' ? steps : [...steps].reverse();
      return ordered.flatMap((step) => step[direction]);
    },
    run: async (direction, context) => {
      const script = (await loadModule(file)) as Script;
      const work = script[direction];
      if (typeof work !== 'function') {
        throw new GuitarsError(`${name} exports no function "${direction}". Add one, or restore the file.`);
      }
      // Two parameters: written for sequelize-cli.
      if (work.length >= 2) return work(context.queryInterface, context.sequelize.constructor);
      return work({ name, path: file, context });
    },
  };
}

const checksum = (text: string) =>
  createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex').slice(0, 16);
