import { type Model, Op, OptimisticLockError } from 'sequelize';
import { edgeValues } from './bulkArchive';
import { can, type ModelClass, settingsOf } from './capabilities';
import { columnOf, inside, type ModelInternals, transactionOf, utils } from './internals';
import { settle } from './settle';
import { versionAttributeOf } from './version';
import type { BulkOptions } from './where';

/** Instances whose last `destroy()` or `restore()` found the row in that state already, or gone. */
const late = new WeakSet<Model>();

/** Was it the instance's last `destroy()` or `restore()` that changed the row's state, and not somebody else, who was first? */
export const wasFirst = (instance: Model): boolean => !late.has(instance);

/**
 * Archives or restores one row with one statement that writes the times (and what the before-hook changed) and
 * nothing else that is dirty, and leaves the database's own times on the instance.
 */
export async function instanceEdge(instance: Model, edge: 'destroy' | 'restore', given?: BulkOptions): Promise<void> {
  const model = instance.constructor as ModelClass;
  const own = inside(model);
  const transaction = transactionOf(model, given?.transaction);
  const options: BulkOptions = { ...given, hooks: given?.hooks ?? true, transaction };
  const dirty = new Set(instance.changed() || []);
  const before = { ...instance.get({ raw: true } as never) };
  if (options.hooks) await own.runHooks(edge === 'destroy' ? 'beforeDestroy' : 'beforeRestore', instance, options);
  const times = Object.values(settingsOf(model).attributes);
  const fields = (instance.changed() || []).filter(
    (name) =>
      !times.includes(name) &&
      !own._virtualAttributes.has(name) &&
      (!dirty.has(name) || instance.getDataValue(name as never) !== before[name]),
  );
  const values = {
    ...utils.mapValueFieldNames(instance.get({ raw: true } as never), fields, model),
    ...edgeValues(model, edge),
    ...nextVersion(instance, own),
  };
  await write(instance, model, edge, values, options);
  const version = versionOf(model);
  for (const name of [...fields, ...times, ...(version ? [version] : [])]) settle(instance, name);
  if (options.hooks) await own.runHooks(edge === 'destroy' ? 'afterDestroy' : 'afterRestore', instance, options);
}

async function write(instance: Model, model: ModelClass, edge: string, values: object, options: BulkOptions) {
  const { columns, attributes } = settingsOf(model);
  const from = { [columns.deletedAt]: edge === 'destroy' ? null : { [Op.ne]: null } };
  const key = (instance as unknown as { where(checkVersion: boolean): object }).where(true);
  const version = inside(model)._versionAttribute;
  const times = [columns.deletedAt, ...(can(model, 'dated') ? [columns.updatedAt] : [])];
  const counted = versionOf(model);
  const returning = [...times, ...(counted ? [columnOf(model, counted)] : [])];
  const [, count] = await inside(model).queryInterface.update(
    instance,
    model.getTableName(),
    values,
    { ...key, ...from },
    { ...options, returning, omitNull: false, hooks: false },
  );
  late.delete(instance);
  if (count > 0) return;
  late.add(instance);
  // Somebody else was first (or the row is gone): nothing was written, so what the database holds has to be read.
  const names = [attributes.deletedAt, ...(can(model, 'dated') ? [attributes.updatedAt] : [])];
  const { transaction, logging, benchmark } = options;
  const found = await inside(model)
    .unscoped()
    .findOne({
      where: (instance as unknown as { where(): object }).where(),
      attributes: [...names, ...(version ? [version] : [])],
      paranoid: false,
      raw: true,
      useMaster: true,
      transaction,
      logging,
      benchmark,
    });
  if (found && version && (found as never)[version] !== instance.getDataValue(version as never)) {
    throw new OptimisticLockError({ modelName: model.name, values: { ...values }, where: { ...key } });
  }
  for (const name of found ? names : []) instance.setDataValue(name as never, (found as never)[name] as never);
}

/** The attribute that counts writes: Sequelize's, or the database's. */
const versionOf = (model: ModelClass) => inside(model)._versionAttribute ?? versionAttributeOf(model);

/** Sequelize's optimistic locking: a write counts the version up. */
function nextVersion(instance: Model, own: ModelInternals): object {
  const version = own._versionAttribute;
  if (!version) return {};
  return { [columnOf(instance.constructor, version)]: Number(instance.getDataValue(version as never)) + 1 };
}
