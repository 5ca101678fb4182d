import { inside } from '../models/internals';
import type { Graph } from './graph';
import type { Table } from './tables';

/** Types of Sequelize whose PostgreSQL type is an extension's. */
const EXTENSIONS = ['CITEXT', 'HSTORE', 'GEOMETRY', 'GEOGRAPHY'];

/** Does enforcing this table compare keys of types that are not built into PostgreSQL? */
export function comparesForeignTypes(graph: Graph, table: Table): boolean {
  const edges = graph.edges.filter((edge) => edge.child === table || edge.softParent === table);
  return (
    table.key.some((column) => isForeign(table, column)) || edges.some(({ child, column }) => isForeign(child, column))
  );
}

function isForeign({ model }: Table, column: string): boolean {
  const attributes = Object.entries(inside(model).rawAttributes);
  const type = attributes.find(([name, definition]) => (definition.field ?? name) === column)?.[1].type;
  const key = (type as { key?: unknown } | undefined)?.key;
  return typeof key !== 'string' || EXTENSIONS.includes(key);
}
