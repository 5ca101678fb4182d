import { literal, qualified } from '../../sql/identifiers';
import type { Table } from '../tables';

/**
 * An SQL condition: the current role owns the table, or may put a trigger on it, or owns functions that archive; it needs none of
 * our leave. The grant option an owner has whatever was revoked from it.
 *
 * @param table an SQL expression of its oid
 */
export function trusted(table: string): string {
  return `(pg_catalog.has_table_privilege(${table}, 'TRIGGER, TRIGGER WITH GRANT OPTION') OR guitars.serves())`;
}

/**
 * An SQL condition, of a rule or of a trigger's WHEN: a cascade sent the statement, a key's own or one of ours. These run in a
 * trigger, as the owner of a table or of a function of ours. A client's own trigger, as one on a temporary table may be, runs as
 * that client.
 */
export function cascaded(table: Table): string {
  return `(pg_trigger_depth() > 0 AND ${here(table)})`;
}

/** An SQL condition of the same places: a client's own trigger sent the statement. */
export function sentByClientsTrigger(table: Table): string {
  return `pg_trigger_depth() > 0 AND NOT ${here(table)}`;
}

const here = ({ table }: Table) => trusted(`${literal(qualified(table))}::regclass`);
