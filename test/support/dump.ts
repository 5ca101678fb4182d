import { spawnSync } from 'node:child_process';
import type pg from 'pg';
import { copyIn } from './copy';
import type { TestDatabase } from './database';

/** A table and its rows, as COPY writes them. */
interface Data {
  copy: string;
  lines: string;
}

/** A dump that was taken without pg_dump: what is to be created before the data, the data, and what comes after it. */
export interface Dump {
  readonly before: readonly string[];
  readonly data: readonly Data[];
  readonly after: readonly string[];
}

/** Is there a pg_dump here that reads this server? The embedded package has none. */
export function pgDumpServes(versionNum: number): boolean {
  const { stdout } = spawnSync('pg_dump', ['--version'], { encoding: 'utf8' });
  return Number(/ (\d+)/.exec(stdout ?? '')?.[1] ?? 0) >= Math.floor(versionNum / 10000);
}

/** What `pg_dump --schema-only` writes of a database, but for one table; undefined where there is none that reads the server. */
export function schemaDump(db: TestDatabase, without: string): string | undefined {
  if (!pgDumpServes(db.server.versionNum)) return undefined;
  const dump = spawnSync('pg_dump', ['--schema-only', '--exclude-table', without, db.url], { encoding: 'utf8' });
  if (dump.status !== 0) throw new Error(dump.stderr);
  // Newer ones guard what they write with a word made up for each run.
  return dump.stdout.replaceAll(/^\\(un)?restrict .*$/gm, '');
}

/** `pg_dump FROM | psql TO`. */
export function pipeDump(from: string, to: string, ...options: string[]): void {
  const dump = spawnSync('pg_dump', ['--no-owner', ...options, from], { encoding: 'utf8' });
  if (dump.status !== 0) throw new Error(dump.stderr);
  const restore = spawnSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', to], {
    encoding: 'utf8',
    input: dump.stdout,
  });
  if (restore.status !== 0) throw new Error(restore.stderr);
}

/**
 * What pg_dump would write of a database, in its order: functions and tables, data, then indexes, keys, triggers,
 * rules and comments, each as the catalog itself tells it.
 */
export async function dump(db: TestDatabase): Promise<Dump> {
  const client = await db.client();
  await client.query(`SELECT set_config('search_path', '', false)`);
  const list = async (sql: string) => (await client.query<{ sql: string }>(sql)).rows.map((row) => row.sql);
  const before = [
    `SET check_function_bodies = false`,
    ...(await list(
      `SELECT format('CREATE SCHEMA IF NOT EXISTS %I', nspname) AS sql FROM pg_namespace WHERE nspname IN ('app', 'guitars')`,
    )),
    ...(await list(
      `SELECT pg_get_functiondef(oid) AS sql FROM pg_proc WHERE pronamespace::regnamespace::text IN ('app', 'guitars') ORDER BY oid`,
    )),
    ...(await list(`SELECT format('CREATE SEQUENCE %s', oid::regclass) AS sql FROM pg_class
      WHERE relkind = 'S' AND relnamespace::regnamespace::text IN ('app', 'guitars') ORDER BY oid`)),
    ...(await list(`SELECT format('CREATE %s TABLE %s (%s)', CASE relpersistence WHEN 'u' THEN 'UNLOGGED' END, c.oid::regclass,
        (SELECT string_agg(format('%I %s %s %s', attname, format_type(atttypid, atttypmod),
          CASE WHEN attnotnull THEN 'NOT NULL' END, 'DEFAULT ' || pg_get_expr(adbin, adrelid)), ', ' ORDER BY attnum)
          FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          WHERE a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped)) AS sql
      FROM pg_class AS c WHERE relkind = 'r' AND relnamespace::regnamespace::text IN ('app', 'guitars') ORDER BY c.oid`)),
  ];
  const after = [
    ...(await list(`SELECT format('SELECT setval(%L, %s)', format('%I.%I', schemaname, sequencename), last_value) AS sql
      FROM pg_sequences WHERE last_value IS NOT NULL`)),
    ...(await list(`SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS sql
      FROM pg_constraint WHERE contype IN ('p', 'u', 'f') AND connamespace::regnamespace::text IN ('app', 'guitars')
      ORDER BY contype = 'f', oid`)),
    ...(await list(`SELECT pg_get_indexdef(indexrelid) AS sql FROM pg_index JOIN pg_class AS c ON c.oid = indrelid
      WHERE relnamespace::regnamespace::text = 'app' AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`)),
    ...(await list(`SELECT pg_get_triggerdef(oid) AS sql FROM pg_trigger WHERE NOT tgisinternal`)),
    ...(await list(`SELECT pg_get_ruledef(oid) AS sql FROM pg_rewrite WHERE rulename LIKE 'guitars%'`)),
    ...(await list(`SELECT format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', oid::regprocedure) AS sql FROM pg_proc
      WHERE pronamespace::regnamespace::text = 'guitars' AND proacl IS NOT NULL`)),
    ...(await list(COMMENTS)),
  ];
  const data = await dataOf(client);
  return { before, data, after };
}

