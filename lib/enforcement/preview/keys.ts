import type { Sequelize, Transaction } from 'sequelize';
import { select } from '../catalog';
import { type Relation, relationOf } from './relations';
import type { Hop } from './taken';

/** A foreign key as the database has it. */
export interface Key extends Hop {
  readonly constraint: string;
  /** The table that has it, and the one that it refers to. */
  readonly holder: Relation;
  readonly target: Relation;
  readonly columns: readonly string[];
  readonly action: 'CASCADE' | 'RESTRICT' | 'NO ACTION' | 'SET NULL' | 'SET DEFAULT';
  /** Is it judged at the end of the transaction only? */
  readonly deferred: boolean;
  /** Columns that may be set to NULL, and the link is cut then. */
  readonly nullable: readonly string[];
  /** SQL: would SET NULL or SET DEFAULT put NULL where it must not be? */
  readonly empty: string | null;
  /** SQL: does SET DEFAULT lead to a row at all, and is it `d`? Null where that cannot be told without side effects. */
  readonly whole: string | null;
  readonly heir: string | null;
}

// A key of a partitioned table has copies for its partitions (conparentid); the operators are those that PostgreSQL
// itself compares with. What newer servers have (SET NULL of some columns, NOT ENFORCED) is read by way of JSON. Of
// defaults, those are looked at that call nothing volatile and nothing of the user's.
const KEYS = `
  SELECT con.conname AS constraint, to_json(holder) AS holder, to_json(target) AS target,
    CASE con.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'r' THEN 'RESTRICT' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' ELSE 'NO ACTION' END AS action,
    con.condeferred AS deferred, k.columns, k."on", k.empty,
    CASE WHEN con.confdeltype = 'd' AND k.known THEN k.whole END AS whole, CASE WHEN con.confdeltype = 'd' AND k.known THEN k.heir END AS heir,
    CASE WHEN con.confmatchtype = 'f' AND cardinality(k.nullable) < cardinality(k.columns) THEN '{}' ELSE k.nullable END AS nullable
  FROM pg_constraint AS con
  CROSS JOIN LATERAL ${relationOf('con.conrelid')} AS holder CROSS JOIN LATERAL ${relationOf('con.confrelid')} AS target
  CROSS JOIN LATERAL (
    SELECT array_agg(ca.attname::text ORDER BY n) AS columns,
      coalesce(array_agg(ca.attname::text ORDER BY n) FILTER (WHERE NOT ca.attnotnull), '{}') AS nullable,
      string_agg(format('p.%I OPERATOR(%I.%s) c.%I', pa.attname, opn.nspname, op.oprname, ca.attname), ' AND ' ORDER BY n) AS "on",
      string_agg(format('%s IS NULL', becomes), ' OR ' ORDER BY n) FILTER (WHERE is_set AND known AND ca.attnotnull) AS empty,
      string_agg(format('%s IS NOT NULL', becomes), ' AND ' ORDER BY n) AS whole,
      string_agg(format('d.%I OPERATOR(%I.%s) %s', pa.attname, opn.nspname, op.oprname, becomes), ' AND ' ORDER BY n) AS heir,
      bool_and(known) AS known
    FROM unnest(con.conkey, con.confkey, con.conpfeqop) WITH ORDINALITY AS pairs(ck, pk, eq, n)
    JOIN pg_attribute AS ca ON ca.attrelid = con.conrelid AND ca.attnum = ck
    JOIN pg_attribute AS pa ON pa.attrelid = con.confrelid AND pa.attnum = pk
    JOIN pg_operator AS op ON op.oid = eq JOIN pg_namespace AS opn ON opn.oid = op.oprnamespace
    JOIN pg_type AS ty ON ty.oid = ca.atttypid
    LEFT JOIN pg_attrdef AS def ON con.confdeltype = 'd' AND def.adrelid = con.conrelid AND def.adnum = ck
    CROSS JOIN LATERAL (
      SELECT con.confdeltype IN ('n', 'd') AND (jsonb_typeof(sets) IS DISTINCT FROM 'array' OR sets @> to_jsonb(ca.attnum)) AS is_set,
        CASE WHEN con.confdeltype = 'd' THEN coalesce(def.adbin, ty.typdefaultbin) END AS value
      FROM (SELECT to_jsonb(con) -> 'confdelsetcols' AS sets) AS partly
    ) AS cut
    CROSS JOIN LATERAL (
      SELECT CASE WHEN NOT is_set THEN format('c.%I', ca.attname)
        ELSE format('(%s)::%s', coalesce(pg_get_expr(value, coalesce(def.adrelid, 0)), 'NULL'), format_type(ca.atttypid, ca.atttypmod)) END AS becomes,
        NOT is_set OR value IS NULL OR value::text !~ '{NEXTVALUEEXPR' AND NOT EXISTS (
          SELECT FROM regexp_matches(value::text, ':(?:op)?funcid ([0-9]+)', 'g') AS call(id) JOIN pg_proc AS f ON f.oid = call.id[1]::oid
          WHERE f.provolatile = 'v' OR f.pronamespace <> 'pg_catalog'::regnamespace) AS known
    ) AS after
  ) AS k
  WHERE con.contype = 'f' AND con.conparentid = 0 AND to_jsonb(con) ->> 'conenforced' IS DISTINCT FROM 'false'
  -- As the triggers of the keys fire.
  ORDER BY (SELECT min(t.tgname) FROM pg_trigger AS t WHERE t.tgconstraint = con.oid AND t.tgrelid = con.confrelid AND t.tgtype & 8 <> 0), con.oid`;

/** Every foreign key of the database, in the order in which PostgreSQL acts on them. */
export async function keysOf(sequelize: Sequelize, transaction: Transaction): Promise<Key[]> {
  const keys = await select<Omit<Key, 'parent' | 'child' | 'parts'>>(sequelize, KEYS, transaction);
  return keys.map((key) => ({ ...key, parent: key.target.sql, child: key.holder.sql, parts: key.target.parts }));
}

/** The keys that a deletion of rows with these tableoids may come to; it goes on over those that `leads` says. */
export function reachable(
  keys: readonly Key[],
  parts: readonly string[],
  leads = ({ action }: Key) => action === 'CASCADE',
): Key[] {
  const found = new Set<Key>();
  const seen = new Set<string>();
  const visit = (from: string) => {
    if (seen.has(from)) return;
    seen.add(from);
    for (const key of keys.filter(({ target }) => target.parts.includes(from))) {
      found.add(key);
      if (leads(key)) key.holder.parts.forEach(visit);
    }
  };
  parts.forEach(visit);
  return keys.filter((key) => found.has(key));
}

/**
 * SQL: of which children `c` can SET NULL or SET DEFAULT not cut the link? undefined: of none.
 *
 * @param stays SQL: does the parent `d` to which a default leads stay?
 */
export function uncuttable({ empty, whole, heir, parent }: Key, stays: string): string | undefined {
  const dangles = whole && heir && `${whole} AND NOT EXISTS (SELECT FROM ${parent} AS d WHERE ${heir} AND ${stays})`;
  return [empty, dangles].filter(Boolean).join(' OR ') || undefined;
}
