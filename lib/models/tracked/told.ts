import type { Model } from 'sequelize';
import { within } from '../internals';
import { isMutable } from './copy';
import {
  changedColumns,
  columnsOf,
  databaseValue,
  isChanged,
  isColumn,
  isUnborn,
  knownValue,
  note,
  peek,
  trackingOf,
} from './state';

// What is known of the database moves when the row is written. What an instance tells does not before the save has
// ended: hooks look at that.

/** Has hooks told, until {@link untell}, that a save has changed a column. */
export function tell(instance: object, name: string, save: object, before: unknown): void {
  const tracking = trackingOf(instance);
  tracking.told ??= new Map();
  tracking.told.set(name, { before, save });
}

/** A save has ended. */
export function untell(instance: object, save: object): void {
  const { told } = trackingOf(instance);
  for (const [name, each] of told ?? []) if (each.save === save) told?.delete(name);
}

/** What `changed(name)` tells of a column. */
export const tellsChanged = (instance: object, name: string): boolean =>
  (peek(instance)?.told?.has(name) ?? false) || isChanged(instance, name);

/** What `changed()` tells, of columns. */
export function toldColumns(instance: Model): string[] {
  const { told } = peek(instance) ?? {};
  if (isUnborn(instance) || !told?.size) return changedColumns(instance);
  return columnsOf(instance.constructor).filter((name) => tellsChanged(instance, name));
}

/** What `previous(name)` tells. */
export function toldValue(instance: object, name: string): unknown {
  const told = peek(instance)?.told?.get(name);
  return told ? told.before : databaseValue(instance, name);
}

/** The same, not copied: it is never handed out, and nothing that the application changes in place changes it. */
export function heldValue(instance: object, name: string): unknown {
  const told = peek(instance)?.told?.get(name);
  if (told) return told.before;
  if (isMutable(within(instance).dataValues[name])) note(instance, name);
  return knownValue(instance, name);
}

/** All that has changed, virtual attributes that were set among it. */
export function allChanged(columns: readonly string[], model: object, own: false | string[]): string[] {
  return [...columns, ...(own || []).filter((name) => !isColumn(model, name))];
}
