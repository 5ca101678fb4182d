import type { Model, Transaction } from 'sequelize';
import { type ModelInternals, transactionOf, within } from '../internals';
import { BulkInsert, inserting } from './creation';
import { withStandIn } from './standIn';
import { update } from './update';
import { Write } from './write';

export type QueryInterface = ModelInternals['queryInterface'];

/** The option under which a save hands what it is about to the statement. A string: Sequelize copies no symbols. */
export const SAVE = 'guitarsSave';

/** The options of a statement. */
export interface Options {
  [SAVE]?: unknown;
  transaction?: Transaction | null;
  instance?: Model;
  returning?: boolean | readonly unknown[];
}

const derived = new WeakMap<QueryInterface, QueryInterface>();

/** The query interface of Tracked models: Sequelize's, which says what it has written and what has come back. */
export function trackedInterface(base: QueryInterface): QueryInterface {
  const known = derived.get(base);
  if (known) return known;
  const made: QueryInterface = Object.assign(Object.create(base) as QueryInterface, {
    update(...args: Parameters<QueryInterface['update']>) {
      const { [SAVE]: save } = args[4] as Options;
      return update(base, save instanceof Write ? save : undefined, args);
    },
    insert: (...args: Parameters<QueryInterface['insert']>) => insert(base, ...args),
    bulkInsert(...args: Parameters<QueryInterface['bulkInsert']>) {
      const { [SAVE]: insert } = args[2] as Options;
      if (insert instanceof BulkInsert) insert.rows = args[1];
      return base.bulkInsert(...args);
    },
    async upsert(...args: Parameters<QueryInterface['upsert']>) {
      const answer = await base.upsert(...args);
      const { instance } = args[4] as Options;
      if (instance) within(instance)._previousDataValues = { ...within(instance).dataValues };
      return answer;
    },
    increment: (...args: unknown[]) => arithmetic(args, (each) => base.increment(...each)),
    decrement: (...args: unknown[]) => arithmetic(args, (each) => base.decrement(...each)),
  });
  derived.set(base, made);
  return made;
}

async function insert(
  base: QueryInterface,
  instance: Model,
  table: unknown,
  columns: object,
  options: Options,
): Promise<[Model, number]> {
  const landed = inserting(instance, columns, transactionOf(instance.constructor, options.transaction));
  const { returned, count } = await withStandIn(instance, (standIn, model) =>
    base.insert(standIn, table, columns, { ...options, ...(model ? { model } : {}) }),
  );
  within(instance).isNewRecord = false;
  landed(returned);
  return [instance, count];
}

/** An increment of an instance returns the whole row. */
async function arithmetic(args: unknown[], send: (args: unknown[]) => Promise<unknown>): Promise<unknown> {
  const options = args.at(-1) as Options;
  const { instance } = options;
  if (!instance) return send(args);
  let answer: unknown;
  const { returned } = await withStandIn(instance, async (standIn, model = args[0] as object) => {
    answer = await send([model, ...args.slice(1, -1), { ...options, instance: standIn }]);
    return [standIn, 1];
  });
  new Write(instance).land(returned, transactionOf(instance.constructor, options.transaction));
  return answer;
}
