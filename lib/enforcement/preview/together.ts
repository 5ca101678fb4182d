import { ident, qualified } from '../../sql/identifiers';
import type { Edge } from '../edges';
import type { Graph } from '../graph';
import { namesOf } from '../kinds/names';
import type { Table } from '../tables';
import { partsOf } from './soft';
import type { Hop } from './taken';

/** Keys from a table, and from what they lead to, over which a deletion went. */
export function edgesTogether(graph: Graph, table: Table): Edge[] {
  const reached = new Set([table, ...graph.reach(table)]);
  return [...reached].flatMap((from) => graph.dependants(from, 'cascade'));
}

/** From archived rows to the children that the same deletion archived with them: what a restore brings back. */
export function hopTogether({ child, column, softParent, parentColumn }: Edge): Hop {
  const parent = softParent as Table;
  const own = namesOf(child);
  return {
    parent: qualified(parent.table),
    child: qualified(child.table),
    on: `c.${ident(column)} = p.${ident(parentColumn)}`,
    where: `c.${own.deletion} = p.${namesOf(parent).deletion} AND c.${own.deleted} IS NOT NULL`,
    // As the row that it begins with: one that a circle leads back to is the same.
    archived: 'true',
    parts: partsOf(parent),
  };
}

/** From rows to their archived parents. */
export function hopToParents({ child, column, softParent, parentColumn }: Edge): Hop {
  const parent = softParent as Table;
  return {
    parent: qualified(child.table),
    child: qualified(parent.table),
    on: `p.${ident(column)} = c.${ident(parentColumn)}`,
    where: `c.${namesOf(parent).deleted} IS NOT NULL`,
    parts: partsOf(child),
  };
}
