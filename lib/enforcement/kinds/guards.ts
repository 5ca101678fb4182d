import { literal } from '../../sql/identifiers';
import { TRIGGERS } from '../../sql/names';
import { doorClosed, doorOpen, HARD_DELETE } from '../../sql/settings';
import { type EnforcedObject, trigger } from '../object';
import type { Table } from '../tables';
import { everywhere } from './everywhere';
import { partsOf } from './names';

/** D4: TRUNCATE is refused, except through the hard-delete door. */
export function truncateGuard(table: Table): EnforcedObject[] {
  return everywhere(table, TRIGGERS.truncate, {
    event: 'BEFORE TRUNCATE',
    when: doorClosed(HARD_DELETE),
    execute: 'guitars.refuse_truncate()',
  });
}

/** D5: only a named role may go through the hard-delete door. */
export function roleGuard(table: Table): EnforcedObject[] {
  const role = table.options.hardDeleteRole;
  if (role === undefined) return [];
  const when = doorOpen(HARD_DELETE);
  const execute = `guitars.require_role(${literal(role).trim()})`;
  return [
    ...everywhere(table, TRIGGERS.role, { event: 'BEFORE DELETE OR TRUNCATE', when, execute }),
    // The door may be opened, and closed again, by functions in the middle of the statement. A row that a client's own
    // DELETE removes has gone through it, unless it goes to another partition.
    trigger(partsOf(table), TRIGGERS.roleOfRow, {
      event: 'AFTER DELETE',
      level: 'ROW',
      when: table.partitionKey.length > 0 ? when : `pg_trigger_depth() = 0 OR ${when}`,
      execute,
    }),
  ];
}
