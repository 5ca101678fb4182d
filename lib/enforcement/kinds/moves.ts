import { TRIGGERS } from '../../sql/names';
import type { Graph } from '../graph';
import { type EnforcedObject, trigger } from '../object';
import type { Table } from '../tables';
import { differs } from '../types';
import { namesOf, partsOf } from './names';

/** X5: an UPDATE that moves a row to another partition is told from a DELETE. */
export function moves(graph: Graph, table: Table): EnforcedObject[] {
  if (table.partitionKey.length === 0) return [];
  const parts = partsOf(table);
  const { deleted } = namesOf(table);
  const event = 'BEFORE UPDATE';
  const moved = table.partitionKey.map((column) => differs(table, column, 'NEW', 'OLD')).join(' OR ');
  const note = trigger(parts, TRIGGERS.move, { event, level: 'ROW', when: moved, execute: 'guitars.note_move()' });
  if (!graph.isParent(table)) return [note];
  // The triggers that take the children along are AFTER UPDATE, which a moved row never fires.
  const when = `(${moved}) AND (OLD.${deleted} IS NULL) <> (NEW.${deleted} IS NULL)`;
  const refuse = trigger(parts, TRIGGERS.moveRefused, { event, level: 'ROW', when, execute: 'guitars.refuse_move()' });
  return [note, refuse];
}
