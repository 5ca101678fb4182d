import { GuitarsError } from '../errors';
import { qualified, type TableRef } from '../sql/identifiers';
import { type IndexFacts, uniquesOf } from './indexFacts';
import type { Session } from './session';

/** A column of a table, as the catalog has it. */
export interface ColumnFacts {
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  /** It is computed from others, and cannot be written. */
  readonly generated: boolean;
}

export type Columns = ReadonlyMap<string, ColumnFacts>;

/** What the catalog says of a table. */
export interface Facts {
  readonly columns: Columns;
  /** Its unique indexes over plain columns, without a condition. */
  readonly uniques: readonly IndexFacts[];
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
            attgenerated <> '' AS generated, CASE WHEN attgenerated = '' THEN pg_get_expr(adbin, adrelid) END AS default
       FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [qualified(table)],
  );
  return new Map(rows.map(({ name, ...facts }) => [name, facts]));
}
