import { type ModelClass, optionsOf } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { versionAttributeOf } from '../../models/version';
import type { Entry } from '../reading/entries';
import type { Located } from '../reading/located';

/** The attributes that say when a row was written and how often, which are the database's to say. */
export function timesAndVersion(model: ModelClass): string[] {
  const { _timestampAttributes = {}, _versionAttribute } = inside(model);
  const names = [
    ...Object.values(_timestampAttributes),
    ...Object.values(optionsOf(model)?.attributes ?? {}),
    versionAttributeOf(model),
    _versionAttribute,
  ];
  return names.filter((name) => name !== undefined);
}

/** The attributes that can be put back: all that history keeps, but the key, the version and the times. */
export function revertible({ model, attributes, options }: Located): string[] {
  const kept = [...model.primaryKeyAttributes, ...timesAndVersion(model), ...options.filter];
  return [...attributes.keys()].filter((name) => !kept.includes(name));
}

/**
 * Does an entry tell of an attribute? One that was made before the column was there holds null of it, which a column that is
 * never null cannot have been.
 */
export function tells(model: ModelClass, { values }: Entry, name: string): boolean {
  return values[name] !== null || (inside(model).rawAttributes[name] as { allowNull?: boolean }).allowNull !== false;
}