const COMMENTS = `
  SELECT format('COMMENT ON FUNCTION %s IS %L', objoid::regprocedure, description) AS sql FROM pg_description WHERE classoid = 'pg_proc'::regclass
    AND (SELECT pronamespace::regnamespace::text FROM pg_proc WHERE oid = objoid) = 'guitars'
  UNION ALL SELECT format('COMMENT ON TRIGGER %I ON %s IS %L', tgname, tgrelid::regclass, description)
    FROM pg_description JOIN pg_trigger AS t ON t.oid = objoid WHERE classoid = 'pg_trigger'::regclass
  UNION ALL SELECT format('COMMENT ON RULE %I ON %s IS %L', rulename, ev_class::regclass, description)
    FROM pg_description JOIN pg_rewrite AS r ON r.oid = objoid WHERE classoid = 'pg_rewrite'::regclass AND rulename LIKE 'guitars%'
  UNION ALL SELECT format('COMMENT ON %s %s IS %L', CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'INDEX' END, objoid::regclass, description)
    FROM pg_description JOIN pg_class AS c ON c.oid = objoid WHERE classoid = 'pg_class'::regclass AND relkind IN ('S', 'i')
      AND relnamespace::regnamespace::text IN ('app', 'guitars')`;

/** Parents before children, as pg_dump orders a data-only dump. */
async function dataOf(client: pg.Client): Promise<Data[]> {
  const { rows } = await client.query<{ name: string; columns: string; line: string }>(
    `WITH RECURSIVE levels AS (
       SELECT oid, 0 AS level FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text = 'app'
       UNION SELECT conrelid, level + 1 FROM levels JOIN pg_constraint ON confrelid = levels.oid AND contype = 'f' AND level < 10
     )
     SELECT c.oid::regclass::text AS name,
       (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns,
       (SELECT string_agg(format('coalesce(%I::text, %L)', attname, '\\N'), $$ || E'\\t' || $$ ORDER BY attnum)
         FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS line
     FROM pg_class AS c JOIN (SELECT oid, max(level) AS level FROM levels GROUP BY oid) AS l ON l.oid = c.oid ORDER BY level, name`,
  );
  const found: Data[] = [];
  for (const { name, columns, line } of rows) {
    const lines = await client.query<{ line: string }>(`SELECT ${line} AS line FROM ${name}`);
    found.push({
      copy: `COPY ${name} (${columns}) FROM STDIN`,
      lines: lines.rows.map((row) => `${row.line}\n`).join(''),
    });
  }
  return found;
}

/** Runs a dump against another database, as psql would. */
export async function restore(
  client: pg.Client,
  statements: readonly string[],
  data: readonly Data[] = [],
): Promise<void> {
  await client.query(`SELECT set_config('search_path', '', false)`);
  for (const sql of statements) await client.query(sql);
  for (const { copy, lines } of data) await copyIn(client, copy, lines);
}
