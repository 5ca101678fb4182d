import { type EnforcedObject, trigger } from '../../enforcement/object';
import { derivedName, dollarQuote, literal, qualified } from '../../sql/identifiers';
import { SCHEMA, TRIGGERS } from '../../sql/names';
import type { History } from '../definition';
import { historyPartsOf } from './parts';

const NAME = `${TRIGGERS.historyGuard}_truncate`;
const guard = ({ table }: History) => `${qualified({ schema: SCHEMA, name: derivedName(table, 'history_guard') })}()`;

/** The guard against TRUNCATE of a history that has partitions, and of each of them. */
export function truncateGuard(history: History): EnforcedObject {
  const event = { event: 'BEFORE TRUNCATE', level: 'STATEMENT' as const, execute: guard(history) };
  const root = trigger(historyPartsOf(history), NAME, event);
  const perform = (statements: string) => `DO ${dollarQuote(`DECLARE\n  one record;\nBEGIN\n${statements}END`)}`;
  const drop = perform(
    each(history, `EXECUTE format('DROP TRIGGER IF EXISTS ${NAME} ON %s', one.name);`) +
      `  IF to_regclass(${literal(qualified(history.history))}) IS NOT NULL THEN
    DROP TRIGGER IF EXISTS ${NAME} ON ${qualified(history.history)};
  END IF;\n`,
  );
  return { ...root, after: perform(guardMonths(history)), drop };
}

/** plpgsql: the guard on each partition that has none; those made before the guard itself are found when it is made. */
export function guardMonths(history: History): string {
  const create = `CREATE TRIGGER ${NAME} BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION ${guard(history).replaceAll('%', '%%')}`;
  const missing = `AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid AND tgname = ${literal(NAME)})`;
  return `  IF to_regprocedure(${literal(guard(history))}) IS NOT NULL THEN
  ${each(history, `EXECUTE format(${literal(create)}, one.name);`, missing)}  END IF;\n`;
}

function each({ history }: History, statement: string, where = ''): string {
  return `  FOR one IN SELECT format('%I.%I', nspname, relname) AS name FROM pg_inherits JOIN pg_class AS c ON c.oid = inhrelid
      JOIN pg_namespace AS n ON n.oid = relnamespace WHERE inhparent = to_regclass(${literal(qualified(history))}) ${where}
  LOOP ${statement} END LOOP;\n`;
}
