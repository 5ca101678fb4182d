import { tableKey } from '../sql/identifiers';
import type { Graph } from './graph';
import { deletionMark } from './kinds/indexes';
import { parents } from './kinds/parents';
import type { EnforcedObject } from './object';
import type { Table } from './tables';

/**
 * What the objects of a table rest on at others: archiving a row marks the rows that it takes along, and asks who links
 * to them. Without these columns and sequences its DELETE fails.
 */
export function needsOf(graph: Graph, table: Table): EnforcedObject[] {
  const reached = new Set([...graph.reach(table), ...graph.dependants(table).map(({ child }) => child)]);
  reached.delete(table);
  return [...reached]
    .flatMap((other) => [...deletionMark(graph, other), ...parents(graph, other)])
    .filter(({ kind }) => kind === 'column' || kind === 'sequence');
}

/** The same of several tables, without what stands on these themselves. */
export function needsBeside(graph: Graph, tables: readonly Table[]): EnforcedObject[] {
  const own = new Set(tables.map(({ table }) => tableKey(table)));
  const needs = tables.flatMap((table) => needsOf(graph, table)).filter(({ table }) => !own.has(tableKey(table)));
  return [
    ...new Map(needs.map((object) => [JSON.stringify([object.kind, object.table, object.name]), object])).values(),
  ];
}
