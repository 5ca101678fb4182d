import { ident, literal, qualified } from '../../sql/identifiers';
import type { Edge } from '../edges';
import type { Table } from '../tables';

/** The model and the table of an enforced object. */
export const partsOf = ({ name, table }: Table) => ({ model: name, table });

/** Our columns of a table, quoted. */
export function namesOf({ options }: Table) {
  return {
    created: ident(options.columns.createdAt),
    updated: ident(options.columns.updatedAt),
    deleted: ident(options.columns.deletedAt),
    deletion: ident(options.deletionColumn),
  };
}

/** A SET list that archives a row, or restores it. */
export function timesTo(table: Table, deletedAt: string): string {
  const { updated, deleted } = namesOf(table);
  return `${deleted} = ${deletedAt}${table.dated ? `, ${updated} = now()` : ''}`;
}

/** `alias.key = OLD.key` over the columns of the primary key. */
export function sameKey(table: Table, alias: string, row: 'OLD' | 'NEW'): string {
  return table.key.map((column) => `${alias}.${ident(column)} = ${row}.${ident(column)}`).join(' AND ');
}

/** An SQL condition: the row's parents by ON DELETE CASCADE keys all exist, so nothing is taking it along (F1). */
export function parentsExist(edges: readonly Edge[], row: string): string[] {
  return edges.map(({ column, parent, parentColumn }) => {
    const key = `${row}.${ident(column)}`;
    return `(${key} IS NULL OR EXISTS (SELECT FROM ${qualified(parent)} AS parent WHERE parent.${ident(parentColumn)} = ${key}))`;
  });
}

/** A call that raises foreign_key_violation for an edge. */
export function refuseEdge(edge: Edge, reason: 'archived_parent' | 'live_child'): string {
  const child = literal(qualified(edge.child.table));
  return `PERFORM guitars.refuse_edge(${literal(reason)}, ${child}, ${literal(edge.column)}, ${literal(qualified(edge.parent))});`;
}
