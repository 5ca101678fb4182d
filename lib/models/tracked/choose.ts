import type { Model, SaveOptions } from 'sequelize';
import { DefinitionError } from '../../errors';
import { inside, isWritten, within } from '../internals';
import { heldInMemory, refuseBoth } from '../updatable';
import { refuseUnloaded, withPartners } from './groups';
import { changedColumns, columnsOf } from './state';
import type { TrackedSaveOptions } from './types';

/** Options of save as Sequelize's update hands them on: fields that it chose itself are `defaultFields` too. */
export type Options = SaveOptions & TrackedSaveOptions & { fields?: string[]; defaultFields?: string[] };

/**
 * The options with which a row that is there is saved; undefined where there is nothing to write.
 *
 * @throws DefinitionError options that mean nothing together, or a column that was not loaded
 */
export function chosen(instance: Model, { saveAllFields = false, conflict, ...rest }: Options): Options | undefined {
  if (conflict !== undefined && conflict !== 'detect') {
    throw new DefinitionError(`save({ conflict: ${JSON.stringify(conflict)} }): say 'detect', or leave it out.`);
  }
  const explicit = rest.fields && !rest.defaultFields;
  refuseBoth(saveAllFields, explicit);
  const named = saveAllFields ? everything(instance) : (rest.fields ?? unsaved(instance));
  if (!explicit && named.length === 0) return undefined;
  const fields = withPartners(instance.constructor, named);
  refuseUnloaded(instance, fields);
  // defaultFields: what hooks change is written, too.
  return { ...rest, fields, ...(explicit ? {} : { defaultFields: fields }) };
}

/** What has changed, virtual attributes that were set among it, but not what `save: false` keeps in memory. */
function unsaved(instance: Model): string[] {
  const held = heldInMemory(instance);
  const { rawAttributes } = inside(instance.constructor);
  return (instance.changed() || []).filter((name) => Object.hasOwn(rawAttributes, name) && !held.includes(name));
}

function everything(instance: Model): string[] {
  const { primaryKeyAttributes, _readOnlyAttributes } = inside(instance.constructor);
  const { dataValues } = within(instance);
  const writable = columnsOf(instance.constructor).filter(
    (name) =>
      !primaryKeyAttributes.includes(name) &&
      !_readOnlyAttributes.has(name) &&
      dataValues[name] !== undefined &&
      // What the database has computed once would be computed again.
      !isWritten(dataValues[name]),
  );
  return [...new Set([...writable, ...changedColumns(instance), ...(instance.changed() || [])])];
}
