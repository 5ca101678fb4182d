import type { Sequelize } from 'sequelize';
import { can, type ModelClass } from '../models/capabilities';

/** The models of an instance that keep a history. */
export function versionedModels(sequelize: Sequelize): ModelClass[] {
  const models = Object.values(sequelize.models) as unknown as ModelClass[];
  return models.filter((model) => can(model, 'versioned'));
}
