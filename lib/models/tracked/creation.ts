import type { Model, Transaction } from 'sequelize';
import { within } from '../internals';
import { copy } from './copy';
import { same } from './equality/same';
import { onRollback } from './rollback';
import { changedColumns, columnsOf, know, trackingOf, typeOf } from './state';
import { timesOf } from './write';

/** Runs a save that inserts the row. Until it has ended the instance tells what Sequelize's own tells, hooks too. */
export async function creating<T>(instance: Model, save: () => Promise<T>): Promise<T> {
  const tracking = trackingOf(instance);
  const putTimesBack = timesOf(instance);
  tracking.creating = true;
  try {
    return await save();
  } finally {
    tracking.creating = false;
    for (const [name, value] of [...tracking.baseline]) know(instance, name, value);
    if (instance.isNewRecord) putTimesBack();
  }
}

/** Takes note of an INSERT: call it before the statement, and what it answers after. */
export function inserting(instance: Model, transaction: Transaction | null | undefined): () => void {
  const { dataValues, _changed } = within(instance);
  const before = { ...dataValues };
  const changed = [..._changed];
  return () => {
    const { dataValues } = within(instance);
    const { baseline } = trackingOf(instance);
    for (const name of columnsOf(instance.constructor)) baseline.set(name, copy(dataValues[name]));
    const values = new Map(baseline);
    if (transaction) onRollback(transaction, () => unborn(instance, before, values, changed));
  };
}

/** The row was never there. What the database gave goes; what the application has set stays. */
function unborn(
  instance: Model,
  before: Record<string, unknown>,
  values: Map<string, unknown>,
  changed: string[],
): void {
  const { dataValues, _changed } = within(instance);
  const later = changedColumns(instance);
  for (const [name, value] of values) {
    if (!same(typeOf(instance, name), dataValues[name], value)) continue;
    if (name in before) dataValues[name] = before[name];
    else delete dataValues[name];
  }
  const { baseline, forced } = trackingOf(instance);
  baseline.clear();
  forced.clear();
  for (const name of [...changed, ...later]) _changed.add(name);
  within(instance).isNewRecord = true;
}
