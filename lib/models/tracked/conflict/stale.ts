import { cast, col, type Model } from 'sequelize';
import { StaleWriteError } from '../../../errors';
import type { ModelClass } from '../../capabilities';
import { columnOf, inside, within } from '../../internals';
import { same } from '../equality/same';
import { typeOf } from '../state';

const TEXT = 'guitarsText';

/**
 * An UPDATE that was to find the columns as they were read has found none: says which have changed. If none has that
 * JavaScript could tell, answers the database's texts of them; nothing where Sequelize's own version is what has changed,
 * which is its own to tell.
 *
 * @throws StaleWriteError
 */
export async function refuseStale(
  instance: Model,
  known: ReadonlyMap<string, unknown>,
  options: object,
): Promise<Map<string, string | null> | undefined> {
  const model = instance.constructor as ModelClass;
  const { _versionAttribute: version, primaryKeyAttributes } = inside(model);
  const { transaction, logging, benchmark } = options as Record<string, unknown>;
  const names = [...known.keys()];
  const texts = names.map((name, n) => [cast(col(columnOf(model, name)), 'text'), `${TEXT}${n}`] as const);
  const found = await inside(model)
    .unscoped()
    .findOne({
      where: (instance as unknown as { where(): object }).where(),
      attributes: [...names, ...(version ? [version] : []), ...texts],
      ...{ paranoid: false, raw: true, useMaster: true, hooks: false, transaction, logging, benchmark },
    });
  const key = Object.fromEntries(primaryKeyAttributes.map((name) => [name, within(instance).dataValues[name]]));
  if (!found) throw new StaleWriteError(model.name, key, names, true);
  const row = found as unknown as Record<string, unknown>;
  const changed = names.filter((name) => !same(typeOf(instance, name), row[name], known.get(name)));
  if (changed.length > 0) throw new StaleWriteError(model.name, key, changed);
  if (version && row[version] !== within(instance).dataValues[version]) return undefined;
  return new Map(names.map((name, n) => [name, row[`${TEXT}${n}`] as string | null]));
}
