import type { Sequelize, Transaction } from 'sequelize';
import { literal, qualified } from '../../sql/identifiers';
import { select } from '../catalog';
import type { Table } from '../tables';
import type { ModelOf } from './names';
import { partsOf } from './soft';
import { type Hop, type Root, withTaken } from './taken';
import type { RestoreRefusal } from './types';

/** A unique index that may take no heed of archived rows. */
interface Index {
  readonly n: number;
  readonly name: string;
  /** SQL: which rows it is of, and the expressions that are unique; columns without a table's name. */
  readonly where: string;
  readonly keys: readonly string[];
  /** SQL: what compares them. */
  readonly operators: readonly string[];
  /** Is NULL a value like others to it? */
  readonly nulls: boolean;
  readonly columns: readonly string[];
  /** SQL: the columns of a row `r` as they are once it is live. */
  readonly live: string;
}

// An index of all rows and plain columns cannot be violated by a restore. Those that newer servers have
// (NULLS NOT DISTINCT) are read by way of JSON.
const indexes = (values: string) => `
  SELECT n, ic.relname AS name, coalesce(pg_get_expr(i.indpred, i.indrelid), 'true') AS where,
    ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, true) FROM generate_series(1, i.indnkeyatts) AS k ORDER BY k) AS keys,
    ARRAY(SELECT format('OPERATOR(%I.%s)', opn.nspname, op.oprname) FROM generate_series(0, i.indnkeyatts - 1) AS k
      JOIN pg_opclass AS oc ON oc.oid = i.indclass[k]
      JOIN pg_amop AS am ON am.amopfamily = oc.opcfamily AND am.amoplefttype = oc.opcintype AND am.amoprighttype = oc.opcintype AND am.amopstrategy = 3
      JOIN pg_operator AS op ON op.oid = am.amopopr JOIN pg_namespace AS opn ON opn.oid = op.oprnamespace ORDER BY k) AS operators,
    coalesce(to_jsonb(i) ->> 'indnullsnotdistinct' = 'true', false) AS nulls,
    ARRAY(SELECT a.attname::text FROM generate_series(0, i.indnkeyatts - 1) AS k
      JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k] ORDER BY k) AS columns,
    (SELECT string_agg(CASE WHEN a.attname = deleted THEN format('NULL::%s AS %I', format_type(a.atttypid, a.atttypmod), a.attname)
      ELSE format('r.%I', a.attname) END, ', ') FROM pg_attribute AS a WHERE a.attrelid = i.indrelid AND a.attnum > 0 AND NOT a.attisdropped) AS live
  FROM (VALUES ${values}) AS tables(n, target, deleted) JOIN pg_index AS i ON i.indrelid = target JOIN pg_class AS ic ON ic.oid = i.indexrelid
  WHERE i.indisunique AND i.indisvalid AND (i.indpred IS NOT NULL OR i.indexprs IS NOT NULL) ORDER BY n, ic.relname`;

/** Rows that restores would bring back, and whose unique values others have by now. */
export async function uniquesTaken(
  sequelize: Sequelize,
  transaction: Transaction,
  roots: readonly Root[],
  { steps, tables, modelOf }: { steps: readonly Hop[]; tables: readonly Table[]; modelOf: ModelOf },
): Promise<RestoreRefusal[]> {
  const values = tables.map(
    ({ table, options }, n) =>
      `(${n}, to_regclass(${literal(qualified(table))}), ${literal(options.columns.deletedAt)})`,
  );
  const found = await select<Index>(sequelize, indexes(values.join(', ')), transaction);
  if (found.length === 0) return [];
  const counts = found.map((index, n) => countOf(index, n, tables[index.n] as Table));
  const sql = `${withTaken(roots, steps)}\n  ${counts.join('\n  UNION ALL ')}`;
  const rows = await select<{ n: number; rows: number }>(sequelize, sql, transaction);
  return rows
    .filter((row) => row.rows > 0)
    .sort((one, other) => one.n - other.n)
    .map((row) => {
      const index = found[row.n] as Index;
      const { table } = tables[index.n] as Table;
      return {
        schema: table.schema,
        table: table.name,
        model: modelOf(table),
        rows: row.rows,
        constraint: index.name,
        columns: index.columns,
        reason: 'unique value taken',
      };
    });
}

// Two rows that come back may have one value as well: archived rows can be edited.
function countOf(index: Index, n: number, table: Table): string {
  const { keys, where, live } = index;
  const from = qualified(table.table);
  const named = keys.map((key, k) => `${key} AS k${k}`).join(', ');
  const back = `SELECT ${named}, guitars_part, guitars_place FROM (
      SELECT ${live}, r.tableoid AS guitars_part, r.ctid AS guitars_place FROM ${from} AS r
      JOIN taken AS t ON t.part = r.tableoid AND t.place = r.ctid WHERE t.part IN (${partsOf(table).join(', ')})
    ) AS row WHERE ${where}`;
  const equal = (one: (k: number) => string) => keys.map((_, k) => sameValue(index, k, one(k))).join(' AND ');
  return `SELECT ${n} AS n, count(*)::int AS rows FROM (${back}) AS back WHERE
    EXISTS (SELECT FROM (SELECT ${named} FROM ${from} WHERE ${where}) AS there WHERE ${equal((k) => `there.k${k}`)})
    OR EXISTS (SELECT FROM (${back}) AS other WHERE (other.guitars_part, other.guitars_place) <> (back.guitars_part, back.guitars_place)
      AND ${equal((k) => `other.k${k}`)})`;
}

const sameValue = ({ operators, nulls }: Index, k: number, one: string) => {
  const equal = `${one} ${operators[k]} back.k${k}`;
  return nulls ? `(${equal} OR (${one} IS NULL AND back.k${k} IS NULL))` : equal;
};
