import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { tried } from '../support/program';

interface Psql {
  readonly url: string;
  readonly folder: string;
}

/** Runs a script as one types it, and answers what the last tag counts. */
function psql({ url, folder }: Psql, script: string): Promise<number | undefined> {
  const child = spawn('psql', ['-X', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=verbose', url], { cwd: folder });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.on('data', (text) => out.push(String(text)));
  child.stderr.on('data', (text) => err.push(String(text)));
  child.stdin.end(script);
  return new Promise((resolve, reject) => {
    child.on('close', (status) => {
      if (status === 0) return resolve(counted(out.join('')));
      const [, code, message] = /ERROR: {2}(\w{5}): (.*)/.exec(err.join('')) ?? [];
      reject(code ? Object.assign(new Error(message), { code }) : new Error(err.join('')));
    });
  });
}

function counted(out: string): number | undefined {
  const last = [...out.matchAll(/^(?:DELETE|UPDATE|INSERT 0|MERGE|COPY) (\d+)$/gm)].at(-1);
  return last && Number(last[1]);
}

const COLUMNS = '(id, name, author_id, _created_at, _updated_at, _deleted_at)';
const OUT = `\\copy (SELECT id + 50, name, author_id, _created_at, _updated_at, _deleted_at FROM book) to 'books'`;
const HARD = 'BEGIN;\nSET LOCAL guitars.hard_delete = on;\n';

const SCRIPTS: [title: string, script: string, licence?: { removes?: true; brings?: true; since?: number }][] = [
  ['DELETE FROM author WHERE id = 1;', 'DELETE FROM author WHERE id = 1;'],
  ['DELETE FROM book WHERE id = 1 RETURNING id;', 'DELETE FROM book WHERE id = 1 RETURNING id;'],
  [
    'WITH gone AS (DELETE FROM book RETURNING id) SELECT * FROM gone;',
    'WITH gone AS (DELETE FROM book RETURNING id) SELECT * FROM gone;',
  ],
  [
    'MERGE INTO book … WHEN MATCHED THEN DELETE;',
    'MERGE INTO book USING room ON room.id = room_id WHEN MATCHED THEN DELETE;',
    { since: 15 },
  ],
  [
    "SELECT format('DELETE FROM %I WHERE id = 1', …) … \\gexec",
    `SELECT format('DELETE FROM %I WHERE id = 1', t) FROM unnest('{fan,book,contract}'::text[]) AS t \\gexec`,
  ],
  ['PREPARE d AS DELETE …; EXECUTE d (1);', 'PREPARE d (int) AS DELETE FROM book WHERE id = $1;\nEXECUTE d (1);'],
  [
    'BEGIN; DECLARE c CURSOR …; FETCH c; DELETE … WHERE CURRENT OF c; COMMIT;',
    'BEGIN;\nDECLARE c CURSOR FOR SELECT * FROM book ORDER BY id FOR UPDATE;\nFETCH c;\nDELETE FROM book WHERE CURRENT OF c;\nCOMMIT;',
  ],
  [
    '\\set ON_ERROR_ROLLBACK on, an error, then DELETE',
    '\\set ON_ERROR_STOP 0\n\\set ON_ERROR_ROLLBACK on\nBEGIN;\nTRUNCATE book;\nDELETE FROM book WHERE id = 1;\nCOMMIT;',
  ],
  ['TRUNCATE author CASCADE;', 'TRUNCATE author CASCADE;'],
  ['\\copy book (name, author_id) from …', `\\copy book (name, author_id) from stdin\nnew\t1\nnewer\t\\N\n\\.\n`],
  [
    '\\copy book (name, author_id) from …, of an archived author',
    `\\copy book (name, author_id) from stdin\nnew\t4\n\\.\n`,
  ],
  ['\\copy book to …, and from … again, all columns', `${OUT}\n\\copy book ${COLUMNS} from 'books'`, { brings: true }],
  [
    '\\copy … with (format binary), out and in',
    `${OUT} with (format binary)\n\\copy book ${COLUMNS} from 'books' with (format binary)`,
    { brings: true },
  ],
  [
    '\\copy … with (format csv, header), out and in',
    `${OUT} with (format csv, header)\n\\copy book ${COLUMNS} from 'books' with (format csv, header)`,
    { brings: true },
  ],
  [
    '\\copy author (id, email) from …, of a key that is archived',
    `\\copy author (id, email) from stdin\n4\tnew\n\\.\n`,
  ],
  ['\\copy author (email) from …, of a value that is archived', `\\copy author (email) from stdin\ndan\n\\.\n`],
  ['\\copy author (email) from …, of a value that is live', `\\copy author (email) from stdin\nada\n\\.\n`],
  [
    '\\copy author (_created_at, _updated_at) from …, both empty',
    `\\copy author (email, _created_at, _updated_at) from stdin\nnew\t\\N\t\\N\n\\.\n`,
  ],
  ['\\copy book from … with (freeze)', `BEGIN;\n\\copy book (name) from stdin with (freeze)\nnew\n\\.\nCOMMIT;`],
  [
    'SET LOCAL guitars.hard_delete = on; TRUNCATE book; \\copy book from … with (freeze)',
    `${HARD}TRUNCATE book;\n\\copy book (name) from stdin with (freeze)\nnew\n\\.\nCOMMIT;`,
    { removes: true },
  ],
  [
    '\\copy (DELETE FROM book WHERE id = 1 RETURNING id) to …',
    `\\copy (DELETE FROM book WHERE id = 1 RETURNING id) to stdout`,
  ],
  [
    'SET LOCAL guitars.hard_delete = on; DELETE FROM author WHERE id = 1;',
    `${HARD}DELETE FROM author WHERE id = 1;\nCOMMIT;`,
    { removes: true },
  ],
];

export const psqlCalls = tried<Psql>({
  heading: 'psql and COPY',
  missing: () =>
    spawnSync('psql', ['--version']).status === 0 ? undefined : 'there is no psql (apt-get install postgresql-client)',
  open: async (url) => ({ url, folder: fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-psql-')) }),
  close: async ({ folder }) => fs.rmSync(folder, { recursive: true }),
  calls: SCRIPTS.map(([title, script, licence = {}]) => ({ ...licence, title, run: (to: Psql) => psql(to, script) })),
});
