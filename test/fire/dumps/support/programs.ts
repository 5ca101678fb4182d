import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { installed } from '../../../support/server/binaries';

/** PostgreSQL's programs for dumps, which the embedded packages do not bring. */
export type Program = 'pg_dump' | 'pg_restore' | 'psql' | 'pg_upgrade';

const DEFAULT = process.env.GUITARS_POSTGRES || '18';
const MAJORS = ['14', '15', '16', '17', '18'];

/** The major version of this machine's pg_dump; 0 where there is none. */
export function dumpMajor(): number {
  const found = (['pg_dump', 'pg_restore', 'psql'] as const).map((program) => {
    const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
    return Number(/ (\d+)/.exec(stdout ?? '')?.[1] ?? 0);
  });
  return Math.min(...found);
}

/** The embedded servers that can be started here. */
export const targets = (): string[] => MAJORS.filter((major) => major === DEFAULT || installed(major));

/** Those that this machine's pg_dump reads. */
export const sources = (): string[] => targets().filter((major) => Number(major) <= dumpMajor());

/** What `startCluster` wants to hear of a major version: nothing of its default. */
export const asked = (major: string) => (major === DEFAULT ? {} : { major });

/** Why nothing can be dumped here, and what to do about it; undefined where it can. */
export function lacking(): string | undefined {
  if (dumpMajor() === 0) return 'no pg_dump: apt-get install postgresql-client';
  if (sources().length > 0) return undefined;
  return `pg_dump ${dumpMajor()} reads none of the servers here: npm ci --prefix test/fire/versions`;
}

/** How a program has ended. */
export interface Ended {
  readonly status: number | null;
  readonly stderr: string;
  readonly stdout: string;
}

/** Runs a program; `options` are settings of its session, as `PGOPTIONS` says them. */
export function run(program: Program, args: readonly string[], { input = '', options = '' } = {}): Ended {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    input,
    maxBuffer: 2 ** 28,
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC', ...(options ? { PGOPTIONS: options } : {}) },
  });
  // One that stops at an error leaves the rest of its input unread.
  if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  return { status, stdout, stderr };
}

/** The same of one that has to succeed, without a word of complaint. */
export function must(
  program: Program,
  args: readonly string[],
  how: { input?: string; options?: string } = {},
): string {
  const { status, stdout, stderr } = run(program, args, how);
  // Where a foreign key refers to its own table, a dump of data alone says that it may be hard to restore.
  const complaints = stderr.replaceAll(/^pg_dump: (warning|detail|hint): .*$/gm, '').trim();
  if (status !== 0 || complaints) throw new Error(`${program} ${args.join(' ')}\n${stderr}`);
  return stdout;
}

/** Makes a file's name for a dump, and removes what is there. */
export function fresh(file: string): string {
  fs.rmSync(file, { recursive: true, force: true });
  return file;
}
