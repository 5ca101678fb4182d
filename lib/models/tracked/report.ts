import { inspect } from 'node:util';
import type { Model } from 'sequelize';
import { DefinitionError } from '../../errors';
import { isExpression, within } from '../internals';
import { copy, copyWith, isMutable } from './copy';
import { changedColumns, columnsOf, databaseValue, isUnborn, know } from './state';
import { heldValue, toldColumns, toldValue } from './told';

/** The last known state of the row in the database: not to be written, and its own copy, made of what is asked for. */
export function oldValuesOf(instance: Model): object {
  const values = {};
  for (const name of isUnborn(instance) ? [] : columnsOf(instance.constructor)) {
    const value = heldValue(instance, name);
    if (value !== undefined) Object.defineProperty(values, name, { ...lazily(value), enumerable: true });
  }
  return Object.freeze(
    Object.defineProperties(values, {
      [Symbol.iterator]: { value: () => Object.entries(values)[Symbol.iterator]() },
      // Else a log would have getters.
      [inspect.custom]: { value: () => ({ ...values }) },
    }),
  );
}

function lazily(value: unknown): PropertyDescriptor {
  if (!isMutable(value)) return { value };
  let made: unknown;
  return {
    get() {
      made ??= copy(value);
      return made;
    },
  };
}

/** What has changed, from what to what. */
export function changesOf(instance: Model): Record<string, { old: unknown; new: unknown }> {
  const changes = toldColumns(instance).map((name) => {
    const old = isUnborn(instance) ? undefined : toldValue(instance, name);
    return [name, { old: loggable(old), new: loggable(within(instance).dataValues[name]) }];
  });
  return Object.fromEntries(changes);
}

/** Puts the last known state of the row back into memory. */
export function revert(instance: Model, names: readonly string[] | undefined): void {
  if (isUnborn(instance)) {
    throw new DefinitionError(
      `${instance.constructor.name}: the row is not in the database yet, so there is nothing to go back to. Build a new instance.`,
    );
  }
  for (const name of names ?? []) refuseUnknown(instance, name);
  const { dataValues } = within(instance);
  for (const name of names ?? changedColumns(instance)) {
    const value = databaseValue(instance, name);
    if (value === undefined) delete dataValues[name];
    else dataValues[name] = value;
    know(instance, name, value);
    // Past the mixins above, of which one may hold the name.
    instance.changed(name as never, false);
  }
}

/** @throws DefinitionError it is no column */
export function refuseUnknown(instance: Model, name: string): void {
  const columns = columnsOf(instance.constructor);
  if (columns.includes(name)) return;
  throw new DefinitionError(`${instance.constructor.name} has no column "${name}". Use one of: ${columns.join(', ')}.`);
}

const LONG = 200;

const loggable = (value: unknown): unknown =>
  copyWith(value, (each) => {
    if (ArrayBuffer.isView(each)) return `<${each.byteLength} bytes>`;
    if (typeof each === 'string' && each.length > LONG) return `${each.slice(0, LONG)}… (${each.length} characters)`;
    return isExpression(each) ? '<computed by the database>' : each;
  });
