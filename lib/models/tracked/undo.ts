import type { Model, Transaction } from 'sequelize';
import { within } from '../internals';
import { same } from './equality/same';
import { onRollback } from './rollback';
import { columnsOf, databaseValue, typeOf } from './state';
import { undone } from './write';

/** Runs a reload. What it reads in a transaction that is rolled back was never there. */
export async function reloading<T>(
  instance: Model,
  transaction: Transaction | null | undefined,
  reload: () => Promise<T>,
): Promise<T> {
  if (!transaction) return reload();
  const names = columnsOf(instance.constructor);
  const before = new Map(names.map((name) => [name, databaseValue(instance, name)]));
  const answer = await reload();
  for (const [name, known] of before) {
    if (same(typeOf(instance, name), databaseValue(instance, name), known)) continue;
    onRollback(transaction, undone(instance, name, { dirty: false, known }));
  }
  return answer;
}

/** Rows that were made in a transaction which is rolled back are new again. */
export function newAgain(instances: readonly Model[], transaction: Transaction | null | undefined): void {
  if (!transaction) return;
  onRollback(transaction, () => {
    for (const instance of instances) within(instance).isNewRecord = true;
  });
}
