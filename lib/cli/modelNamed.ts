import type { Sequelize } from 'sequelize';
import { ConfigError } from '../errors';
import { type ModelClass, optionsOf } from '../models/capabilities';

/**
 * The model that a user names.
 *
 * @throws ConfigError there is none of that name, or the database keeps nothing for it
 */
export function modelNamed(sequelize: Sequelize, name: string): ModelClass {
  const models = sequelize.models as unknown as Record<string, ModelClass>;
  const model = models[name];
  if (model && optionsOf(model)) return model;
  const known = Object.keys(models).filter((each) => optionsOf(models[each] as ModelClass));
  throw new ConfigError(
    `${model ? `${name} is a plain model, for which the database keeps nothing` : `There is no model "${name}"`}. ` +
      `Use one of: ${known.join(', ') || '(there are none)'}.`,
  );
}
