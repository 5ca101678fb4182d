import fs from 'node:fs';
import path from 'node:path';
import { SCHEMAS } from '../world';
import { fresh, must, run } from './programs';

/** Where to restore: as the application's role, and as a superuser. */
export interface Target {
  readonly app: string;
  readonly admin: string;
}

/** One way to dump a database and to restore it. */
export interface Form {
  readonly name: string;
  /** Where the restore begins: nothing at all, the tables with their enforcement, or the whole world, changed since. */
  readonly onto?: 'nothing' | 'enforced' | 'world';
  /** Needs a superuser. */
  readonly superuser?: true;
  /** What differs afterwards, by the beginning of its name. */
  readonly differs?: readonly string[];
  /** How many errors `audit` finds, that `install` mends: none, or some. */
  readonly audited?: 'some';
  /** Errors of PostgreSQL's own that do no harm: the restore goes on. */
  readonly tolerates?: RegExp;
  /** Is what is restored without rows? */
  readonly empty?: true;
  run(from: string, to: Target, scratch: string): void;
}

const QUIET = ['-X', '-q'];
const STOP = [...QUIET, '-v', 'ON_ERROR_STOP=1'];
/** A history that is restored must not be written by its triggers as well; see docs/dumps.md. */
const DOOR = '-c guitars.edit_history=on';

/** The role that restores is not the owner of `public`, nor of extensions. */
const owning = ({ superuser }: Partial<Form>) => (superuser ? [] : ['--no-owner']);
const goal = ({ superuser }: Partial<Form>, to: Target) => (superuser ? to.admin : to.app);
const door = ({ onto }: Partial<Form>) => (onto === 'enforced' ? DOOR : '');

/** Stops at the first error; or goes on, where some are expected, and refuses any other. */
function restore(program: 'psql' | 'pg_restore', args: readonly string[], more: Partial<Form>, input = ''): void {
  const how = { input, options: door(more) };
  const stop = program === 'psql' ? ['-v', 'ON_ERROR_STOP=1'] : ['--exit-on-error'];
  if (!more.tolerates) must(program, [...stop, ...args], how);
  else {
    const errors = run(program, args, how).stderr.match(/ERROR: .*/g) ?? [];
    const others = errors.filter((error) => !more.tolerates?.test(error));
    if (others.length > 0) throw new Error(`${program} ${args.join(' ')}\n${others.join('\n')}`);
  }
}

const plain = (options: readonly string[] = [], more: Partial<Form> = {}, psql: readonly string[] = []): Form => ({
  name: ['pg_dump', ...options, '| psql', ...psql, more.superuser ? '(superuser)' : ''].join(' ').trim(),
  ...more,
  run: (from, to) => {
    const input = must('pg_dump', [...owning(more), ...options, from]);
    restore('psql', [...QUIET, ...psql, goal(more, to)], more, input);
  },
});

const archive = (
  format: string,
  options: readonly string[],
  more: Partial<Form> = {},
  dump: readonly string[] = [],
): Form => ({
  name: [`pg_dump -F${format}`, ...dump, '| pg_restore', ...options, more.superuser ? '(superuser)' : '']
    .join(' ')
    .trim(),
  ...more,
  run: (from, to, scratch) => {
    const file = fresh(path.join(scratch, `dump.${format}`));
    must('pg_dump', [`-F${format}`, '-f', file, ...dump, from]);
    restore('pg_restore', [...owning(more), ...options, '-d', goal(more, to), file], more);
    fs.rmSync(file, { recursive: true });
  },
});

const sections: Form = {
  name: 'pg_dump --section=pre-data, data, post-data',
  run: (from, { app }) => {
    for (const section of ['pre-data', 'data', 'post-data'])
      must('psql', [...STOP, app], { input: must('pg_dump', ['--no-owner', `--section=${section}`, from]) });
  },
};

// Rows of the tables, not what guitars itself keeps; and not what declared triggers would judge anew.
const DATA_ONLY = ['--data-only'];
const DATA = [...DATA_ONLY, ...SCHEMAS.map((schema) => `--schema="${schema.replaceAll('"', '""')}"`)];
/** A sequence that tells who linked last holds the id of a transaction, which means nothing elsewhere. */
const LINKS = 'value of guitars.';

/**
 * Data alone, with all triggers on. Tables whose rows PostgreSQL's own keys refuse in the order of a dump come after the others,
 * as a superuser may bring them.
 */
const data = (options: readonly string[], late: readonly string[]): Form => ({
  name: ['pg_dump', ...DATA_ONLY, ...options, '| psql'].join(' '),
  onto: 'enforced',
  differs: [LINKS],
  run: (from, { app, admin }) => {
    const but = late.map((table) => `--exclude-table=${table}`);
    must('psql', [...STOP, app], { input: must('pg_dump', [...DATA, ...options, ...but, from]), options: DOOR });
    const rest = ['--data-only', '--disable-triggers', ...late.map((table) => `--table=${table}`)];
    must('psql', [...STOP, admin], { input: must('pg_dump', [...rest, from]), options: DOOR });
  },
});

/** Keys in a circle; and those of partitions, which pg_dump does not put behind what they refer to. */
const LATE = ['*.yin', '*.yang', 'app.event*'];

/** For every pair of versions; the short form runs the first. */
export const FEW: readonly Form[] = [archive('c', ['-j', '2']), data([], LATE)];

const CLEAN = ['--clean', '--if-exists'];
const SUPERUSER = { superuser: true } as const;
/** Constraints of a partition go with those of its table, which pg_dump --clean drops later. */
const OVER = { onto: 'world', ...SUPERUSER, tolerates: /cannot drop inherited constraint/ } as const;

/** For a pair or two. */
export const MORE: readonly Form[] = [
  plain(),
  plain([], {}, ['--single-transaction']),
  plain([], SUPERUSER),
  plain(['--quote-all-identifiers']),
  archive('c', []),
  archive('c', ['--single-transaction']),
  archive('c', CLEAN, OVER),
  archive('d', ['-j', '2'], {}, ['-j', '2']),
  archive('t', []),
  plain(CLEAN, OVER),
  plain(['--inserts']),
  plain(['--column-inserts']),
  plain(['--rows-per-insert=7', '--on-conflict-do-nothing']),
  plain(['--load-via-partition-root']),
  plain(['--no-comments'], { differs: ['comment '], audited: 'some' }),
  plain(['--no-privileges'], { differs: ['privileges of '], audited: 'some' }),
  plain(['--schema-only'], { differs: ['rows of ', 'value of '], empty: true }),
  sections,
  archive('c', ['--disable-triggers'], { onto: 'enforced', ...SUPERUSER, differs: [LINKS] }, DATA),
  // Row by row, a row of a tree may well come before the one that it refers to.
  data(['--inserts', '--on-conflict-do-nothing'], [...LATE, '*.node']),
];
