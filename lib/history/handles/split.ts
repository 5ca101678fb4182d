import type { Model, Sequelize } from 'sequelize';
import { DefinitionError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { isInteger, readerOf, written } from '../../models/values';
import { HandleError } from './errors';
import { modelOfTag, tagOf } from './registry';
import { joinHandle, type Parts, takeApart } from './text';
import type { HandleValue, SplitHandle } from './types';

/**
 * A handle taken apart. With a Sequelize instance, its models say what the key is; without one, or of a tag that none of
 * them has, it is text.
 *
 * @throws HandleError (a DefinitionError) it is no handle, or its key is none of the model's
 * @example splitHandle('org5', sequelize) // { tag: 'org', key: 5, model: Org }
 */
export function splitHandle(handle: string, sequelize?: Sequelize): SplitHandle {
  const parts = takeApart(handle);
  const model = sequelize && modelOfTag(sequelize, parts.tag);
  if (!model) return { tag: parts.tag, key: untyped(parts) };
  const key = keyOf(model as unknown as ModelClass, handle, parts);
  const [only] = model.primaryKeyAttributes;
  return {
    tag: parts.tag,
    key: model.primaryKeyAttributes.length === 1 ? (key[only as string] as HandleValue) : key,
    model,
  };
}

function untyped({ texts, joined }: Parts): SplitHandle['key'] {
  const [only] = texts;
  if (texts.length !== 1 || only === undefined) return texts;
  return joined && Number.isSafeInteger(Number(only)) ? Number(only) : only;
}

/**
 * The key in a handle of a model, by attribute.
 *
 * @throws HandleError it is none of the model's
 */
export function keyOf(
  model: ModelClass,
  handle: string,
  { texts }: Parts = takeApart(handle),
): Record<string, HandleValue> {
  const names = namesOf(model);
  if (names.length !== texts.length) {
    const many = names.length === 1 ? 'one part' : `${names.length} parts`;
    throw new HandleError(handle, `the key of ${model.name} (${names.join(', ')}) has ${many}, not ${texts.length}.`);
  }
  const values = names.map((name, n) => {
    const { what, read } = readerOf(model, name);
    const value = read(texts[n] as string);
    if (value !== undefined) return value;
    throw new HandleError(handle, `"${name}" of ${model.name} is ${what}. Pass the handle as the row has it.`);
  });
  const exact = handleFrom(model, values);
  // Each row has one handle, so that whoever compares handles compares rows.
  if (exact !== handle)
    throw new HandleError(handle, `it is not written as the row has it. Write ${JSON.stringify(exact)}.`);
  return Object.fromEntries(names.map((name, n) => [name, values[n] as HandleValue]));
}

/** The handle of a row that is in the database. */
export function handleOf(instance: Model): string | undefined {
  if (instance.isNewRecord) return undefined;
  const model = instance.constructor as ModelClass;
  const values = namesOf(model).map((name) => {
    const value = instance.getDataValue(name as never) as unknown;
    if (value !== undefined && value !== null) return value;
    throw new DefinitionError(
      `${model.name}: this row's handle is not known, since its key "${name}" was not selected. ` +
        `Add "${name}" to the attributes of the query.`,
    );
  });
  return handleFrom(model, values);
}

function handleFrom(model: ModelClass, values: readonly unknown[]): string {
  const parts = namesOf(model).map((name, n) => ({
    text: written(model, name, values[n]),
    integer: isInteger(model, name),
  }));
  return joinHandle(tagOf(model) as string, parts);
}

function namesOf(model: ModelClass): readonly string[] {
  if (model.primaryKeyAttributes.length > 0) return model.primaryKeyAttributes;
  throw new DefinitionError(
    `${model.name} has no primary key, of which its rows could have handles. Declare an attribute with { primaryKey: true }.`,
  );
}
