import { doorClosed, HARD_DELETE } from '../../sql/settings';
import type { Graph } from '../graph';
import { type EnforcedObject, trigger } from '../object';
import type { Table } from '../tables';
import { BY_CLIENT, toldApart } from './cascaded';
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
    ...(exist.length > 0 ? [`(${BY_CLIENT} OR (${exist.join(' AND ')}))`] : []),
  ];
  return conditions.length === 0 ? '' : `  IF NOT (${conditions.join(' AND ')}) THEN RETURN OLD; END IF;\n`;
}

/** What calls such a function for each row of a DELETE, without the door. */
export function onDelete(
  graph: Graph,
  table: Table,
  names: readonly [string, string],
  execute: string,
): EnforcedObject[] {
  const fires = { event: 'BEFORE DELETE', level: 'ROW', when: doorClosed(HARD_DELETE) } as const;
  if (graph.cascadeKeys(table).length > 0) return toldApart(table, names, { ...fires, execute });
  return [trigger(partsOf(table), names[0], { ...fires, execute: `${execute}()` })];
}
