import { literal, type Model } from 'sequelize';
import { DefinitionError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { inside, utils } from '../../models/internals';
import { same } from '../../models/tracked/equality/same';
import { mayBe } from '../../models/values';

/** The primary key of a row, by attribute. */
export type RowKey = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** @throws DefinitionError it is no primary key of the model */
export function keyOf(model: ModelClass, given: unknown): RowKey {
  const names = model.primaryKeyAttributes as string[];
  const key = isRecord(given) ? given : { [names[0] as string]: given };
  const lacking = names.filter((name) => key[name] === null || key[name] === undefined || isRecord(key[name]));
  const others = Object.keys(key).filter((name) => !names.includes(name));
  const wrong = names.filter((name) => !mayBe(model, name, key[name]));
  if (lacking.length === 0 && others.length === 0 && wrong.length === 0) return key;
  const shape = names.length === 1 ? `the value of "${names[0]}"` : `{ ${names.join(', ')} }`;
  throw new DefinitionError(`${model.name}: ${JSON.stringify(given)} is no primary key. Pass ${shape}.`);
}

/** @throws DefinitionError the row is not in the database yet, or its key was not loaded */
export function keyOfInstance(instance: Model): RowKey {
  const model = instance.constructor as ModelClass;
  if (instance.isNewRecord) {
    throw new DefinitionError(
      `${model.name}: the row is not in the database yet, so it has no history. save() it first.`,
    );
  }
  return keyOf(
    model,
    Object.fromEntries(model.primaryKeyAttributes.map((name) => [name, instance.getDataValue(name as never)])),
  );
}

/** SQL: the rows of an alias that have the key. */
export function hasKey(model: ModelClass, key: RowKey, alias: string): string {
  const where = utils.mapWhereFieldNames({ ...key }, model);
  return inside(model).queryInterface.queryGenerator.whereItemsQuery(where, { model, prefix: literal(alias) });
}

/** Are they the keys of one row? */
export function sameRow(model: ModelClass, one: RowKey, other: RowKey): boolean {
  return (model.primaryKeyAttributes as string[]).every((name) =>
    same(inside(model).rawAttributes[name]?.type, one[name], other[name]),
  );
}

/** A key as messages tell it: `7`, or `{"a":1,"b":2}`. */
export const keyText = (key: RowKey): string => {
  const values = Object.values(key);
  return values.length === 1 ? String(values[0]) : JSON.stringify(key);
};
