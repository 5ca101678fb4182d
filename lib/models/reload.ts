import { type FindOptions, type Model, Op } from 'sequelize';
import { type ModelClass, settingsOf } from './capabilities';
import { inside } from './internals';

/**
 * Options with which `reload()` finds the row in whatever state it is now. Sequelize loads it through the scope that
 * the instance came with, which may ask for the state that the row has left.
 */
export function reloadOptions(instance: Model, options: FindOptions = {}): FindOptions {
  const model = instance.constructor as ModelClass;
  const { deletedAt } = settingsOf(model).attributes;
  const scope = inside(model)._scope.where;
  const key = (instance as unknown as { where(): object }).where();
  const either = { [deletedAt]: { [Op.or]: [{ [Op.is]: null }, { [Op.not]: null }] } };
  const where = scope && deletedAt in scope && options.paranoid === undefined ? { where: { ...key, ...either } } : {};
  return { paranoid: false, ...where, ...options } as FindOptions;
}
