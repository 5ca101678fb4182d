import type { Model } from 'sequelize';
import { inside, isExpression, within } from '../internals';
import { copy, isMutable } from './copy';
import { same } from './equality/same';
import { Tracking } from './tracking';

// Outside the instance: nothing to leak into toJSON or a log, and nothing where nothing is known.
const trackings = new WeakMap<object, Tracking>();

/** What is known, if anything. */
export const peek = (instance: object): Tracking | undefined => trackings.get(instance) ?? copied(instance);

/** A deep copy of an instance has, of what was known, what Sequelize keeps: the names of what was set. */
function copied(instance: object): Tracking | undefined {
  const { _changed, isNewRecord } = within(instance);
  if (isNewRecord || _changed.size === 0) return undefined;
  const names = [..._changed].filter((name) => isColumn(instance.constructor, name));
  if (names.length === 0) return undefined;
  const made = new Tracking();
  for (const name of names) made.forced.add(name);
  trackings.set(instance, made);
  return made;
}

export function trackingOf(instance: object): Tracking {
  const known = peek(instance);
  if (known) return known;
  const made = new Tracking();
  trackings.set(instance, made);
  return made;
}

/** A row that the database does not have yet is Sequelize's to know. */
export const isUnborn = (instance: object) => within(instance).isNewRecord || peek(instance)?.creation !== undefined;

/** Is it a column? Associations and virtual attributes are left alone. */
export function isColumn(model: object, name: string): boolean {
  const { rawAttributes, _virtualAttributes } = inside(model);
  return Object.hasOwn(rawAttributes, name) && !_virtualAttributes.has(name);
}

export const columnsOf = (model: object): string[] =>
  Object.keys(inside(model).rawAttributes).filter((name) => isColumn(model, name));

export const typeOf = (instance: object, name: string) => inside(instance.constructor).rawAttributes[name]?.type;

/** Keeps the database's value of a column, before it is set or handed out. */
export function note(instance: object, name: string): void {
  const known = peek(instance);
  if (known?.baseline.has(name) || !isColumn(instance.constructor, name)) return;
  (known ?? trackingOf(instance)).baseline.set(name, databaseValue(instance, name));
}

/** The last known value of a column in the database, as a copy; undefined where it is not known. */
export const databaseValue = (instance: object, name: string): unknown => copy(knownValue(instance, name));

/** The same, not copied. */
export function knownValue(instance: object, name: string): unknown {
  const { baseline } = peek(instance) ?? {};
  const value = baseline?.has(name) ? baseline.get(name) : within(instance)._previousDataValues[name];
  return isExpression(value) ? undefined : value;
}

/** Has a column changed, or is it to be written as if it had? */
export const isChanged = (instance: object, name: string): boolean =>
  peek(instance)?.isForced(name) || isDifferent(instance, name);

/** Does memory differ from the database? */
export function isDifferent(instance: object, name: string): boolean {
  const { baseline, stamped } = peek(instance) ?? {};
  if (!baseline?.has(name) || name === stamped) return false;
  return !same(typeOf(instance, name), within(instance).dataValues[name], baseline.get(name));
}

/** The columns that have changed, by Sequelize's account where the row is new. */
export function changedColumns(instance: Model): string[] {
  if (isUnborn(instance)) return (instance.changed() || []).filter((name) => isColumn(instance.constructor, name));
  if (!peek(instance)?.isKnown) return [];
  return columnsOf(instance.constructor).filter((name) => isChanged(instance, name));
}

/** Forgets what was known of these columns, or of all: Sequelize has put what was loaded in their place. */
export function forget(instance: object, names?: readonly string[]): void {
  const tracking = peek(instance);
  for (const name of names ?? tracking?.names ?? []) tracking?.forget(name);
}

/** Makes a value that which is known of the database. */
export function know(instance: object, name: string, value: unknown): void {
  const { dataValues, _previousDataValues } = within(instance);
  const memory = dataValues[name];
  forget(instance, [name]);
  _previousDataValues[name] = value;
  // What the database has computed is not known until the row is read again.
  if (isExpression(value)) return;
  // The application may hold on to an object, and change it without another read.
  if (isMutable(memory) || !same(typeOf(instance, name), memory, value)) {
    trackingOf(instance).baseline.set(name, copy(value));
  }
}
