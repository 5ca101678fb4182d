import { inside } from '../models/internals';
import { ident } from '../sql/identifiers';
import type { Graph } from './graph';
import type { Table } from './tables';

/** Types of Sequelize whose PostgreSQL type is an extension's. */
const EXTENSIONS = ['CITEXT', 'HSTORE', 'GEOMETRY', 'GEOGRAPHY'];

/** Does enforcing this table compare keys of types that are not built into PostgreSQL? */
export function comparesForeignTypes(graph: Graph, table: Table): boolean {
  const edges = graph.edges.filter((edge) => edge.child === table || edge.softParent === table);
  return (
    table.key.some((column) => isForeign(table.model, column)) ||
    edges.some(({ child, column }) => isForeign(child.model, column))
  );
}

/**
 * SQL: a column differs between two rows. An extension's type as text: a dump does not tell of IS DISTINCT FROM which operator
 * it is, and where it is restored `citext` would be compared as text.
 */
export function differs({ model }: Pick<Table, 'model'>, column: string, one: string, other: string): string {
  const cast = isForeign(model, column) ? '::text' : '';
  return `${one}.${ident(column)}${cast} IS DISTINCT FROM ${other}.${ident(column)}${cast}`;
}

function isForeign(model: Table['model'], column: string): boolean {
  const attributes = Object.entries(inside(model).rawAttributes);
  const type = attributes.find(([name, definition]) => (definition.field ?? name) === column)?.[1].type;
  const key = (type as { key?: unknown } | undefined)?.key;
  return typeof key !== 'string' || EXTENSIONS.includes(key);
}
