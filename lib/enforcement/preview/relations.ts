import type { TableRef } from '../../sql/identifiers';
import type { Graph } from '../graph';
import type { Table } from '../tables';

/** A table of the database, with what it is a partition of and what is a partition of it. */
export interface Relation extends TableRef {
  /** SQL: its name, without the tables that inherit from it. */
  readonly sql: string;
  /** Its tableoid, and those of its partitions. */
  readonly parts: readonly string[];
  /** It, its partitions, and what it is a partition of. */
  readonly line: readonly TableRef[];
  /** What all of them are partitions of; itself where it is none. */
  readonly root: TableRef & { readonly sql: string };
}

const SQL_NAME = (table: string, schema: string) =>
  `CASE ${table}.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END || format('%I.%I', ${schema}.nspname, ${table}.relname)`;

/** SQL: a subquery that answers the {@link Relation} of a table; for `to_json`. */
export const relationOf = (oid: string) => `(
    SELECT s.nspname AS schema, t.relname AS name, ${SQL_NAME('t', 's')} AS sql,
      ARRAY(SELECT relid::oid FROM pg_partition_tree(t.oid) UNION SELECT t.oid)::text[] AS parts,
      (SELECT json_agg(json_build_object('schema', ls.nspname, 'name', l.relname))
        FROM (SELECT relid::oid FROM pg_partition_tree(t.oid) UNION SELECT relid::oid FROM pg_partition_ancestors(t.oid) UNION SELECT t.oid) AS line(oid)
        JOIN pg_class AS l ON l.oid = line.oid JOIN pg_namespace AS ls ON ls.oid = l.relnamespace) AS line,
      (SELECT json_build_object('schema', rs.nspname, 'name', r.relname, 'sql', ${SQL_NAME('r', 'rs')})
        FROM pg_class AS r JOIN pg_namespace AS rs ON rs.oid = r.relnamespace
        WHERE r.oid = coalesce(pg_partition_root(t.oid), t.oid)) AS root
    FROM pg_class AS t JOIN pg_namespace AS s ON s.oid = t.relnamespace WHERE t.oid = ${oid}
  )`;

const isSame = (one: TableRef, other: TableRef) => one.schema === other.schema && one.name === other.name;

/** The soft-deletable table that a table is: by its own model, or by one of what it is a partition of, or of a partition of it. */
export function softTableOf({ tables }: Graph, relation: Relation): Table | undefined {
  const soft = tables.filter((each) => each.soft && relation.line.some((ref) => isSame(ref, each.table)));
  return soft.find(({ table }) => isSame(table, relation)) ?? soft[0];
}

/** The table of a model, or of a scope of it, which is a class of its own. */
export const tableOfModel = ({ tables }: Graph, { name }: { name: string }): Table | undefined =>
  tables.find(({ models }) => models.some((model) => model.name === name));
