import { literal, QueryTypes } from 'sequelize';
import { can, type ModelClass, settingsOf } from './capabilities';
import { inside } from './internals';
import { type BulkOptions, bulkOptions, narrowed } from './where';

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
  const where = narrowed(model, options, from);
  const instances = options.individualHooks ? await rows(model, where, options) : [];
  await Promise.all(instances.map((instance) => run(`before${each}`, instance, options)));
  const { limit: _limit, order: _order, where: _where, ...rest } = options;
  const count = await own.queryInterface.bulkUpdate(
    own.getTableName(),
    edgeValues(model, edge),
    where as object,
    { ...rest, omitNull: false },
    own.rawAttributes,
  );
  await Promise.all(instances.map((instance) => run(`after${each}`, instance, options)));
  if (options.hooks) await run(`after${bulk}`, options);
  return count;
}

function rows(model: ModelClass, where: object, { transaction, logging, benchmark, limit, order }: BulkOptions) {
  const paging = limit === undefined || limit === null ? {} : { limit, ...(order ? { order } : {}) };
  const query = { where, transaction, logging, benchmark, paranoid: false, ...paging };
  return inside(model).unscoped().findAll(query);
}
