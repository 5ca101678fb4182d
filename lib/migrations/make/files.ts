import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { GuitarsError } from '../../errors';
import type { Step } from './step';

/** What precedes the steps of a generated migration, and what follows them, in every script format. */
export const BEGIN = 'const steps = [';
export const END = '];\n// end of steps';
/** What precedes each step of an `.sql` file; the step's description as JSON follows. */
export const SQL_STEP = '-- guitars ';
/** What every generated migration says of itself. */
export const WRITTEN = 'written by "guitars make"';

const SCRIPT = /\.(ts|mts|cts|js|cjs|mjs)$/;

/** The names of the migrations in a folder, in the order in which they run; none where there is no folder. */
export function migrationFiles(folder: string): string[] {
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
  const runs = files.filter((file) => (SCRIPT.test(file) && !/\.d\.[cm]?ts$/.test(file)) || file.endsWith('.up.sql'));
  return runs.sort();
}

/** The steps of all generated migrations of a folder; those written by hand have none. */
export function stepsIn(folder: string): Step[] {
  return migrationFiles(folder).flatMap((file) => stepsOf(path.join(folder, file)));
}

/**
 * The steps of one migration.
 *
 * @throws GuitarsError it was generated, and its steps cannot be read any more
 */
export function stepsOf(file: string): Step[] {
  const text = read(file);
  try {
    return file.endsWith('.sql') ? sqlSteps(text, siblingOf(file)) : scriptSteps(text);
  } catch (cause) {
    throw new GuitarsError(
      `${file} was written by guitars make, and its steps cannot be read: ${(cause as Error).message}. ` +
        'Restore the file; what has been applied is changed by another migration.',
      { cause },
    );
  }
}

// The steps are a literal of plain strings, the same in every script format.
function scriptSteps(text: string): Step[] {
  const begin = text.indexOf(BEGIN);
  // One written by hand may have steps of its own.
  if (begin < 0 || !(text.includes(END) || text.includes(WRITTEN))) return [];
  if (!text.includes(END)) throw new Error('the end of the steps is missing');
  const literal = text.slice(begin + BEGIN.length, text.indexOf(END));
  return JSON.parse(JSON.stringify(vm.runInNewContext(`([${literal}])`, {}, { timeout: 1000 }))) as Step[];
}

function sqlSteps(up: string, downFile: string): Step[] {
  if (!up.split('\n').some(isStep)) return [];
  if (!existsSync(downFile)) throw new Error(`${path.basename(downFile)} is missing`);
  const down = new Map(blocks(read(downFile)).map(([about, sql]) => [identity(about), sql]));
  return blocks(up).map(([about, sql]) => ({ ...about, up: sql, down: down.get(identity(about)) ?? [] }) as Step);
}

const identity = ({ kind, table, name }: Partial<Step>) => JSON.stringify([kind, table, name]);

/** Anybody may write of guitars in a comment. */
const isStep = (line: string) => line.startsWith(`${SQL_STEP}{`);

/** The steps of an `.sql` file, each with its statements; by the number of their lines, since names may hold what is between them. */
function blocks(text: string): [Partial<Step>, string[]][] {
  const lines = text.split('\n');
  const found: [Partial<Step>, string[]][] = [];
  let n = 0;
  const take = (count: number) => {
    n += count;
    return lines.slice(n - count, n).join('\n');
  };
  while (n < lines.length) {
    const line = take(1);
    if (!isStep(line)) continue;
    const { lines: counts, ...about } = JSON.parse(line.slice(SQL_STEP.length)) as Partial<Step> & { lines?: number[] };
    if (counts) {
      const statements = counts.map(take);
      const next = lines[n] ?? '';
      // Else somebody has added lines, or joined some.
      if (!statements.every((sql) => sql.trimEnd().endsWith(';')) || (next.trim() !== '' && !isStep(next)))
        throw new Error(`the statements below ${line.slice(0, 80)} are not those that were written`);
      found.push([about, statements.map(withoutEnd)]);
    } else {
      // Of a version that did not count them. A seal stays a statement of its own where the rest is put into a block.
      const next = lines.findIndex((each, at) => at >= n && isStep(each));
      found.push([
        about,
        withoutEnd(take((next < 0 ? lines.length : next) - n)).split(/;\n(?=SELECT guitars\.seal\()/),
      ]);
    }
  }
  return found;
}

const withoutEnd = (sql: string) => sql.trim().replace(/;$/, '');

/** A file as it was written: a checkout may have changed the ends of lines, of all of them: others are within a name. */
export function read(file: string): string {
  const text = readFileSync(file, 'utf8');
  return /(?<!\r)\n/.test(text) ? text : text.replaceAll('\r\n', '\n');
}

/** `NAME.down.sql` of `NAME.up.sql`. */
export const siblingOf = (file: string) => file.replace(/\.up\.sql$/, '.down.sql');
