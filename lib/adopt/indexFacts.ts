import { qualified, type TableRef } from '../sql/identifiers';
import type { Session } from './session';

/** An index, or something else that has the name of one, as the catalog has it. */
export interface IndexFacts {
  readonly name: string;
  /** The table that it is an index of; `null`: it is no index. */
  readonly table: string | null;
  /** Is it one of the table that was asked about? */
  readonly own: boolean;
  readonly valid: boolean;
  readonly unique: boolean;
  readonly primary: boolean;
  /** Its columns; the empty string for an expression. */
  readonly columns: readonly string[];
  /** The condition of a partial index. */
  readonly predicate: string | null;
  /** The constraint that it serves. */
  readonly constraint: string | null;
  readonly deferrable: boolean;
  readonly nullsNotDistinct: boolean;
  /** Subscribers of a replication find rows by it. */
  readonly identity: boolean;
  /** A foreign key that relies on it. */
  readonly referredBy: string | null;
  /** This library has made it. */
  readonly sealed: boolean;
}

// to_jsonb: before PostgreSQL 15 there is no indnullsnotdistinct.
const FACTS = `c.relname::text AS name, i.indrelid::regclass::text AS table, coalesce(i.indrelid = to_regclass($1), false) AS own,
  coalesce(i.indisvalid, false) AS valid, coalesce(i.indisunique, false) AS unique, coalesce(i.indisprimary, false) AS primary,
  ARRAY(SELECT coalesce(a.attname::text, '') FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
    LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE k.n <= i.indnkeyatts ORDER BY k.n)::text[] AS columns,
  pg_get_expr(i.indpred, i.indrelid) AS predicate, con.conname::text AS constraint, coalesce(con.condeferrable, false) AS deferrable,
  coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false) AS "nullsNotDistinct", coalesce(i.indisreplident, false) AS identity,
  (SELECT conname::text FROM pg_constraint WHERE conindid = i.indexrelid AND contype = 'f' LIMIT 1) AS "referredBy",
  coalesce(obj_description(c.oid, 'pg_class') LIKE 'guitars %', false) AS sealed
  FROM pg_class AS c LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
  LEFT JOIN pg_constraint AS con ON con.conindid = c.oid AND con.contype IN ('u', 'x')`;

/** The unique indexes of a table over plain columns, without a condition. */
export function uniquesOf(session: Session, table: TableRef): Promise<IndexFacts[]> {
  return session.select<IndexFacts>(
    `SELECT ${FACTS} WHERE i.indrelid = to_regclass($1) AND i.indisunique AND NOT i.indisprimary AND i.indpred IS NULL
       AND i.indexprs IS NULL ORDER BY c.relname`,
    [qualified(table)],
  );
}

/** What has a name in the schema of a table, which one index only can have. */
export async function namedAs(session: Session, table: TableRef, name: string): Promise<IndexFacts | undefined> {
  const [row] = await session.select<IndexFacts>(`SELECT ${FACTS} WHERE c.oid = to_regclass($2)`, [
    qualified(table),
    qualified({ schema: table.schema, name }),
  ]);
  return row;
}

/** Do two indexes have the same columns, in any order? */
export const sameColumns = (one: readonly string[], other: readonly string[]) => sorted(one) === sorted(other);

const sorted = (columns: readonly string[]) => [...columns].sort().join('\0');
