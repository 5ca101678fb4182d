import type { Sequelize, Transaction } from 'sequelize';
import { ident, literal, qualified, type TableRef } from '../../sql/identifiers';
import { select } from '../catalog';

/** A trigger or rule of ours, as the catalog has it. */
export interface Captured {
  readonly kind: 'trigger' | 'rule';
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  /** Of the table: it may have another name when the object comes back. */
  readonly oid: string;
  readonly definition: string;
  readonly comment: string | null;
  /** When it fires: pg_trigger.tgenabled, pg_rewrite.ev_enabled. */
  readonly firing: 'O' | 'D' | 'R' | 'A';
  /** PostgreSQL's own copy of a partitioned table's trigger: it comes and goes with that, and fires as it was told itself. */
  readonly clone: boolean;
  /** Is it as it was made? */
  readonly intact: boolean;
}

export const tableOf = ({ schema, table }: Pick<Captured, 'schema' | 'table'>): TableRef => ({ schema, name: table });

/**
 * Our triggers and rules on these tables, and our rules elsewhere that name a column of them: a child's looks its parents
 * up. `shared`: are the shared functions there, one of which writes definitions that no search_path changes?
 */
export function capture(
  sequelize: Sequelize,
  transaction: Transaction,
  tables: readonly TableRef[],
  shared: boolean,
): Promise<Captured[]> {
  const definition = shared
    ? `guitars.definition(kind, format('%I.%I', nspname, relname), name)`
    : `CASE kind WHEN 'trigger' THEN pg_get_triggerdef(id) ELSE pg_get_ruledef(id) END`;
  const targets = `SELECT to_regclass(name)::oid AS id FROM unnest(ARRAY[${tables.map((ref) => literal(qualified(ref))).join(', ')}]::text[]) AS name`;
  return select<Captured>(
    sequelize,
    `SELECT *, coalesce(split_part(comment, ' ', 3) = md5(definition), false) AS intact FROM (
      SELECT kind, name, nspname AS schema, relname AS table, target::text AS oid, ${definition} AS definition,
        obj_description(id, 'pg_' || CASE kind WHEN 'rule' THEN 'rewrite' ELSE kind END) AS comment, firing, clone
      FROM (
        SELECT 'trigger' AS kind, tgname::text AS name, oid AS id, tgrelid AS target, tgenabled::text AS firing, tgparentid <> 0 AS clone
          FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN (${targets})
        UNION ALL SELECT 'rule', rulename::text, oid, ev_class, ev_enabled::text, false FROM pg_rewrite AS r
          WHERE ev_class IN (${targets}) OR EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_rewrite'::regclass
            AND objid = r.oid AND refclassid = 'pg_class'::regclass AND refobjid IN (${targets}))
      ) AS objects JOIN pg_class AS c ON c.oid = target JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE name LIKE 'guitars\\_%'
    ) AS ours ORDER BY kind DESC, clone, schema, "table", name`,
    transaction,
  );
}

/** SQL that removes an object; none for a clone. */
export const dropOf = (object: Captured) =>
  object.clone ? [] : [`DROP ${object.kind.toUpperCase()} ${ident(object.name)} ON ${qualified(tableOf(object))}`];

/** SQL that brings an object back as it was, its comment included. */
export function asItWas(object: Captured, table: TableRef): string[] {
  const name = `${object.kind.toUpperCase()} ${ident(object.name)} ON ${qualified(table)}`;
  return [object.definition, `COMMENT ON ${name} IS ${object.comment === null ? 'NULL' : literal(object.comment)}`];
}

/** SQL that has an object, which a CREATE has just switched on, fire as it did. */
export function firingOf({ kind, name, firing, clone }: Captured, table: TableRef): string[] {
  const words = { O: 'ENABLE', D: 'DISABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS' };
  if (firing === 'O' && !clone) return [];
  return [`ALTER TABLE ${qualified(table)} ${words[firing]} ${kind.toUpperCase()} ${ident(name)}`];
}
