import { GuitarsError } from '../errors';
import { timesOf } from '../models/attributes';
import { ident, literal, qualified } from '../sql/identifiers';
import { SCHEMA } from '../sql/names';
import type { Site } from './step';

interface Caller {
  /** `the trigger touch` */
  caller: string;
  /** The table that it is on. */
  table: string;
  own: boolean;
  function: string;
  source: string;
  /** Is the column among the arguments? */
  argument: boolean;
}

/**
 * PostgreSQL follows a renaming through views, rules, indexes and conditions, whose columns it keeps by number. The text
 * of a function, and the arguments of a trigger, it does not read.
 *
 * @throws GuitarsError a trigger, or a function that a rule calls, names a column that is to be renamed
 */
export async function refuseNamed(site: Site): Promise<void> {
  const { model, options, table } = site.table;
  for (const [from, to] of site.renames) {
    const found = (await callers(site, from)).find(
      ({ own, source, argument }) => argument || (names(source, from) && (own || names(source, table.name))),
    );
    if (!found) continue;
    const time = timesOf(model).find((each) => options.columns[each] === to);
    const where = found.argument
      ? `${found.caller} on ${found.table} is given that name`
      : `${found.caller} on ${found.table} calls ${found.function}, whose text names it`;
    throw new GuitarsError(
      `Renaming "${from}" of "${table.name}" to "${to}" would make statements fail: ${where}. Drop the ${found.caller.split(' ')[1]} if it only ` +
        `keeps the times, which the database does by itself from now on; or rewrite it so that it does not name the column; or keep ` +
        `the column, by { guitar: { columns: { ${time}: ${JSON.stringify(from)} } } }.`,
    );
  }
}

/** User's triggers and rules, with the functions that they call. */
function callers({ session, table: { table } }: Site, column: string): Promise<Caller[]> {
  return session.select<Caller>(
    `SELECT 'the ' || kind || ' ' || name AS caller, on_table::regclass::text AS table, on_table = to_regclass($1) AS own,
            p.oid::regprocedure::text AS function, CASE WHEN lanname IN ('c', 'internal') THEN '' ELSE prosrc END AS source, argument
       FROM (SELECT 'trigger' AS kind, tgname AS name, tgrelid AS on_table, tgfoid AS called,
               tgrelid = to_regclass($1) AND position(convert_to($2, getdatabaseencoding()) IN tgargs) > 0 AS argument
               FROM pg_trigger WHERE NOT tgisinternal
             UNION ALL SELECT 'rule', rulename, ev_class, refobjid, false FROM pg_rewrite AS r
               JOIN pg_depend ON classid = 'pg_rewrite'::regclass AND objid = r.oid AND refclassid = 'pg_proc'::regclass
               WHERE ev_type <> '1') AS callers
       JOIN pg_proc AS p ON p.oid = called JOIN pg_language AS l ON l.oid = p.prolang
      WHERE p.pronamespace IS DISTINCT FROM to_regnamespace(${literal(SCHEMA)}) ORDER BY own DESC, caller`,
    [qualified(table), column],
  );
}

/** Does a text have this name as a word? Without quotes names have no case. */
function names(text: string, name: string): boolean {
  const quoted = ident(name)
    .slice(1, -1)
    .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_$])${quoted}(?![\\p{L}\\p{N}_$])`, 'iu').test(text);
}
