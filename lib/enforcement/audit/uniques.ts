import { inside } from '../../models/internals';
import { columnIn, liveUniques, type ModelIndex } from '../../models/uniques';
import { ident, literal, qualified, textArray } from '../../sql/identifiers';
import { select } from '../catalog';
import type { Table } from '../tables';
import { type Finding, failure, type Subject } from './finding';

interface Row {
  n: number;
  name: string;
  constraint: boolean;
  needed: string | null;
}

/** A full unique index on the columns of one that is unique among live rows: an archived row still blocks its value. */
export async function uniques({ sequelize, tables }: Subject): Promise<Finding[]> {
  const wanted = tables
    .filter(({ soft }) => soft)
    .flatMap((table) => table.models.flatMap(liveUniques).map((index) => ({ table, index })));
  const plain = wanted
    .map(({ table, index }) => ({ table, columns: index.fields.map(columnIn) }))
    .filter(({ columns }) => columns.every((column) => column !== ''));
  if (plain.length === 0) return [];
  const values = plain.map(
    ({ table, columns }, n) =>
      `(${n}, to_regclass(${literal(qualified(table.table))}), ${textArray([...columns].sort())})`,
  );
  const rows = await select<Row>(
    sequelize,
    `SELECT n, c.relname AS name, own.oid IS NOT NULL AS constraint,
        (SELECT min(conname) FROM pg_constraint AS f WHERE f.contype = 'f' AND f.conindid = i.indexrelid) AS needed
      FROM (VALUES ${values.join(', ')}) AS uniques(n, target, names) JOIN pg_index AS i ON i.indrelid = target
      JOIN pg_class AS c ON c.oid = i.indexrelid
      LEFT JOIN pg_constraint AS own ON own.conindid = i.indexrelid AND own.contype = 'u'
      WHERE i.indisunique AND NOT i.indisprimary AND i.indpred IS NULL AND i.indexprs IS NULL AND names = ARRAY(
        SELECT a.attname::text FROM unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) AS key(attnum)
        JOIN pg_attribute AS a ON a.attrelid = target AND a.attnum = key.attnum ORDER BY a.attname::text COLLATE "C")
      ORDER BY n, name`,
  );
  return rows
    .filter(({ n, name }) => !asked((plain[n] as { table: Table }).table, name))
    .map((row) => {
      const { table, columns } = plain[row.n] as { table: Table; columns: string[] };
      return finding(table, columns, row);
    });
}

/** Does the model itself ask for a full one of this name? */
function asked({ models }: Table, name: string): boolean {
  return models.some((model) => {
    const { _indexes, uniqueKeys } = inside(model);
    return name in uniqueKeys || (_indexes as ModelIndex[]).some((index) => index.name === name && !index.live);
  });
}

function finding(
  { name: model, table }: Table,
  columns: readonly string[],
  { name, constraint, needed }: Row,
): Finding {
  const on = columns.map((column) => `"${column}"`).join(', ');
  const what = `the unique ${constraint ? 'constraint' : 'index'} ${name} on ${on} counts archived rows too, so these still block their values`;
  const drop = constraint
    ? `ALTER TABLE ${qualified(table)} DROP CONSTRAINT ${ident(name)}`
    : `DROP INDEX ${qualified({ schema: table.schema, name })}`;
  if (needed === null) return failure('full_unique', model, `${what}. Run: ${drop};`, { remedy: `${drop};` });
  const message = `${what}, and the foreign key ${needed} refers to it. Have that key refer to the primary key, then run: ${drop}; or set { guitar: { uniqueAmongLive: false } }.`;
  return failure('full_unique', model, message);
}
