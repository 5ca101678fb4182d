import type { Model, Transaction } from 'sequelize';
import { columnOf, inside, transactionOf, within } from '../internals';
import { copy } from './copy';
import { same } from './equality/same';
import { onRollback } from './rollback';
import { changedColumns, columnsOf, know, trackingOf, typeOf } from './state';
import { putBack, timesOf } from './times';
import { take } from './write';

type Row = Record<string, unknown>;

/** Runs a save that inserts the row. Until it has ended the instance tells what Sequelize's own tells, hooks too. */
export async function creating<T>(instance: Model, save: () => Promise<T>): Promise<T> {
  const tracking = trackingOf(instance);
  const creation: typeof tracking.creation = { times: timesOf(instance) };
  tracking.creation = creation;
  try {
    return await save();
  } finally {
    tracking.creation = undefined;
    if (instance.isNewRecord) putBack(instance, creation.times);
    creation.again?.();
  }
}

/** Takes note of an INSERT of `columns`: call it before the statement, and what it answers with what has come back. */
export function inserting(
  instance: Model,
  columns: object,
  transaction: Transaction | null | undefined,
): (returned: ReadonlyMap<string, unknown>) => void {
  const { dataValues, _changed } = within(instance);
  const before = without(dataValues, trackingOf(instance).creation?.times);
  const changed = [..._changed];
  const sent = columnsOf(instance.constructor).map((name) => ({
    name,
    memory: dataValues[name],
    held: copy(dataValues[name]),
    isSent: Object.hasOwn(columns, columnOf(instance.constructor, name)),
  }));
  return (returned) => {
    for (const { name, isSent, ...held } of sent) {
      if (returned.has(name)) take(instance, name, held, returned.get(name));
      // What was neither written nor returned is not known.
      const otherwise = isSent ? held.held : undefined;
      know(instance, name, returned.has(name) ? returned.get(name) : otherwise);
    }
    if (transaction) onRollback(transaction, undoing(instance, before, changed));
  };
}

/** What is sent to the database by a `bulkCreate`, row by row: an option of its own, by which the statement is found. */
export class BulkInsert {
  rows: readonly Row[] = [];
}

/** Runs a `bulkCreate`. Rows that were made in a transaction which is rolled back are new again. */
export async function bulkCreating<M extends Model>(
  model: object,
  records: readonly Row[],
  options: { transaction?: Transaction | null; [option: string]: unknown },
  create: (insert: BulkInsert) => Promise<M[]>,
): Promise<M[]> {
  const insert = new BulkInsert();
  const made = await create(insert);
  const transaction = transactionOf(model, options.transaction);
  // Of these nobody knows which were there before.
  if (!transaction || options.updateOnDuplicate || options.ignoreDuplicates) return made;
  const { _defaultValues, primaryKeyAttributes } = inside(model);
  for (const [n, row] of insert.rows.entries()) {
    const names = columnsOf(model).filter((name) => row[columnOf(model, name)] !== undefined);
    const sent = Object.fromEntries(names.map((name) => [name, row[columnOf(model, name)]]));
    const given = records[n] as Row;
    const times = timesOf(made[n] as M).keys();
    const before = without(sent, new Map([...times].map((name) => [name, given[name]])));
    // As Sequelize builds a row: a default, or a key that is to come, is no change.
    const isBuilt = (name: string) =>
      Object.hasOwn(_defaultValues, name) || (primaryKeyAttributes.includes(name) && before[name] === null);
    const changed = Object.keys(before).filter((name) => given[name] !== undefined || !isBuilt(name));
    onRollback(transaction, undoing(made[n] as M, before, changed));
  }
  return made;
}

/** Values as they were before Sequelize added the times. */
function without(values: Row, times: ReadonlyMap<string, unknown> = new Map()): Row {
  const before = { ...values };
  for (const [name, value] of times) {
    if (value === undefined) delete before[name];
    else before[name] = value;
  }
  return before;
}

/** Call it when the row is there; what it answers, when it was never there. What the database gave goes, what the application has set stays. */
function undoing(instance: Model, before: Row, changed: readonly string[]): () => void {
  const names = columnsOf(instance.constructor);
  const values = new Map(names.map((name) => [name, copy(within(instance).dataValues[name])]));
  return () => {
    const { dataValues, _changed } = within(instance);
    const later = changedColumns(instance);
    for (const [name, value] of values) {
      if (!same(typeOf(instance, name), dataValues[name], value)) continue;
      putBack(instance, new Map([[name, before[name]]]));
    }
    const tracking = trackingOf(instance);
    tracking.baseline.clear();
    tracking.forced.clear();
    const newAgain = () => {
      for (const name of [...changed, ...later]) _changed.add(name);
      within(instance).isNewRecord = true;
    };
    newAgain();
    // Sequelize has not come to its end, where it says that all is saved.
    if (tracking.creation) tracking.creation.again = newAgain;
  };
}
