import type { Model } from 'sequelize';
import { StaleWriteError } from '../../../errors';
import type { ModelClass } from '../../capabilities';
import { inside, within } from '../../internals';
import { same } from '../equality/same';
import { typeOf } from '../state';

/**
 * An UPDATE that was to find the columns as they were read has found none: says which have changed. Answers where
 * Sequelize's own version is what has changed, which is its own to tell.
 *
 * @throws StaleWriteError
 */
export async function refuseStale(
  instance: Model,
  known: ReadonlyMap<string, unknown>,
  options: object,
): Promise<void> {
  const model = instance.constructor as ModelClass;
  const { _versionAttribute: version, primaryKeyAttributes } = inside(model);
  const { transaction, logging, benchmark } = options as Record<string, unknown>;
  const found = await inside(model)
    .unscoped()
    .findOne({
      where: (instance as unknown as { where(): object }).where(),
      attributes: [...known.keys(), ...(version ? [version] : [])],
      ...{ paranoid: false, raw: true, useMaster: true, hooks: false, transaction, logging, benchmark },
    });
  const key = Object.fromEntries(primaryKeyAttributes.map((name) => [name, within(instance).dataValues[name]]));
  if (!found) throw new StaleWriteError(model.name, key, [...known.keys()], true);
  const row = found as unknown as Record<string, unknown>;
  const changed = [...known].filter(([name, value]) => !same(typeOf(instance, name), row[name], value));
  if (changed.length === 0 && version && row[version] !== within(instance).dataValues[version]) return;
  const names = (changed.length > 0 ? changed : [...known]).map(([name]) => name);
  throw new StaleWriteError(model.name, key, names);
}
