import type { Model } from 'sequelize';
import type { ModelClass } from './capabilities';
import { inside } from './internals';
import { type BulkOptions, isLimited, narrowed, narrowedTo, type State } from './where';

/** What a bulk call does to its rows; the instances are there where hooks ran for each of them. */
type Work = (where: object, instances: readonly Model[] | undefined, options: BulkOptions) => Promise<number>;

/** Runs `work` on the rows that `options` pick, with Sequelize's hooks round it. */
export async function bulkWork(
  model: ModelClass,
  options: BulkOptions,
  { from, hook }: { from: State; hook: 'Destroy' | 'Restore' },
  work: Work,
): Promise<number> {
  const run = (name: string, ...args: unknown[]) => inside(model).runHooks(name, ...args);
  if (options.hooks) await run(`beforeBulk${hook}`, options);
  let where = narrowed(model, options, from) as object;
  const instances = options.individualHooks ? await rows(model, where, options) : undefined;
  await Promise.all((instances ?? []).map((instance) => run(`before${hook}`, instance, options)));
  // A limit without an order may pick others the second time: the rows whose hooks ran are the ones meant.
  if (instances && isLimited(options)) where = narrowedTo(model, instances, from) as object;
  const { limit: _limit, offset: _offset, order: _order, where: _where, ...rest } = options;
  const count = await work(where, instances, rest);
  await Promise.all((instances ?? []).map((instance) => run(`after${hook}`, instance, options)));
  if (options.hooks) await run(`afterBulk${hook}`, options);
  return count;
}

// Where they are written: a replica may not know them yet. Picked already, so that neither limit nor offset is said again; the order is that of the hooks.
function rows(model: ModelClass, where: object, { transaction, logging, benchmark, order }: BulkOptions) {
  const query = {
    where,
    transaction,
    logging,
    benchmark,
    paranoid: false,
    useMaster: true,
    ...(order ? { order } : {}),
  };
  return inside(model).unscoped().findAll(query);
}
