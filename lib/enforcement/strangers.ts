import type { Transaction } from 'sequelize';
import { InstallError } from '../errors';
import { literal, qualified, type TableRef } from '../sql/identifiers';
import { RULE, SCHEMA } from '../sql/names';
import { type Queryable, select } from './catalog';

/** An expression of ours that calls what belongs to a role whom the table's owner has no reason to trust. */
export interface Captured {
  readonly n: number;
  /** `rule guitars_soft_delete` */
  readonly object: string;
  /** `operator public.=(varchar,varchar)` */
  readonly called: string;
  readonly owner: string;
}

/**
 * SQL: a membership that a role can use. From 16 on, whoever makes a role is a member of it, which it may administer and not more.
 */
const MEMBERSHIP = `CASE WHEN current_setting('server_version_num')::integer < 160000 THEN 'MEMBER' ELSE 'USAGE, SET' END`;

/**
 * SQL: may a role rely on what another owns? It is that role, or one is a member of the other (which a superuser is of all); or the
 * other is a superuser, or owns the database. Members of a table's owner can do with it what he can.
 */
const trusts = (role: string, owner: string) => `(${role} = ${owner}
  OR pg_has_role(${role}, ${owner}, ${MEMBERSHIP}) AND NOT (SELECT rolsuper FROM pg_roles WHERE oid = ${role})
  OR pg_has_role(${owner}, ${role}, 'MEMBER')
  OR ${owner} IN (SELECT oid FROM pg_roles WHERE rolsuper OR rolname = 'pg_database_owner')
  OR ${owner} = (SELECT datdba FROM pg_database WHERE datname = current_database()))`;

/**
 * Names in conditions of triggers, rules and indexes are looked up when these are created, in the `search_path` of that
 * moment: an operator for just these types, in any schema of it, is preferred to PostgreSQL's own. It would then be called
 * with the rights of whoever writes the table. The function of an operator need not be of its owner: = may be made of another's <>.
 */
export async function captured(
  db: Queryable,
  tables: readonly TableRef[],
  transaction?: Transaction | null,
): Promise<Captured[]> {
  if (tables.length === 0) return [];
  const values = tables.map((table, n) => `(${n}, to_regclass(${literal(qualified(table))}))`).join(', ');
  return select<Captured>(
    db,
    `WITH tables AS (SELECT n, c.oid, c.relowner FROM (VALUES ${values}) AS v(n, target) JOIN pg_class AS c ON c.oid = target),
    ours AS (
      SELECT n, relowner, 'trigger ' || tgname AS object, 'pg_trigger'::regclass AS classid, t.oid AS objid
        FROM tables JOIN pg_trigger AS t ON tgrelid = tables.oid WHERE tgname LIKE 'guitars\\_%'
      UNION ALL SELECT n, relowner, 'rule ' || rulename, 'pg_rewrite'::regclass, r.oid
        FROM tables JOIN pg_rewrite AS r ON ev_class = tables.oid WHERE rulename = '${RULE}'
      UNION ALL SELECT n, tables.relowner, 'index ' || i.relname, 'pg_class'::regclass, i.oid
        FROM tables JOIN pg_index ON indrelid = tables.oid JOIN pg_class AS i ON i.oid = indexrelid
        WHERE obj_description(i.oid, 'pg_class') LIKE 'guitars %')
    SELECT DISTINCT n, object, pg_describe_object(d.refclassid, d.refobjid, 0) AS called, r.rolname AS owner
      FROM ours JOIN pg_depend AS d ON d.classid = ours.classid AND d.objid = ours.objid
      LEFT JOIN pg_operator AS o ON d.refclassid = 'pg_operator'::regclass AND o.oid = d.refobjid
      LEFT JOIN pg_proc AS p ON p.oid = CASE d.refclassid WHEN 'pg_proc'::regclass THEN d.refobjid ELSE o.oprcode END
      CROSS JOIN LATERAL (VALUES (p.proowner), (o.oprowner)) AS owners(oid) JOIN pg_roles AS r ON r.oid = owners.oid
      WHERE p.pronamespace <> to_regnamespace('${SCHEMA}') AND NOT ${trusts('ours.relowner', 'r.oid')}
      ORDER BY n, object, called`,
    transaction,
  );
}

/** @throws InstallError what was just created calls what a stranger owns */
export async function refuseCaptured(db: Queryable, tables: readonly TableRef[], transaction: Transaction) {
  const [found] = await captured(db, tables, transaction);
  if (!found) return;
  const { n, object, called, owner } = found;
  throw new InstallError(
    `The ${object} on ${qualified(tables[n] as TableRef)} would call the ${called} of the role "${owner}", with the rights of whoever writes ` +
      'the table. Nothing was changed. Drop it, or take its schema out of the search_path; and let nobody else CREATE in the schemas of yours.',
  );
}

/** SQL: the role that installs; none where it is a superuser, who may well install for another. */
const INSTALLING = `SELECT oid FROM pg_roles WHERE rolname = current_user AND NOT rolsuper`;

/** The owner of the schema `guitars`, where he is a stranger to the owners of tables, or (without tables) to who installs. */
export async function strangeSchema(
  db: Queryable,
  tables?: readonly TableRef[],
  transaction?: Transaction | null,
): Promise<string | undefined> {
  const refs = tables?.map((table) => `to_regclass(${literal(qualified(table))})`);
  if (refs?.length === 0) return undefined;
  const owners = refs && `SELECT relowner AS oid FROM pg_class WHERE oid IN (${refs.join(', ')})`;
  const [row] = await select<{ owner: string }>(
    db,
    `SELECT r.rolname AS owner FROM pg_namespace JOIN pg_roles AS r ON r.oid = nspowner CROSS JOIN (${owners ?? INSTALLING}) AS who
      WHERE nspname = '${SCHEMA}' AND NOT ${trusts('who.oid', 'nspowner')} LIMIT 1`,
    transaction,
  );
  return row?.owner;
}

/** @throws InstallError the schema `guitars` is a stranger's, who could drop or replace what others have installed in it */
export async function refuseStrangeSchema(db: Queryable, transaction: Transaction, tables?: readonly TableRef[]) {
  const owner = await strangeSchema(db, tables, transaction);
  if (owner === undefined) return;
  throw new InstallError(
    `The schema "${SCHEMA}" belongs to the role "${owner}", who could drop or replace what is installed in it. Nothing was changed. ` +
      `As a superuser, look at what it holds, and give it to the owner of the tables: ALTER SCHEMA ${SCHEMA} OWNER TO ….`,
  );
}
