import type { Graph } from '../enforcement/graph';
import type { Table } from '../enforcement/tables';
import { GuitarsError } from '../errors';
import { timesOf } from '../models/attributes';
import { columnsOf } from './facts';
import type { Session } from './session';

/** The tables that enforcement ties to these, they themselves first: archiving follows the keys between them. */
export function tiedTo(graph: Graph, tables: readonly Table[]): Table[] {
  const found = new Set(tables);
  for (const table of found) {
    for (const { child, softParent, policy } of graph.edges) {
      if (policy === 'keep' || !softParent) continue;
      if (child === table) found.add(softParent);
      if (softParent === table) found.add(child);
    }
  }
  return [...found];
}

/**
 * The triggers of a table write to the times of those that it is tied to.
 *
 * @throws GuitarsError one of them has not been taken over, and is not about to be
 */
export async function refuseUnready(session: Session, graph: Graph, chosen: readonly Table[]): Promise<void> {
  const unready: string[] = [];
  for (const table of tiedTo(graph, chosen)) {
    if (chosen.includes(table)) continue;
    const columns = await columnsOf(session, table.table);
    const { options, model } = table;
    const needed = [...timesOf(model).map((time) => options.columns[time]), options.deletionColumn];
    if (!needed.every((column) => columns.has(column))) unready.push(table.name);
  }
  if (unready.length === 0) return;
  const names = chosen.map(({ name }) => name).join(' ');
  throw new GuitarsError(
    `Foreign keys tie ${names} to ${unready.join(', ')}, whose tables have not been taken over: archiving a row writes to both. ` +
      `Adopt them together: guitars adopt ${names} ${unready.join(' ')}`,
  );
}
