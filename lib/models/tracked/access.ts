import { isDeepStrictEqual } from 'node:util';
import type { Model } from 'sequelize';
import { within } from '../internals';
import { isMutable } from './copy';
import { changedColumns, forget, isChanged, isColumn, isUnborn, know, note, peek, trackingOf } from './state';

// All that these are about is synchronous, so nothing else runs meanwhile.
/** Is Sequelize putting what it has loaded into an instance? */
let loading = false;
/** Is it Sequelize that calls `changed`? */
let setting = false;
/** Is what is read copied by the reader? */
let copying = false;

const rootOf = (name: string) => name.split('.')[0] as string;

/** `set` of an object, raw: what is loaded is what the database holds. */
export function load(instance: Model, values: object, reset: boolean, set: () => unknown): void {
  const before = loading;
  loading = true;
  try {
    set();
  } finally {
    loading = before;
  }
  if (peek(instance)) forget(instance, reset ? undefined : Object.keys(values));
}

/** `set` of one attribute. */
export function setOne(instance: Model, key: string, value: unknown, raw: boolean, set: () => unknown): unknown {
  if ((loading && raw) || within(instance).isNewRecord) return set();
  if (raw) return setRaw(instance, key, set);
  note(instance, rootOf(key));
  const setter = within(instance)._customSetters[key];
  return setter ? setCustom(instance, key, () => setter.call(instance, value, key)) : bySequelize(set);
}

function setRaw(instance: Model, key: string, set: () => unknown): void {
  set();
  if (isColumn(instance.constructor, key)) know(instance, key, within(instance).dataValues[key]);
}

/** As Sequelize does it, but so that a `changed` of the setter's is told from one of Sequelize's. */
function setCustom(instance: Model, key: string, set: () => unknown): void {
  const before = within(instance).dataValues[key];
  set();
  if (isDeepStrictEqual(within(instance).dataValues[key], before)) return;
  if (!isColumn(instance.constructor, key)) within(instance)._previousDataValues[key] = before;
  bySequelize(() => instance.changed(key as never, true));
}

/** `setDataValue`. */
export function put(instance: Model, key: string, set: () => unknown): unknown {
  if (within(instance).isNewRecord) return set();
  note(instance, key);
  return bySequelize(set);
}

/** Something that Sequelize does, and that calls `changed`. */
function bySequelize(work: () => unknown): unknown {
  const before = setting;
  setting = true;
  try {
    return work();
  } finally {
    setting = before;
  }
}

/** Before a value is handed out that the application may change in place. */
export function handOut(instance: Model, key: string): void {
  const { dataValues, isNewRecord } = within(instance);
  if (!copying && !isNewRecord && isMutable(dataValues[key])) note(instance, key);
}

/** The same, of all values. */
export function handOutAll(instance: Model): void {
  if (!copying) for (const key of Object.keys(within(instance).dataValues)) handOut(instance, key);
}

/** Runs what copies all that it reads, or, within that, an application's getter, which may do anything. */
export function reading<T>(copies: boolean, read: () => T): T {
  const before = copying;
  copying = copies;
  try {
    return read();
  } finally {
    copying = before;
  }
}

/** All that has changed, virtual attributes that were set among it. */
export function allChanged(instance: Model, own: false | string[]): false | string[] {
  const others = (own || []).filter((name) => !isColumn(instance.constructor, name));
  const names = [...changedColumns(instance), ...others];
  return names.length > 0 && names;
}

/** Somebody says that an attribute has changed, or has not. */
export function declare(instance: Model, key: string, value: boolean): void {
  if (isUnborn(instance) || !isColumn(instance.constructor, key)) return;
  if (value && !setting) {
    note(instance, key);
    trackingOf(instance).forced.add(key);
  }
  // While a save is under way it is Sequelize that says so, too early; one that loads has not loaded yet.
  if (!value && !loading && !peek(instance)?.saving) know(instance, key, within(instance).dataValues[key]);
}

/** Has one attribute changed? */
export const oneChanged = (instance: Model, key: string, own: () => boolean): boolean =>
  isColumn(instance.constructor, key) ? isChanged(instance, key) : own();
