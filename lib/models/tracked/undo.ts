import type { Model, Transaction } from 'sequelize';
import { within } from '../internals';
import { copy } from './copy';
import { same } from './equality/same';
import { type Kept, onRollback } from './rollback';
import { columnsOf, databaseValue, know, trackingOf, typeOf } from './state';

/** A column before the database's value of it moved. */
interface Before {
  readonly known: unknown;
  /** Had the application changed it? */
  readonly dirty: boolean;
  readonly forced?: boolean;
}

/**
 * Has a column put back if the transaction is rolled back: what the application has set stays in memory, and has changed;
 * what the database gave, goes. Call it when memory has what came of the change.
 */
export function undoing(
  instance: Model,
  name: string,
  before: Before,
  transaction: Transaction | null | undefined,
): void {
  const after = copy(within(instance).dataValues[name]);
  const type = typeOf(instance, name);
  if (!transaction || (!before.dirty && same(type, before.known, after))) return;
  onRollback(transaction, (kept) => {
    const { dataValues } = within(instance);
    // The last change tells whose the value in memory is.
    const keeps = lookup(kept, instance, name, () => before.dirty || !same(type, dataValues[name], after));
    if (!keeps && before.known === undefined) delete dataValues[name];
    else if (!keeps) dataValues[name] = copy(before.known);
    know(instance, name, before.known);
    if (before.forced) trackingOf(instance).forced.add(name);
  });
}

function lookup(kept: Kept, instance: object, name: string, decide: () => boolean): boolean {
  const of = kept.get(instance) ?? new Map<string, boolean>();
  kept.set(instance, of);
  const keeps = of.get(name) ?? decide();
  of.set(name, keeps);
  return keeps;
}

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
    undoing(instance, name, { dirty: false, known }, transaction);
  }
  return answer;
}
