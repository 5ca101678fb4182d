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

/** The attributes whose columns are some of these. */
export const attributesOf = ({ attributes }: Located, columns: readonly string[]): string[] =>
  [...attributes].filter(([, column]) => columns.includes(column)).map(([name]) => name);

/** The attributes that can be put back: all that history keeps, but the key, the version, the times and what is generated. */
export function revertible(history: Located): string[] {
  const { model, attributes, options, generated, identities } = history;
  const made = attributesOf(history, [...generated, ...identities]);
  const kept = [...model.primaryKeyAttributes, ...timesAndVersion(model), ...options.filter, ...made];
  return [...attributes.keys()].filter((name) => !kept.includes(name));
}

/**
 * Does an entry tell of an attribute? Not of one whose column came later; and one that was made before the column was there holds null of it, which a column that is
 * never null cannot have been.
 */
export function tells(model: ModelClass, { values }: Entry, name: string): boolean {
  if (!(name in values)) return false;
  return values[name] !== null || (inside(model).rawAttributes[name] as { allowNull?: boolean }).allowNull !== false;
}
