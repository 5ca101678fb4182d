import type { Model } from 'sequelize';
import { DefinitionError } from '../../errors';
import { isWritten, within } from '../internals';
import { copy } from './copy';
import { changedColumns, columnsOf, databaseValue, isUnborn, know } from './state';
import { toldColumns, toldValue } from './told';

/** The last known state of the row in the database: not to be written, and its own copy. */
export function oldValuesOf(instance: Model): object {
  const known = isUnborn(instance)
    ? []
    : columnsOf(instance.constructor)
        .map((name) => [name, toldValue(instance, name)] as const)
        .filter(([, value]) => value !== undefined);
  const values = Object.fromEntries(known);
  Object.defineProperty(values, Symbol.iterator, { value: () => Object.entries(values)[Symbol.iterator]() });
  return Object.freeze(values);
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

function loggable(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`;
  if (typeof value === 'string' && value.length > LONG) return `${value.slice(0, LONG)}… (${value.length} characters)`;
  if (isWritten(value)) return '<computed by the database>';
  return copy(value);
}
