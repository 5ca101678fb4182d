import type { Sequelize } from 'sequelize';
import { syncPlain, watchSync } from '../enforcement/sync';
import { type ModelClass, optionsOf } from '../models/capabilities';
import { explainErrors } from '../triggers/attach';
import { attachRevision } from './revision';

const attached = new WeakSet<object>();

/** Has `sync` install a model's history, refusals reach the caller as errors of ours, and revisions the database. */
export function attachHistory(model: ModelClass): void {
  const sequelize = model.sequelize as Sequelize;
  explainErrors(sequelize);
  watchSync(sequelize);
  attachRevision(sequelize);
  // Enforced models install by themselves.
  if (optionsOf(model) || attached.has(model)) return;
  attached.add(model);
  syncPlain(model);
}
