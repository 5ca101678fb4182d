import type { Transaction } from 'sequelize';
import { derivedName, ident, literal, qualified, type TableRef, tableKey } from '../../sql/identifiers';
import { SCHEMA } from '../../sql/names';
import { oursOn, type Queryable, select } from '../catalog';
import type { Kind } from '../object';
import { judges, type Plan } from '../plan';

/** An object of ours that the models do not call for. */
export interface Stale {
  readonly kind: Kind;
  readonly name: string;
  /** The table that it stands on; undefined of a function that no trigger calls. */
  readonly table?: TableRef;
  readonly drop: string;
  /** A unique index: it still refuses rows. */
  readonly unique?: boolean;
}

const id = ({ kind, table, name }: { kind: string; table?: TableRef; name: string }) =>
  JSON.stringify([kind, table && tableKey(table), name]);

/** What stands on these tables, or in the schema of ours, and is not in the plan. */
export async function stale(
  db: Queryable,
  plan: Plan,
  tables: readonly TableRef[],
  transaction?: Transaction | null,
): Promise<Stale[]> {
  const wanted = new Set(plan.objects.map(id));
  const found: Stale[] = [
    ...(await oursOn(db, tables, transaction)),
    ...(await sealedIndexes(db, tables, transaction)),
    ...(await sequences(db, tables, transaction)),
  ];
  const mine = found.filter((object) => !object.table || judges(plan, { ...object, table: object.table }));
  return [...mine.filter((object) => !wanted.has(id(object))), ...(await unusedFunctions(db, transaction))];
}

/** Indexes that bear our seal. */
async function sealedIndexes(
  db: Queryable,
  tables: readonly TableRef[],
  transaction?: Transaction | null,
): Promise<Stale[]> {
  if (tables.length === 0) return [];
  const values = tables.map((table, n) => `(${n}, to_regclass(${literal(qualified(table))}))`).join(', ');
  const rows = await select<{ n: number; name: string; unique: boolean }>(
    db,
    `SELECT n, relname AS name, indisunique AS unique FROM (VALUES ${values}) AS tables(n, target)
      JOIN pg_index ON indrelid = target JOIN pg_class AS c ON c.oid = indexrelid
      WHERE obj_description(c.oid, 'pg_class') LIKE 'guitars %' ORDER BY n, name`,
    transaction,
  );
  return rows.map(({ n, name, unique }) => {
    const table = tables[n] as TableRef;
    const drop = `DROP INDEX IF EXISTS ${qualified({ schema: table.schema, name })}`;
    return { kind: 'index', name, table, drop, unique };
  });
}

/** The sequences that links to these tables are, or were, counted by. */
async function sequences(
  db: Queryable,
  tables: readonly TableRef[],
  transaction?: Transaction | null,
): Promise<Stale[]> {
  if (tables.length === 0) return [];
  const names = tables.map((table) => derivedName(table, 'links'));
  const values = names.map((name, n) => `(${n}, to_regclass(${literal(qualified({ schema: SCHEMA, name }))}))`);
  const sql = `SELECT n FROM (VALUES ${values.join(', ')}) AS names(n, found) WHERE found IS NOT NULL ORDER BY n`;
  const rows = await select<{ n: number }>(db, sql, transaction);
  return rows.map(({ n }) => {
    const name = names[n] as string;
    return {
      kind: 'sequence',
      name,
      table: tables[n] as TableRef,
      drop: `DROP SEQUENCE IF EXISTS ${qualified({ schema: SCHEMA, name })}`,
    };
  });
}

/** Functions of ours (sealed, so made for a table) that no trigger calls, and that this role may drop. */
export async function unusedFunctions(db: Queryable, transaction?: Transaction | null): Promise<Stale[]> {
  const rows = await select<{ name: string }>(
    db,
    `SELECT p.proname AS name FROM pg_proc AS p
      WHERE p.pronamespace = to_regnamespace('guitars') AND p.prorettype = 'trigger'::regtype
        AND obj_description(p.oid, 'pg_proc') LIKE 'guitars %' AND pg_has_role(p.proowner, 'USAGE')
        AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgfoid = p.oid) ORDER BY name`,
    transaction,
  );
  return rows.map(({ name }) => ({ kind: 'function', name, drop: `DROP FUNCTION IF EXISTS guitars.${ident(name)}()` }));
}
