import type { Sequelize, Transaction } from 'sequelize';
import { transactionOf } from '../../models/internals';
import { dollarQuote, literal, qualified, type TableRef, tableKey } from '../../sql/identifiers';
import { select } from '../catalog';
import type { EnforcedObject } from '../object';
import { homeOf } from '../seal';

/** What became of the comparison. */
export interface Rebuilt {
  /** Objects that are not what the models call for, whatever their comments say. */
  readonly forged: readonly EnforcedObject[];
  /** Why nothing could be compared. */
  readonly failure?: string;
}

const REBUILT = ['trigger', 'rule', 'index'];

/**
 * Compares objects with what the models call for without a look at their comments, which anybody who may edit the object
 * may write as well. What PostgreSQL makes of a definition is known only when it has made it: so each is made again on
 * an empty temporary copy of its table, in a transaction that is rolled back.
 */
export async function rebuilt(sequelize: Sequelize, objects: readonly EnforcedObject[]): Promise<Rebuilt> {
  const functions = await forgedFunctions(sequelize, objects);
  const made = objects.filter(({ kind }) => REBUILT.includes(kind));
  if (made.length === 0) return { forged: functions };
  const outer = transactionOf({ sequelize }, undefined);
  const transaction = await sequelize.transaction({ transaction: outer });
  try {
    return { forged: [...functions, ...(await differing(sequelize, made, transaction))] };
  } catch (error) {
    return { forged: functions, failure: (error as Error).message };
  } finally {
    await transaction.rollback();
  }
}

async function differing(
  sequelize: Sequelize,
  objects: readonly EnforcedObject[],
  transaction: Transaction,
): Promise<EnforcedObject[]> {
  const tables = [...new Map(objects.map(({ table }) => [tableKey(table), table])).values()];
  const copyOf = (table: TableRef) => `guitars_audit_${tables.findIndex((each) => tableKey(each) === tableKey(table))}`;
  const copies = tables.map((table) => `CREATE TEMPORARY TABLE ${copyOf(table)} (LIKE ${qualified(table)})`);
  await sequelize.query([...copies, ...objects.map((object) => onCopy(object, copyOf(object.table)))].join(';\n'), {
    transaction,
  });
  const values = objects.map((object, n) => {
    const own = definition(object, `to_regclass(${literal(qualified(object.table))})`);
    return `(${n}, ${own}, ${definition(object, `to_regclass(${literal(`pg_temp.${copyOf(object.table)}`)})`)})`;
  });
  // One that could not be made on a copy has nothing to be compared with.
  const rows = await select<{ n: number }>(
    sequelize,
    `SELECT n FROM (VALUES ${values.join(',\n')}) AS objects(n, own, wanted) WHERE wanted <> own ORDER BY n`,
    transaction,
  );
  return rows.map(({ n }) => objects[n] as EnforcedObject);
}

/** The first mention of the table is the one that the object stands on. */
function onCopy({ create, table, kind }: EnforcedObject, copy: string): string {
  // A constraint trigger is dropped first, which names the table as well.
  const created = create
    .slice(Math.max(create.indexOf('\nCREATE CONSTRAINT TRIGGER '), 0))
    .replace(
      `${kind === 'rule' ? 'TO' : 'ON'} ${qualified(table)}`,
      () => `${kind === 'rule' ? 'TO' : 'ON'} pg_temp.${copy}`,
    )
    .replace(/ IF NOT EXISTS /, ' ');
  return `DO ${dollarQuote(`BEGIN EXECUTE ${literal(created)}; EXCEPTION WHEN OTHERS THEN NULL; END`)}`;
}

/** SQL: what the catalog says of the object on a table, without the table's name. */
function definition({ kind, name }: EnforcedObject, table: string): string {
  const from = {
    trigger: `SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = ${table} AND tgname = ${literal(name)}`,
    rule: `SELECT pg_get_ruledef(oid) FROM pg_rewrite WHERE ev_class = ${table} AND rulename = ${literal(name)}`,
    // Of a partitioned table it says ONLY.
    index: `SELECT replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') FROM pg_index JOIN pg_class AS i ON i.oid = indexrelid WHERE indrelid = ${table} AND i.relname = ${literal(name)}`,
  }[kind as 'trigger' | 'rule' | 'index'];
  return `(SELECT overlay(text PLACING '' FROM greatest(strpos(text, name), 1) FOR CASE strpos(text, name) WHEN 0 THEN 0 ELSE length(name) END)
    FROM (${from}) AS found(text), LATERAL (
      SELECT name FROM pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace,
        unnest(ARRAY[format('%I.%I', nspname, relname), format('pg_temp.%I', relname)]) AS name
      WHERE c.oid = ${table} ORDER BY strpos(text, name) DESC LIMIT 1) AS names)`;
}

/** Functions are compared body by body already; this is the rest of them. */
async function forgedFunctions(sequelize: Sequelize, objects: readonly EnforcedObject[]): Promise<EnforcedObject[]> {
  const functions = objects.filter(({ kind }) => kind === 'function');
  if (functions.length === 0) return [];
  const values = functions.map((object, n) => {
    const head = object.create.slice(0, object.create.indexOf(' AS $'));
    const [, path = ''] = /SET search_path = (.*)$/.exec(head) ?? [];
    return `(${n}, to_regprocedure(${literal(`${homeOf(object)}()`)}), ${/SECURITY DEFINER/.test(head)}, ${literal(path)})`;
  });
  const rows = await select<{ n: number }>(
    sequelize,
    `SELECT n FROM (VALUES ${values.join(', ')}) AS functions(n, known, definer, path)
      JOIN pg_proc AS p ON p.oid = known JOIN pg_language AS l ON l.oid = prolang
      WHERE lanname <> 'plpgsql'
        OR EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0) OR prosecdef <> definer OR replace(array_to_string(coalesce(proconfig, '{}'), ';'), '"', '')
        <> CASE path WHEN '' THEN '' ELSE 'search_path=' || replace(path, '"', '') END
      ORDER BY n`,
  );
  return rows.map(({ n }) => functions[n] as EnforcedObject);
}
