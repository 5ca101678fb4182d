import { ident, literal, qualified, type TableRef, tableKey } from '../../sql/identifiers';
import { select } from '../catalog';
import type { Table } from '../tables';
import { type Finding, failure, type Subject } from './finding';

interface Column {
  readonly n: number;
  readonly default: string | null;
  readonly filled: boolean;
}

/** A deletion time that an INSERT does not leave empty: its rows are archived from the start, or refused. */
export async function deletedAt({ sequelize, tables }: Subject): Promise<Finding[]> {
  const places = tables
    .filter(({ soft }) => soft)
    .flatMap((table) => [table.table, ...table.partitions].map((ref) => ({ table, ref })));
  if (places.length === 0) return [];
  const values = places.map(
    ({ table, ref }, n) =>
      `(${n}, to_regclass(${literal(qualified(ref))}), ${literal(table.options.columns.deletedAt)}::name)`,
  );
  const rows = await select<Column>(
    sequelize,
    `SELECT n, CASE WHEN attgenerated = '' THEN pg_get_expr(adbin, adrelid) END AS default, attnotnull AS filled
      FROM (VALUES ${values.join(', ')}) AS columns(n, target, name)
      JOIN pg_attribute ON attrelid = target AND attname = name AND NOT attisdropped
      LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum ORDER BY n`,
  );
  const faults = rows.flatMap((row) => faultsOf(places[row.n] as { table: Table; ref: TableRef }, row));
  // What is said of the table is mended on its partitions as well.
  const roots = new Set(faults.filter(({ ref, table }) => ref === table.table).map(key));
  return faults
    .filter((fault) => fault.ref === fault.table.table || !roots.has(key(fault)))
    .map(({ table, ref, what, change }) => {
      const column = ident(table.options.columns.deletedAt);
      const remedy = `ALTER TABLE ${qualified(ref)} ALTER COLUMN ${column} ${change};`;
      return failure('born_archived', table.name, `the column ${column} of ${ref.name} ${what}. Run: ${remedy}`, {
        remedy,
      });
    });
}

const key = ({ table, change }: { table: Table; change: string }) => `${tableKey(table.table)}\0${change}`;

function faultsOf(place: { table: Table; ref: TableRef }, { default: value, filled }: Column) {
  return [
    ...(value === null
      ? []
      : [{ ...place, what: `has the default ${value}, so rows are archived from the start`, change: 'DROP DEFAULT' }]),
    ...(filled ? [{ ...place, what: 'is NOT NULL, so no row can be live', change: 'DROP NOT NULL' }] : []),
  ];
}
