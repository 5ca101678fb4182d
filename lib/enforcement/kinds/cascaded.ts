import { literal, qualified } from '../../sql/identifiers';
import type { Table } from '../tables';

/** Either of these: the second an owner has whatever it was revoked. */
export const AS_OWNER = `'TRIGGER, TRIGGER WITH GRANT OPTION'`;

/**
 * An SQL condition, of a rule or of a trigger's WHEN: a cascade sent the statement, a key's own or one of ours. These run in a
 * trigger, as the owner of a table. A client's own trigger, as one on a temporary table may be, runs as that client; and
 * whoever may put a trigger on the table itself needs none of our leave.
 */
export function cascaded({ table }: Table): string {
  return `(pg_trigger_depth() > 0 AND has_table_privilege(${literal(qualified(table))}::regclass, ${AS_OWNER}))`;
}
