import type { Sequelize, Transaction } from 'sequelize';
import { select } from '../catalog';

/** A foreign key as the database has it. */
export interface Key {
  readonly constraint: string;
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly parentSchema: string;
  readonly parentTable: string;
  readonly action: 'CASCADE' | 'RESTRICT' | 'NO ACTION' | 'SET NULL' | 'SET DEFAULT';
  /** Is it judged at the end of the transaction only? */
  readonly deferred: boolean;
  /** Would SET NULL meet a column that is NOT NULL? */
  readonly notNull: boolean;
  /** SQL: the two tables, and the condition that joins a parent `p` and a child `c`. */
  readonly parent: string;
  readonly child: string;
  readonly on: string;
  /** The parent's tableoids. */
  readonly parts: readonly string[];
  /** The child's tableoids. */
  readonly childParts: readonly string[];
}

// A key of a partitioned table has copies for its partitions (conparentid); the operators are those that PostgreSQL
// itself compares with. What newer servers have (SET NULL of some columns, NOT ENFORCED) is read by way of JSON.
const KEYS = `
  SELECT con.conname AS constraint, cn.nspname AS schema, c.relname AS table, pn.nspname AS "parentSchema", p.relname AS "parentTable",
    CASE con.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'r' THEN 'RESTRICT' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' ELSE 'NO ACTION' END AS action,
    con.condeferred AS deferred, k.columns, k."on", k.not_null AS "notNull",
    CASE p.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END || format('%I.%I', pn.nspname, p.relname) AS parent,
    CASE c.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END || format('%I.%I', cn.nspname, c.relname) AS child,
    ARRAY(SELECT relid::oid FROM pg_partition_tree(p.oid) UNION SELECT p.oid)::text[] AS parts,
    ARRAY(SELECT relid::oid FROM pg_partition_tree(c.oid) UNION SELECT c.oid)::text[] AS "childParts"
  FROM pg_constraint AS con
  JOIN pg_class AS c ON c.oid = con.conrelid JOIN pg_namespace AS cn ON cn.oid = c.relnamespace
  JOIN pg_class AS p ON p.oid = con.confrelid JOIN pg_namespace AS pn ON pn.oid = p.relnamespace
  CROSS JOIN LATERAL (
    SELECT array_agg(ca.attname::text ORDER BY n) AS columns,
      string_agg(format('p.%I OPERATOR(%I.%s) c.%I', pa.attname, opn.nspname, op.oprname, ca.attname), ' AND ' ORDER BY n) AS "on",
      bool_or(ca.attnotnull AND (jsonb_typeof(sets) IS DISTINCT FROM 'array' OR sets @> to_jsonb(ca.attnum))) AS not_null
    FROM unnest(con.conkey, con.confkey, con.conpfeqop) WITH ORDINALITY AS pairs(ck, pk, eq, n)
    JOIN pg_attribute AS ca ON ca.attrelid = con.conrelid AND ca.attnum = ck
    JOIN pg_attribute AS pa ON pa.attrelid = con.confrelid AND pa.attnum = pk
    JOIN pg_operator AS op ON op.oid = eq JOIN pg_namespace AS opn ON opn.oid = op.oprnamespace
    CROSS JOIN (SELECT to_jsonb(con) -> 'confdelsetcols' AS sets) AS partly
  ) AS k
  WHERE con.contype = 'f' AND con.conparentid = 0 AND to_jsonb(con) ->> 'conenforced' IS DISTINCT FROM 'false'
  -- As the triggers of the keys fire.
  ORDER BY (SELECT min(t.tgname) FROM pg_trigger AS t WHERE t.tgconstraint = con.oid AND t.tgrelid = p.oid AND t.tgtype & 8 <> 0), con.oid`;

/** Every foreign key of the database, in the order in which PostgreSQL acts on them. */
export function keysOf(sequelize: Sequelize, transaction: Transaction): Promise<Key[]> {
  return select<Key>(sequelize, KEYS, transaction);
}

/** The keys that a deletion of a row of this table may come to. */
export function reachable(keys: readonly Key[], part: string): Key[] {
  const found = new Set<Key>();
  const seen = new Set<string>();
  const visit = (from: string) => {
    if (seen.has(from)) return;
    seen.add(from);
    for (const key of keys.filter(({ parts }) => parts.includes(from))) {
      found.add(key);
      if (key.action === 'CASCADE') key.childParts.forEach(visit);
    }
  };
  visit(part);
  return keys.filter((key) => found.has(key));
}
