import type { Sequelize, Transaction } from 'sequelize';
import { ident, literal, qualified, tableKey, truncateBytes } from '../../sql/identifiers';
import type { Edge } from '../edges';
import type { Graph } from '../graph';
import { namesOf } from '../kinds/names';
import type { Table } from '../tables';
import type { Key } from './keys';
import { type ModelOf, rowsOf, total } from './names';
import { type Hop, type Root, takenFrom } from './taken';
import type { SoftPreview } from './types';

/** What archiving a row would do: the triggers' own steps, over the models' keys and live rows. */
export async function softPreview(
  sequelize: Sequelize,
  transaction: Transaction,
  root: Root,
  { graph, table, keys, modelOf }: { graph: Graph; table: Table; keys: readonly Key[]; modelOf: ModelOf },
): Promise<SoftPreview> {
  if (root.archived) return { does: 'nothing', rows: 0, takes: [], refusedBy: [] };
  const reached = [...new Set([table, ...graph.reach(table)])];
  const steps = reached.flatMap((from) => graph.dependants(from, 'cascade'));
  const guards = reached.flatMap((from) => graph.dependants(from, 'restrict'));
  const taken = await takenFrom(sequelize, transaction, [root], steps.map(hop), guards.map(hop));
  const removals = await rowsOf(sequelize, transaction, taken.rows, root.part, modelOf);
  const takes = removals.map(({ archived, ...rows }) => rows);
  const refusedBy = guards
    .map((edge, n) => ({
      schema: edge.child.table.schema,
      table: edge.child.table.name,
      model: edge.child.name,
      rows: taken.guards[n]?.beyond ?? 0,
      constraint: constraintOf(edge, keys),
      columns: [edge.column],
      reason: 'live child' as const,
    }))
    .filter(({ rows }) => rows > 0);
  return { does: refusedBy.length > 0 ? 'refuse' : 'archive', rows: total(takes), takes, refusedBy };
}

function hop({ child, column, softParent, parentColumn }: Edge): Hop {
  const parent = softParent as Table;
  return {
    parent: qualified(parent.table),
    child: qualified(child.table),
    on: `c.${ident(column)} = p.${ident(parentColumn)}`,
    where: `c.${namesOf(child).deleted} IS NULL`,
    parts: partsOf(parent),
  };
}

/** SQL: the tableoids of a table and its partitions. */
export const partsOf = ({ table, partitions }: Table): string[] =>
  [table, ...partitions].map((ref) => `${literal(qualified(ref))}::regclass`);

/** As `guitars.refuse_edge` names it. */
export function constraintOf({ child, column, parent }: Edge, keys: readonly Key[]): string {
  const names = keys
    .filter(({ holder }) => tableKey(holder) === tableKey(child.table))
    .filter(({ target }) => tableKey(target) === tableKey(parent))
    .filter((key) => key.columns.length === 1 && key.columns[0] === column)
    .map(({ constraint }) => constraint);
  return names.sort()[0] ?? truncateBytes(`${child.table.name}_${column}_fkey`, 63);
}
