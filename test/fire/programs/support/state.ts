import type pg from 'pg';
import { KEPT, TABLES, type TableName } from './world';

export type Row = Record<string, unknown>;

/** Every row of every table, by key, as the server tells it: times as text, to the microsecond. */
export interface State {
  readonly clock: string;
  readonly rows: ReadonlyMap<TableName, ReadonlyMap<string, Row>>;
  /** Entries of the history of books, in order. */
  readonly history: readonly { entry: number; id: number; operation: string }[];
}

const tell = (table: TableName) => `SELECT '${table}' AS on, to_jsonb(own) AS row FROM ${table} AS own`;
const ENTRIES = `SELECT coalesce(jsonb_agg(jsonb_build_object('entry', _entry, 'id', id, 'operation', _operation) ORDER BY _entry), '[]') FROM book_history`;

/** Reads the state, in SQL apart from the library. `names` says where a table has gone to, undefined that it is no more. */
export async function readState(
  client: Pick<pg.Client, 'query'>,
  names: (table: TableName) => string | undefined = (table) => table,
): Promise<State> {
  const there = TABLES.flatMap((table) => {
    const name = names(table);
    return name === undefined ? [] : [tell(table).replace(`FROM ${table} AS`, `FROM ${name} AS`)];
  });
  const sql = `SELECT clock_timestamp()::text AS clock, (${ENTRIES}) AS history,
    (SELECT jsonb_agg(jsonb_build_array("on", row)) FROM (${there.join(' UNION ALL ')}) AS every) AS rows`;
  const { rows } = await client.query<{ clock: string; history: State['history']; rows: [TableName, Row][] | null }>(
    sql,
  );
  const [found] = rows;
  if (!found) throw new Error('The server told nothing.');
  const byTable = new Map(TABLES.map((table) => [table, new Map<string, Row>()]));
  for (const [table, row] of found.rows ?? []) byTable.get(table)?.set(String(row.id ?? row.id_was), row);
  return { clock: found.clock, history: found.history, rows: byTable };
}

export const VERBS = ['archives', 'restores', 'removes', 'inserts', 'updates'] as const;
export type Verb = (typeof VERBS)[number];

/** What became of one row. */
export interface Change {
  readonly verb: Verb;
  readonly table: TableName;
  readonly id: string;
  readonly before?: Row;
  readonly after?: Row;
}

const isArchived = (row: Row) => (row._deleted_at ?? row._deleted_at_was ?? null) !== null;

export function changes(before: State, after: State): Change[] {
  return TABLES.flatMap((table) => {
    const [was, is] = [before.rows.get(table) ?? new Map(), after.rows.get(table) ?? new Map()];
    return [...new Set([...was.keys(), ...is.keys()])].flatMap((id): Change[] => {
      const [old, fresh] = [was.get(id) as Row | undefined, is.get(id) as Row | undefined];
      const verb = verbOf(old, fresh);
      return verb ? [{ verb, table, id, before: old, after: fresh }] : [];
    });
  });
}

function verbOf(old: Row | undefined, fresh: Row | undefined): Verb | undefined {
  if (!old) return 'inserts';
  if (!fresh) return 'removes';
  if (isArchived(fresh) && !isArchived(old)) return 'archives';
  if (isArchived(old) && !isArchived(fresh)) return 'restores';
  return JSON.stringify(old) === JSON.stringify(fresh) ? undefined : 'updates';
}

/** `archives 1 author, 2 books`. */
export function told(found: readonly Change[]): string {
  const parts = VERBS.flatMap((verb) => {
    const counts = TABLES.flatMap((table) => {
      const n = found.filter((change) => change.verb === verb && change.table === table).length;
      return n === 0 ? [] : [`${n} ${table}${n === 1 ? '' : 's'}`];
    });
    return counts.length === 0 ? [] : [`${verb} ${counts.join(', ')}`];
  });
  return parts.join(' and ') || 'nothing';
}

export const isKept = (table: TableName) => (KEPT as readonly TableName[]).includes(table);
