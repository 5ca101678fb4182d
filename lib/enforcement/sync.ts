import type { Sequelize, SyncOptions } from 'sequelize';
import { type ModelClass, optionsOf } from '../models/capabilities';
import { install } from './install';

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
    const models = (Object.values(sequelize.models) as unknown as ModelClass[]).filter((model) => optionsOf(model)?.sync);
    if (models.length > 0) await install(sequelize, { models });
  });
}

/** After `Model.sync()`: installs what this table and those that it is tied to call for. */
export async function installAfterSync(model: ModelClass, options?: SyncOptions): Promise<void> {
  const { sequelize } = model;
  if (!sequelize || options?.guitars === false || inBulk.has(sequelize) || !optionsOf(model)?.sync) return;
  const models = (Object.values(sequelize.models) as unknown as ModelClass[]).filter((other) => optionsOf(other)?.sync);
  await install(sequelize, { models: models.includes(model) ? models : [...models, model] });
}
