import { GuitarsError } from '../errors';
import { qualified, type TableRef } from '../sql/identifiers';
import type { Session } from './session';

/** A column of a table, as the catalog has it. */
export interface ColumnFacts {
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
}

/** A unique index of a table over plain columns, without a condition. */
export interface UniqueFacts {
  readonly name: string;
  /** The constraint that it serves. */
  readonly constraint: string | null;
  readonly columns: readonly string[];
  /** A foreign key that relies on it. */
  readonly referredBy: string | null;
}

export type Columns = ReadonlyMap<string, ColumnFacts>;

/** What the catalog says of a table. */
export interface Facts {
  readonly columns: Columns;
  readonly uniques: readonly UniqueFacts[];
}

/** @throws GuitarsError the table is partitioned */
export async function factsOf(session: Session, table: TableRef): Promise<Facts> {
  const name = qualified(table);
  const [kind] = await session.select<{ relkind: string }>('SELECT relkind FROM pg_class WHERE oid = to_regclass($1)', [
    name,
  ]);
  if (kind?.relkind === 'p') {
    throw new GuitarsError(
      `"${table.name}" is partitioned, and PostgreSQL builds no index of a partitioned table CONCURRENTLY. ` +
        'Add the columns in a migration of your own, and run: guitars install.',
    );
  }
  return { columns: await columnsOf(session, table), uniques: await uniquesOf(session, table) };
}

export async function columnsOf(session: Session, table: TableRef): Promise<Columns> {
  const rows = await session.select<ColumnFacts & { name: string }>(
    `SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS "notNull",
            pg_get_expr(adbin, adrelid) AS default
       FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [qualified(table)],
  );
  return new Map(rows.map(({ name, ...facts }) => [name, facts]));
}

export function uniquesOf(session: Session, table: TableRef): Promise<UniqueFacts[]> {
  return session.select<UniqueFacts>(
    `SELECT c.relname::text AS name, con.conname::text AS constraint,
            ARRAY(SELECT attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
              JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
              WHERE k.n <= i.indnkeyatts ORDER BY k.n)::text[] AS columns,
            (SELECT conname::text FROM pg_constraint WHERE conindid = i.indexrelid AND contype = 'f' LIMIT 1) AS "referredBy"
       FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
       LEFT JOIN pg_constraint AS con ON con.conindid = i.indexrelid AND con.contype = 'u'
      WHERE i.indrelid = to_regclass($1) AND i.indisunique AND NOT i.indisprimary AND i.indpred IS NULL AND i.indexprs IS NULL
      ORDER BY c.relname`,
    [qualified(table)],
  );
}

/** Is there a valid index of this name in the schema? `undefined`: there is none, valid or not. */
export async function isValidIndex(session: Session, schema: string, name: string): Promise<boolean | undefined> {
  const [row] = await session.select<{ valid: boolean }>(
    'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)',
    [qualified({ schema, name })],
  );
  return row?.valid;
}
