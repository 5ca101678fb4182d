import { literal, qualified } from '../../sql/identifiers';
import { type EnforcedObject, trigger } from '../object';
import type { Table } from '../tables';
import { partsOf } from './names';

/**
 * An SQL condition, of a rule or of a trigger's WHEN: a cascade sent the statement, a key's own or one of ours. These run in a
 * trigger, as the owner of a table. A client's own trigger, as one on a temporary table may be, runs as that client; and
 * whoever may put a trigger on the table itself needs none of our leave.
 */
export function cascaded({ table }: Table): string {
  return `(pg_trigger_depth() > 0 AND has_table_privilege(${literal(qualified(table))}::regclass, 'TRIGGER'))`;
}

/** In a function of `toldApart`, which runs as its owner and cannot see for itself: a client's own statement called it. */
export const BY_CLIENT = 'TG_NARGS = 0';

/** Two triggers for one, of which the second calls the same function for the statements of cascades. */
export function toldApart(
  table: Table,
  [name, nameCascaded]: readonly [string, string],
  { when, execute, ...fires }: { event: string; level: 'ROW'; when: string; execute: string },
): EnforcedObject[] {
  const one = (as: string, condition: string, argument: string) =>
    trigger(partsOf(table), as, { ...fires, when: condition, execute: `${execute}(${argument})` });
  return [
    one(name, `NOT ${cascaded(table)} AND (${when})`, ''),
    one(nameCascaded, `${cascaded(table)} AND (${when})`, literal('cascaded')),
  ];
}
