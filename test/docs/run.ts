import { createRequire } from 'node:module';
import { expect } from 'chai';
import type pg from 'pg';
import { emitted, OURS } from './program';

type Caught = Error & { code?: string; parent?: { code?: string } };

/** Runs a program against the database behind `url`; its SQL goes through `client`. */
export async function run(program: string, url: string, client: pg.Client): Promise<void> {
  const names = {
    require: (name: string) => createRequire(__filename)(OURS[name] ?? name),
    exports: {},
    process: { env: { ...process.env, DATABASE_URL: url } },
    __expect: expect,
    __fails: fails,
    __sql: (text: string) => send(client, text),
  };
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...args: unknown[]) => Promise<void>;
  await new AsyncFunction(...Object.keys(names), emitted(program))(...Object.values(names));
}

async function fails(work: () => unknown, expected: string): Promise<void> {
  const error = await caught(work);
  expect(`${error.constructor.name} ${error.parent?.code}`, error.message).to.match(new RegExp(`^${expected}\\b`));
}

/** Sends statements. `-- → ` after one says what comes: the command's tag, the values of its one row, or `ERROR 23503`. */
async function send(client: pg.Client, text: string): Promise<void> {
  const { rows } = await client.query<{ major: number }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS major`,
  );
  for (const [, statement = '', expected] of text.matchAll(/([^;]+);(?: *-- → (.*))?/g)) {
    // PostgreSQL 14 does not know it.
    if (/^\s*MERGE\b/.test(statement) && Number(rows[0]?.major) < 15) continue;
    const answer = expected?.startsWith('ERROR')
      ? `ERROR ${(await caught(() => client.query(statement))).code}`
      : answerOf(await client.query(statement));
    if (expected) expect(answer, statement).to.equal(expected);
  }
}

function answerOf({ command, rowCount, rows }: pg.QueryResult<Record<string, unknown>>): string {
  return rows.length === 1 ? Object.values(rows[0] ?? {}).join(' | ') : `${command} ${rowCount}`;
}

async function caught(work: () => unknown): Promise<Caught> {
  try {
    await work();
  } catch (error) {
    return error as Caught;
  }
  throw new Error('Nothing was refused.');
}
