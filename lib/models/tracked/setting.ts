import type { Model } from 'sequelize';
import { within } from '../internals';
import { copy } from './copy';
import { same } from './equality/same';
import { changedColumns, forget, isColumn, isUnborn, know, note, peek, trackingOf, typeOf } from './state';

// All that these are about is synchronous, so nothing else runs meanwhile.
/** Is Sequelize putting what it has loaded into an instance? */
let loading = false;
/** What Sequelize is setting, of which it will call `changed` itself. */
let setting: string | undefined;
/** Where the names of what an `update` sets are gathered. */
let gathered: Set<string> | undefined;

const rootOf = (name: string) => name.split('.')[0] as string;

/** How a raw `set` of an object is called: by Sequelize where one of these is said. */
interface SetOptions {
  readonly isNewRecord?: boolean;
  readonly reset?: boolean;
}

/** `set` of an object, raw: what is loaded is what the database holds. */
export function load(instance: Model, values: object, { isNewRecord, reset }: SetOptions, set: () => unknown): void {
  const before = loading;
  loading = true;
  try {
    set();
  } finally {
    loading = before;
  }
  if (isNewRecord !== undefined || reset !== undefined) {
    if (peek(instance)) forget(instance, reset ? undefined : Object.keys(values));
  } else if (!within(instance).isNewRecord) {
    // The application may hold on to what it has given.
    for (const name of Object.keys(values)) learn(instance, name);
  }
}

/** `set` of one attribute. */
export function setOne(instance: Model, key: string, isRaw: boolean, set: () => unknown): unknown {
  if ((loading && isRaw) || within(instance).isNewRecord) return set();
  if (!isRaw) return setBySequelize(instance, rootOf(key), set);
  set();
  return learn(instance, key);
}

/** `setDataValue`. */
export function setDataValue(instance: Model, key: string, set: () => unknown): unknown {
  return within(instance).isNewRecord ? set() : setBySequelize(instance, key, set);
}

/** What memory holds of a column is what the database has. */
function learn(instance: Model, name: string): void {
  if (isColumn(instance.constructor, name)) know(instance, name, within(instance).dataValues[name]);
}

function setBySequelize(instance: Model, name: string, set: () => unknown): unknown {
  note(instance, name);
  gathered?.add(name);
  const tracking = peek(instance);
  if (tracking?.stamped === name) tracking.stamped = undefined;
  const before = setting;
  setting = name;
  try {
    return set();
  } finally {
    setting = before;
  }
}

/** Runs the `set` of an `update`, and gathers the names of what is set, or is changed in place by a setter. */
export function gathering(instance: Model, names: Set<string>, set: () => unknown): void {
  const values = within(instance);
  const changed = new Map(changedColumns(instance).map((name) => [name, copy(values.dataValues[name])]));
  const before = gathered;
  gathered = names;
  try {
    set();
  } finally {
    gathered = before;
  }
  for (const [name, value] of changed)
    if (!same(typeOf(instance, name), values.dataValues[name], value)) names.add(name);
}

/** Somebody says that an attribute has changed, or has not. */
export function declareChanged(instance: Model, key: string, isChanged: boolean): void {
  if (isUnborn(instance) || !isColumn(instance.constructor, key)) return;
  if (isChanged && key !== setting) {
    note(instance, key);
    trackingOf(instance).forced.add(key);
    gathered?.add(key);
  }
  // While a save is under way it is Sequelize that says so, too early; one that loads has not loaded yet.
  if (!isChanged && !loading && !peek(instance)?.saving) learn(instance, key);
}
