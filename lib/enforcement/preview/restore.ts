import type { Sequelize, Transaction } from 'sequelize';
import type { ModelClass } from '../../models/capabilities';
import { transactionOf } from '../../models/internals';
import type { Table } from '../tables';
import type { PreviewOptions } from '.';
import { type Ground, groundOf } from './ground';
import { rowsOf, total } from './names';
import { tableOfModel } from './relations';
import { rootOf } from './root';
import { inSnapshot } from './snapshot';
import { constraintOf } from './soft';
import { type Root, type Taken, takenFrom } from './taken';
import { edgesTogether, hopTogether, hopToParents } from './together';
import type { RestorePreview } from './types';
import { uniquesTaken } from './uniques';

/**
 * What restoring one row would bring back, and what would refuse it; as `previewDelete`, it changes nothing. What triggers of
 * the application and exclusion constraints would say is not foreseen.
 *
 * @param key the primary key, by attribute
 * @throws GuitarsError there is no such row, or the key is none; the transaction goes on
 */
export function previewRestore(
  model: ModelClass,
  key: Readonly<Record<string, unknown>>,
  options: PreviewOptions = {},
): Promise<RestorePreview> {
  const sequelize = model.sequelize as Sequelize;
  const look = async (transaction: Transaction) => restorePreview(await groundOf(sequelize, transaction), model, key);
  const current = transactionOf(model, options.transaction);
  return current ? look(current) : inSnapshot(sequelize, look);
}

/** {@link previewRestore}, where the ground is known. */
export async function restorePreview(
  ground: Ground,
  model: ModelClass,
  key: Readonly<Record<string, unknown>>,
): Promise<RestorePreview> {
  return previewFrom(ground, model, key, await rootOf(ground.sequelize, model, key, ground.transaction));
}

/** The same of a row whose place is known. */
export async function previewFrom(
  ground: Ground,
  model: ModelClass,
  key: Readonly<Record<string, unknown>>,
  root: Root,
): Promise<RestorePreview> {
  const { sequelize, transaction, graph, modelOf } = ground;
  const table = tableOfModel(graph, model);
  if (!root.archived || !table) {
    return { model: model.name, key: { ...key }, does: 'nothing', rows: 0, takes: [], refusedBy: [] };
  }
  const { rows, refusedBy } = await restoreFrom(ground, table, [root]);
  const removals = await rowsOf(sequelize, transaction, rows, root.part, modelOf);
  const takes = removals.map(({ archived, ...each }) => each);
  const does = refusedBy.length > 0 ? 'refuse' : 'restore';
  return { model: model.name, key: { ...key }, does, rows: total(takes), takes, refusedBy };
}

/** What comes back with rows of a table, by tableoid, and what would refuse it. */
export async function restoreFrom(
  { sequelize, transaction, graph, keys, modelOf }: Ground,
  table: Table,
  roots: readonly Root[],
): Promise<Pick<Taken, 'rows'> & Pick<RestorePreview, 'refusedBy'>> {
  const tables = [...new Set([table, ...graph.reach(table)])];
  const steps = edgesTogether(graph, table).map(hopTogether);
  const links = tables.flatMap((each) => graph.liveEdges(each));
  const taken = await takenFrom(sequelize, transaction, roots, steps, links.map(hopToParents));
  const parents = links
    .map((edge, n) => ({
      schema: edge.parent.schema,
      table: edge.parent.name,
      model: modelOf(edge.parent),
      rows: taken.guards[n]?.beyond ?? 0,
      constraint: constraintOf(edge, keys),
      columns: [edge.column],
      reason: 'archived parent' as const,
    }))
    .filter(({ rows }) => rows > 0);
  const uniques = await uniquesTaken(sequelize, transaction, roots, { steps, tables, modelOf });
  return { rows: taken.rows, refusedBy: [...parents, ...uniques] };
}
