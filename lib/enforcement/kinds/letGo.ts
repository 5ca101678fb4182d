import { literal } from '../../sql/identifiers';
import { doorClosed, HARD_DELETE } from '../../sql/settings';
import type { Graph } from '../graph';
import { type EnforcedObject, trigger } from '../object';
import type { Table } from '../tables';
import { cascaded } from './cascaded';
import { parentsExist, partsOf } from './names';

/**
 * For a trigger function: DELETEs that are to remove the row, which are a move to another partition, and a key's own cascade
 * (F1). A client's own does not, even where no parent is to be seen: he may have put off a deferrable key, or changed the
 * parent's in the same statement, so as to have the row removed without the door.
 */
export function letGo(graph: Graph, table: Table): string {
  const exist = parentsExist(graph.cascadeKeys(table), 'OLD');
  const conditions = [
    ...(table.partitionKey.length > 0 ? ['NOT guitars.take_move(TG_RELID, OLD.ctid)'] : []),
    ...(exist.length > 0 ? [`(TG_NARGS = 0 OR (${exist.join(' AND ')}))`] : []),
  ];
  return conditions.length === 0 ? '' : `  IF NOT (${conditions.join(' AND ')}) THEN RETURN OLD; END IF;\n`;
}

/**
 * What calls such a function for each row of a DELETE, without the door: a trigger, or two where the function has to know
 * whether a cascade sent the statement. It runs as its owner, and cannot see for itself.
 */
export function onDelete(
  graph: Graph,
  table: Table,
  [name, nameCascaded]: readonly [string, string],
  execute: string,
): EnforcedObject[] {
  const one = (as: string, when: string, argument: string) =>
    trigger(partsOf(table), as, { event: 'BEFORE DELETE', level: 'ROW', when, execute: `${execute}(${argument})` });
  const closed = doorClosed(HARD_DELETE);
  if (graph.cascadeKeys(table).length === 0) return [one(name, closed, '')];
  return [
    one(name, `NOT ${cascaded(table)} AND ${closed}`, ''),
    one(nameCascaded, `${cascaded(table)} AND ${closed}`, literal('cascaded')),
  ];
}
