import { literal } from '../../sql/identifiers';
import { TRIGGERS } from '../../sql/names';
import { doorClosed, doorOpen, HARD_DELETE } from '../../sql/settings';
import { type EnforcedObject, trigger } from '../object';
import type { Table } from '../tables';
import { partsOf } from './names';

/** D4: TRUNCATE is refused, except through the hard-delete door. */
export function truncateGuard(table: Table): EnforcedObject {
  return trigger(partsOf(table), TRIGGERS.truncate, {
    event: 'BEFORE TRUNCATE',
    level: 'STATEMENT',
    when: doorClosed(HARD_DELETE),
    execute: 'guitars.refuse_truncate()',
  });
}

/** D5: only a named role may go through the hard-delete door. */
export function roleGuard(table: Table): EnforcedObject[] {
  const role = table.options.hardDeleteRole;
  if (role === undefined) return [];
  return [
    trigger(partsOf(table), TRIGGERS.role, {
      event: 'BEFORE DELETE OR TRUNCATE',
      level: 'STATEMENT',
      when: doorOpen(HARD_DELETE),
      execute: `guitars.require_role(${literal(role).trim()})`,
    }),
  ];
}
