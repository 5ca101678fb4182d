import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { historyFault, isFiltered, storedColumns } from '../history/objects/table';
import { ident, literal, qualified, type TableRef } from '../sql/identifiers';
import { RULE } from '../sql/names';
import type { EnforcedObject } from './object';
import { homeOf, SEALED } from './seal';

/** How an enforced object stands in the live catalog. */
export type Status = 'installed' | 'missing' | 'drifted' | 'disabled';

/** An enforced object and its status; `reason` says in a few words what is not as it should be. */
export interface ObjectStatus {
  readonly object: EnforcedObject;
  readonly status: Status;
  readonly reason?: string;
  /** How it stands, whether or not it is switched on. `outdated`: as it was made, for other models or by another version. */
  readonly content: 'missing' | 'outdated' | 'drifted' | 'current';
  /** When a trigger or rule fires: pg_trigger.tgenabled. */
  readonly firing?: 'O' | 'A' | 'D' | 'R';
}

export type Queryable = Pick<Sequelize, 'query'>;

/** Runs a SELECT. */
export async function select<R extends object>(
  db: Queryable,
  sql: string,
  transaction?: Transaction | null,
): Promise<R[]> {
  // A read outside a transaction would go to a replica, which may lag behind what was just installed.
  const options = { type: QueryTypes.SELECT, transaction, useMaster: true, logging: false };
  return (await db.query(sql, options as never)) as unknown as R[];
}

interface Row {
  n: number;
  found: boolean;
  definition: string | null;
  mark: string | null;
  body: string | null;
  enabled: string | null;
}

/** Looks every object up in the catalog, in one query. */
export async function statusesOf(
  db: Queryable,
  objects: readonly EnforcedObject[],
  transaction?: Transaction | null,
): Promise<ObjectStatus[]> {
  const rows: Row[] = [];
  // In slices: the statement has a row for each object, and its text would grow without bound.
  for (let from = 0; from < objects.length; from += 500) {
    const values = objects.slice(from, from + 500).map((object, n) => `(${from + n}, ${lookup(object)})`);
    const sql = `SELECT n, found, definition, split_part(mark, ' ', 2) || ' ' || split_part(mark, ' ', 3) AS mark, body, enabled
      FROM (VALUES ${values.join(',\n')}) AS objects(n, found, definition, mark, body, enabled)`;
    rows.push(...(await select<Row>(db, sql, transaction)));
  }
  return rows.map((row) => ({
    object: objects[row.n] as EnforcedObject,
    ...judge(objects[row.n] as EnforcedObject, row),
  }));
}

function lookup(object: EnforcedObject): string {
  const table = `to_regclass(${literal(qualified(object.table))})`;
  if (object.kind === 'column') {
    const type = `(SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = ${table} AND attname = ${literal(object.name)} AND NOT attisdropped)`;
    return `${type} IS NOT NULL, ${type}, NULL, NULL, NULL`;
  }
  if (object.columns) {
    const ref = qualified({ schema: object.table.schema, name: object.name });
    const found = `to_regclass(${literal(ref)})`;
    const fault = historyFault(ref, object.columns.partitioned);
    return `${found} IS NOT NULL, ${differences(object, found)}, NULL, ${fault}, NULL`;
  }
  const definition = `guitars.definition(${[object.kind, qualified(object.table), object.name].map(literal).join(', ')})`;
  return `${definition} IS NOT NULL, md5(${definition}), ${comment(object, table)}, ${body(object)}, ${enabled(object, table)}`;
}

/** Columns of a table of ours that are not there, or not what the table that it serves calls for. */
function differences({ table, columns }: EnforcedObject, found: string): string {
  const { all = [], text = [] } = columns ?? {};
  return `(SELECT string_agg(wanted.name, ', ') FROM (${storedColumns(qualified(table), all, text)}) AS wanted
    LEFT JOIN pg_attribute AS a ON a.attrelid = ${found} AND a.attname = wanted.name AND NOT a.attisdropped
    WHERE format_type(a.atttypid, a.atttypmod) IS DISTINCT FROM wanted.type OR ${isFiltered('a')} <> wanted.filtered)`;
}

