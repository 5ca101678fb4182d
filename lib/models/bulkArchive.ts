import { literal, type Model, QueryTypes } from 'sequelize';
import { timesOf } from './attributes';
import { can, type ModelClass, settingsOf } from './capabilities';
import { columnOf, inside } from './internals';
import { settle } from './settle';
import { type BulkOptions, bulkOptions, narrowed, narrowedTo } from './where';

/** The two edges of a row's life, as Sequelize names their hooks. */
const EDGES = {
  destroy: { from: 'live', bulk: 'BulkDestroy', each: 'Destroy' },
  restore: { from: 'archived', bulk: 'BulkRestore', each: 'Restore' },
} as const;

/** The columns that an edge writes. `now()` is what the trigger would put there. */
export function edgeValues(model: ModelClass, edge: keyof typeof EDGES): Record<string, unknown> {
  const { columns } = settingsOf(model);
  const now = literal('NOW()');
  return {
    [columns.deletedAt]: edge === 'destroy' ? now : null,
    ...(can(model, 'dated') ? { [columns.updatedAt]: now } : {}),
  };
}

/** Archives or restores the rows that `options` pick, with hooks; answers how many rows really changed state. */
export async function bulkEdge(model: ModelClass, edge: keyof typeof EDGES, given?: BulkOptions): Promise<number> {
  const { from, bulk, each } = EDGES[edge];
  const options: BulkOptions = { ...bulkOptions(model, edge, given), type: QueryTypes.BULKUPDATE, model };
  const own = inside(model);
  const run = (hook: string, ...args: unknown[]) => own.runHooks(hook, ...args);
  if (options.hooks) await run(`before${bulk}`, options);
  let where = narrowed(model, options, from);
  const instances = options.individualHooks ? await rows(model, where, options) : [];
  await Promise.all(instances.map((instance) => run(`before${each}`, instance, options)));
  // A limit without an order may pick others the second time: the rows whose hooks ran are the ones meant.
  if (options.individualHooks && isLimited(options)) where = narrowedTo(model, instances, from);
  const { limit: _limit, order: _order, where: _where, ...rest } = options;
  const write = (extra: object) =>
    own.queryInterface.bulkUpdate(
      own.getTableName(),
      edgeValues(model, edge),
      where as object,
      { ...rest, ...extra },
      own.rawAttributes,
    );
  const count = options.individualHooks
    ? refresh(model, instances, await write({ omitNull: false, raw: true, returning: returned(model) }))
    : ((await write({ omitNull: false, returning: false })) as number);
  await Promise.all(instances.map((instance) => run(`after${each}`, instance, options)));
  if (options.hooks) await run(`after${bulk}`, options);
  return count;
}

const isLimited = ({ limit }: BulkOptions) => limit !== undefined && limit !== null;

/** The columns that tell which rows were written, and what the database made of their times. */
function returned(model: ModelClass): string[] {
  const times = timesOf(model).map((time) => settingsOf(model).columns[time]);
  return [...model.primaryKeyAttributes.map((name) => columnOf(model, name)), ...times];
}

/** Puts the times that came back on the instances, for their after-hooks; answers how many rows came back. */
function refresh(model: ModelClass, instances: readonly Model[], written: unknown): number {
  // Sequelize asks for columns and answers attributes.
  const rows = written as Record<string, unknown>[];
  const keys = model.primaryKeyAttributes;
  const { attributes } = settingsOf(model);
  const byKey = new Map(rows.map((row) => [JSON.stringify(keys.map((name) => row[name])), row]));
  for (const instance of instances) {
    const row = byKey.get(JSON.stringify(keys.map((name) => instance.getDataValue(name as never))));
    for (const time of row ? timesOf(model) : []) settle(instance, attributes[time], row?.[attributes[time]]);
  }
  return rows.length;
}

function rows(model: ModelClass, where: object, { transaction, logging, benchmark, limit, order }: BulkOptions) {
  const paging = { ...(isLimited({ limit }) ? { limit } : {}), ...(order ? { order } : {}) };
  const query = { where, transaction, logging, benchmark, paranoid: false, ...paging };
  return inside(model).unscoped().findAll(query);
}
