import type { Model, SaveOptions } from 'sequelize';
import { DefinitionError } from '../../errors';
import { inside, isExpression, within } from '../internals';
import { heldInMemory, refuseBoth } from '../updatable';
import { refuseUnloaded, withPartners } from './groups';
import { SAVE } from './queryInterface';
import { changedColumns, columnsOf, isChanged, isColumn } from './state';
import { allChanged } from './told';
import type { TrackedSaveOptions } from './types';

/** What an `update` sets, by itself or by setters: the names, of attributes that had changed before, too. */
export class Touched {
  readonly names = new Set<string>();
}

/** Options of save as Sequelize's update hands them on: fields that it chose itself are `defaultFields` too. */
export type Options = SaveOptions &
  TrackedSaveOptions & { fields?: string[]; defaultFields?: string[]; [SAVE]?: unknown };

/**
 * The options with which a row that is there is saved; undefined where there is nothing to write.
 *
 * @throws DefinitionError options that mean nothing together, or a column that was not loaded
 */
export function chosen(
  instance: Model,
  { saveAllFields = false, conflict, [SAVE]: save, ...rest }: Options,
): Options | undefined {
  if (conflict !== undefined && conflict !== 'detect') {
    throw new DefinitionError(`save({ conflict: ${JSON.stringify(conflict)} }): say 'detect', or leave it out.`);
  }
  const explicit = rest.fields && !rest.defaultFields;
  refuseBoth(saveAllFields, explicit);
  const named = saveAllFields ? everything(instance) : (rest.fields ?? unsaved(instance));
  const touched =
    explicit || !(save instanceof Touched) ? [] : [...save.names].filter((name) => isUnsaved(instance, name));
  const meant = [...new Set([...named, ...touched])];
  if (explicit ? changed(instance).length === 0 : meant.length === 0) return undefined;
  const fields = withPartners(instance.constructor, meant);
  refuseUnloaded(instance, fields);
  // defaultFields: what hooks change is written, too.
  return { ...rest, fields, ...(explicit ? {} : { defaultFields: fields }) };
}

/** All that has changed, virtual attributes that were set among it. What a save has written, and hooks are still told of, has not. */
function changed(instance: Model): string[] {
  return allChanged(changedColumns(instance), instance.constructor, instance.changed());
}

/** What has changed, but not what `save: false` keeps in memory. */
function unsaved(instance: Model): string[] {
  const held = heldInMemory(instance);
  const { rawAttributes } = inside(instance.constructor);
  return changed(instance).filter((name) => Object.hasOwn(rawAttributes, name) && !held.includes(name));
}

const isUnsaved = (instance: Model, name: string): boolean =>
  isColumn(instance.constructor, name) && isChanged(instance, name);

function everything(instance: Model): string[] {
  const { primaryKeyAttributes, _readOnlyAttributes } = inside(instance.constructor);
  const { dataValues } = within(instance);
  const writable = columnsOf(instance.constructor).filter(
    (name) =>
      !primaryKeyAttributes.includes(name) &&
      !_readOnlyAttributes.has(name) &&
      dataValues[name] !== undefined &&
      // What the database has computed once would be computed again.
      !isExpression(dataValues[name]),
  );
  return [...new Set([...writable, ...changed(instance)])];
}
