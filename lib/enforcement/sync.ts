import type { Model, ModelStatic, Sequelize, SyncOptions } from 'sequelize';
import { type AnyModel, can, type ModelClass, optionsOf } from '../models/capabilities';
import { tableKey } from '../sql/identifiers';
import { triggersOf } from '../triggers/registry';
import { oursOn } from './catalog';
import { install } from './install';
import { livePlan } from './session';

const watched = new WeakSet<Sequelize>();
const inBulk = new WeakSet<Sequelize>();

/** Has `sequelize.sync()` install once, after the last table, instead of after each. */
export function watchSync(sequelize: Sequelize): void {
  if (watched.has(sequelize)) return;
  watched.add(sequelize);
  sequelize.addHook('beforeBulkSync', () => {
    // With cyclic keys Sequelize returns before its afterBulkSync hook, so each model installs for itself.
    const cyclic = sequelize.modelManager as unknown as { getModelsTopoSortedByForeignKey(): unknown };
    if (cyclic.getModelsTopoSortedByForeignKey() !== null) inBulk.add(sequelize);
  });
  sequelize.addHook('afterBulkSync', async (options: SyncOptions) => {
    inBulk.delete(sequelize);
    if (options.guitars === false) return;
    const models = syncedModels(sequelize);
    if (models.length > 0) await install(sequelize, { models });
  });
}

/**
 * Runs a model's own sync and installs after it. PostgreSQL refuses to alter a column that a trigger or a rule names,
 * so `alter` takes ours off the table first; they are back before it returns, also when it fails.
 */
export async function syncing<T>(
  model: ModelClass,
  options: SyncOptions | undefined,
  sync: () => Promise<T>,
): Promise<T> {
  if (!options?.alter) {
    const synced = await sync();
    await installAfterSync(model, options);
    return synced;
  }
  const taken = await takeOff(model);
  try {
    return await sync();
  } finally {
    if (taken > 0 || options.guitars !== false) await installAfterSync(model, { ...options, guitars: true });
  }
}

/** Does the `sync` of a model install? One that declares triggers or keeps a history does, unless its options say otherwise. */
const isSynced = (model: ModelClass) =>
  optionsOf(model)?.sync ?? (triggersOf(model).length > 0 || can(model, 'versioned'));

function syncedModels(sequelize: Sequelize): ModelClass[] {
  return (Object.values(sequelize.models) as unknown as ModelClass[]).filter(isSynced);
}

const wrapped = new WeakSet<object>();

/** Has the `sync` of a plain model install its triggers. */
export function syncPlain(model: AnyModel): void {
  const { sync } = model as ModelStatic<Model>;
  if (wrapped.has(sync)) return;
  const installing = function (this: ModelStatic<Model>, options?: SyncOptions) {
    return syncing(this as unknown as ModelClass, options, () => sync.call(this, options));
  };
  wrapped.add(installing);
  Object.defineProperty(model, 'sync', { value: installing, configurable: true, writable: true });
}

/** Drops our triggers and rules on the model's table; answers how many there were. */
async function takeOff(model: ModelClass): Promise<number> {
  const { sequelize } = model;
  if (!sequelize) return 0;
  const { objects } = await livePlan(sequelize, { models: [model] });
  const tables = [...new Map(objects.map(({ table }) => [tableKey(table), table])).values()];
  const ours = await oursOn(sequelize, tables);
  if (ours.length > 0) await sequelize.query(ours.map(({ drop }) => drop).join(';\n'));
  return ours.length;
}

/** After `Model.sync()`: installs what this table and those that it is tied to call for. */
async function installAfterSync(model: ModelClass, options?: SyncOptions): Promise<void> {
  const { sequelize } = model;
  if (!sequelize || options?.guitars === false) return;
  const models = syncedModels(sequelize);
  if (!isSynced(model)) return;
  // `alter` took this table's objects off: it does not wait for the end of the bulk.
  if (!options?.alter && inBulk.has(sequelize)) return;
  // The first pass over cyclic tables: the keys, and so what they call for, come with the second.
  if ((options as { withoutForeignKeyConstraints?: boolean })?.withoutForeignKeyConstraints) return;
  await install(sequelize, { models: models.includes(model) ? models : [...models, model] });
}
