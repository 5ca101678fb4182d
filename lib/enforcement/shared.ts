import type { Transaction } from 'sequelize';
import { migrations, SHARED_VERSION } from '../../migrations';
import { literal } from '../sql/identifiers';
import { type Queryable, select } from './catalog';

/** A function of the package's own migration set, as the catalog keeps it. */
export interface SharedFunction {
  readonly name: string;
  /** `guitars.name(argument types)` */
  readonly signature: string;
  readonly body: string;
  readonly language: string;
  readonly definer: boolean;
  /** Its settings, as pg_proc.proconfig has them; empty where there are none. */
  readonly settings: string;
}

/** What is not as the package's migration set left it. */
export interface SharedFault {
  readonly name: string;
  readonly kind: 'function' | 'table';
  readonly reason: string;
}

const FUNCTION =
  /CREATE OR REPLACE FUNCTION guitars\.(\w+)\(([^)]*)\)\s+RETURNS [\w ]+?\s+LANGUAGE (\w+)([^$']*?)\s+AS (\$\w*\$|')([\s\S]*)\5/;
const TABLE = /CREATE (?:UNLOGGED )?TABLE IF NOT EXISTS guitars\.(\w+)/;

/** The shared functions, each in the latest of its definitions. */
export function sharedFunctions(set = migrations): SharedFunction[] {
  const found = new Map<string, SharedFunction>();
  for (const sql of set.flatMap(({ up }) => up)) {
    const [, name = '', args = '', language = '', options = '', , body = ''] = FUNCTION.exec(sql) ?? [];
    if (!name) continue;
    const types = args.split(',').map((argument) => argument.trim().split(/\s+/).slice(1).join(' '));
    const signature = `guitars.${name}(${types.join(', ')})`;
    const settings = [...options.matchAll(/\bSET (\w+) = (.+?)(?=\s+SET |\s*$)/g)];
    found.set(signature, {
      name,
      signature,
      body,
      language,
      definer: /SECURITY DEFINER/.test(options),
      settings: settings.map(([, setting, value]) => `${setting}=${value}`).join(';'),
    });
  }
  return [...found.values()];
}

const sharedTables = () => migrations.flatMap(({ up }) => up.flatMap((sql) => TABLE.exec(sql)?.[1] ?? []));

interface Row {
  n: number;
  there: boolean;
  body: string;
  language: string;
  definer: boolean;
  settings: string;
}

/** Compares the shared functions and tables in the database with what the package's migrations say, body by body. */
export async function sharedFaults(db: Queryable, transaction?: Transaction | null): Promise<SharedFault[]> {
  const functions = sharedFunctions();
  const values = functions.map(({ signature }, n) => `(${n}, to_regprocedure(${literal(signature)}))`);
  const rows = await select<Row>(
    db,
    `SELECT n, p.oid IS NOT NULL AS there, prosrc AS body, lanname AS language, prosecdef AS definer,
        array_to_string(coalesce(proconfig, '{}'), ';') AS settings
      FROM (VALUES ${values.join(', ')}) AS functions(n, known) LEFT JOIN pg_proc AS p ON p.oid = known
      LEFT JOIN pg_language AS l ON l.oid = p.prolang ORDER BY n`,
    transaction,
  );
  const tables = sharedTables().map((name) => `(${literal(name)}, to_regclass(${literal(`guitars.${name}`)}))`);
  const missing = await select<{ name: string }>(
    db,
    `SELECT name FROM (VALUES ${tables.join(', ')}) AS tables(name, known) WHERE known IS NULL`,
    transaction,
  );
  return [
    ...rows.flatMap((row) => faultOf(functions[row.n] as SharedFunction, row)),
    ...missing.map(({ name }) => ({ name, kind: 'table' as const, reason: 'it is not in the database' })),
  ];
}

/** The version of the shared functions in the database; undefined where there are none. */
export async function sharedVersion(db: Queryable, transaction?: Transaction | null): Promise<number | undefined> {
  const [row] = await select<{ there: boolean }>(
    db,
    `SELECT to_regprocedure('guitars.version()') IS NOT NULL AS there`,
    transaction,
  );
  if (!row?.there) return undefined;
  const [found] = await select<{ version: number }>(db, 'SELECT guitars.version() AS version', transaction);
  return found?.version;
}

/** Are they of a package newer than this one, which alone could judge them? */
export const isNewer = (version: number) => version > SHARED_VERSION;

function faultOf(wanted: SharedFunction, row: Row): SharedFault[] {
  const fault = (reason: string) => [{ name: wanted.name, kind: 'function' as const, reason }];
  if (!row.there) return fault('it is not in the database');
  if (row.body !== wanted.body || row.language !== wanted.language) return fault('its body was edited');
  if (row.definer !== wanted.definer) {
    return fault(wanted.definer ? 'it no longer runs as its owner' : 'it runs as its owner, and should not');
  }
  if (row.settings !== wanted.settings) return fault('its settings were changed (search_path, or another)');
  return [];
}