function comment(object: EnforcedObject, table: string): string {
  const name = literal(object.name);
  const from: Record<string, string> = {
    function: `(SELECT obj_description(to_regprocedure(${literal(`${homeOf(object)}()`)}), 'pg_proc'))`,
    sequence: `(SELECT obj_description(to_regclass(${literal(homeOf(object))}), 'pg_class'))`,
    index: `(SELECT obj_description(to_regclass(${literal(qualified({ schema: object.table.schema, name: object.name }))}), 'pg_class'))`,
    trigger: `(SELECT obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE tgrelid = ${table} AND tgname = ${name})`,
    rule: `(SELECT obj_description(oid, 'pg_rewrite') FROM pg_rewrite WHERE ev_class = ${table} AND rulename = ${name})`,
  };
  return from[object.kind] ?? 'NULL';
}

function body(object: EnforcedObject): string {
  if (object.kind !== 'function') return 'NULL';
  return `(SELECT prosrc FROM pg_proc WHERE oid = to_regprocedure(${literal(`${homeOf(object)}()`)}))`;
}

function enabled(object: EnforcedObject, table: string): string {
  const name = literal(object.name);
  if (object.kind === 'trigger')
    return `(SELECT tgenabled::text FROM pg_trigger WHERE tgrelid = ${table} AND tgname = ${name})`;
  if (object.kind === 'rule')
    return `(SELECT ev_enabled::text FROM pg_rewrite WHERE ev_class = ${table} AND rulename = ${name})`;
  return 'NULL';
}

function judge(object: EnforcedObject, row: Row): Omit<ObjectStatus, 'object'> {
  const firing = (row.enabled ?? undefined) as ObjectStatus['firing'];
  const { content, reason } = contentOf(object, row);
  const status = { missing: 'missing', outdated: 'drifted', drifted: 'drifted', current: 'installed' } as const;
  if (firing === 'D') return { status: 'disabled', reason: 'somebody has switched it off', content, firing };
  if (firing === 'R') return { status: 'disabled', reason: 'it fires on replicas only', content, firing };
  return { status: status[content], reason, content, firing };
}

function contentOf(object: EnforcedObject, row: Row): Pick<ObjectStatus, 'content' | 'reason'> {
  if (!row.found) return { content: 'missing', reason: 'it is not in the database' };
  if (object.type !== undefined && row.definition !== object.type) {
    return { content: 'drifted', reason: `it is of type ${row.definition}, and has to be ${object.type}` };
  }
  if (object.columns) {
    if (row.body) return { content: 'drifted', reason: row.body };
    if (!row.definition) return { content: 'current' };
    return { content: 'outdated', reason: `it does not hold these as the table has them: ${row.definition}` };
  }
  const [digest, definition] = (row.mark ?? '').split(' ');
  const sealed = SEALED.includes(object.kind);
  if (sealed && !digest) {
    return { content: 'drifted', reason: 'there is no telling what it was made for, since its comment is lost' };
  }
  if (sealed && digest !== object.digest) {
    return { content: 'outdated', reason: 'it was made for other models or by another version' };
  }
  if (object.body !== undefined && row.body !== object.body) return { content: 'drifted', reason: 'its body differs' };
  if (sealed && definition !== row.definition) return { content: 'drifted', reason: 'it was edited by hand' };
  return { content: 'current' };
}

/** Triggers and rules of ours on these tables; a user's may well have a name like ours. */
export async function oursOn(
  db: Queryable,
  tables: readonly TableRef[],
  transaction?: Transaction | null,
): Promise<{ kind: 'trigger' | 'rule'; name: string; table: TableRef; drop: string }[]> {
  if (tables.length === 0) return [];
  const oids = tables.map((table) => `to_regclass(${literal(qualified(table))})`).join(', ');
  const rows = await select<{ kind: 'trigger' | 'rule'; name: string; schema: string; table: string }>(
    db,
    `SELECT kind, name, nspname AS schema, relname AS table FROM (
       SELECT 'trigger' AS kind, tgname::text AS name, tgrelid AS target FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = tgfoid
         WHERE NOT tgisinternal AND tgparentid = 0
           AND (p.pronamespace = to_regnamespace('guitars') OR obj_description(t.oid, 'pg_trigger') LIKE 'guitars %')
       UNION ALL SELECT 'rule', rulename::text, ev_class FROM pg_rewrite AS r
         WHERE rulename = '${RULE}' OR obj_description(r.oid, 'pg_rewrite') LIKE 'guitars %'
     ) AS objects JOIN pg_class AS c ON c.oid = target JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE name LIKE 'guitars\\_%' AND target IN (${oids})`,
    transaction,
  );
  return rows.map(({ kind, name, schema, table }) => {
    const ref = { schema, name: table };
    return { kind, name, table: ref, drop: `DROP ${kind.toUpperCase()} IF EXISTS ${ident(name)} ON ${qualified(ref)}` };
  });
}
