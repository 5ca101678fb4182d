import type { ModelAttributes } from 'sequelize';
import { DefinitionError } from '../../errors';
import type { ModelClass } from '../capabilities';
import { aroundInit, type Init } from '../initialisers';
import { inside, within } from '../internals';
import { isColumn } from './state';

const MEMBERS = ['hasChanged', 'changedFields', 'oldValues', 'revertFields', 'whatChanged'];

/** Has the model look at its attributes and groups when it is initialised. */
export function checkedAtInit(Mixed: ModelClass): void {
  aroundInit(
    Mixed,
    Mixed,
    (init) =>
      function (this: ModelClass, attributes: ModelAttributes, options: Init) {
        const model = init.call(this, attributes, options);
        refuseHidden(this);
        for (const group of declared(this)) refuseGroup(this, group);
        return model;
      },
  );
}

/** These and the columns that are to be written together with them. */
export function withPartners(model: object, names: readonly string[]): string[] {
  const partners = groupsOf(model).filter((group) => group.some((name) => names.includes(name)));
  return [...new Set([...names, ...partners.flat()])];
}

/** Is it one of a group? */
export const hasPartners = (model: object, name: string) => groupsOf(model).some((group) => group.includes(name));

/** @throws DefinitionError a column that must be written with others was not loaded: its value is not known */
export function refuseUnloaded(instance: object, names: readonly string[]): void {
  const model = instance.constructor as ModelClass;
  const unloaded = names.filter((name) => hasPartners(model, name) && within(instance).dataValues[name] === undefined);
  if (unloaded.length === 0) return;
  const list = unloaded.map((name) => `"${name}"`).join(', ');
  throw new DefinitionError(
    `${model.name}: ${list} must be written together with what this save writes, and was not loaded. ` +
      `Add it to the attributes of the query, or reload({ attributes: [${unloaded.map((name) => `'${name}'`).join(', ')}] }).`,
  );
}

const declared = (model: object): readonly (readonly string[])[] =>
  (inside(model).options as { updateTogether?: readonly (readonly string[])[] } | undefined)?.updateTogether ?? [];

const merged = new WeakMap<object, string[][]>();

function groupsOf(model: object): string[][] {
  const given = declared(model);
  const known = merged.get(given);
  if (known) return known;
  const groups: string[][] = [];
  for (const group of given) {
    const touching = groups.filter((each) => each.some((name) => group.includes(name)));
    for (const each of touching) groups.splice(groups.indexOf(each), 1);
    groups.push([...new Set([...touching.flat(), ...group])]);
  }
  merged.set(given, groups);
  return groups;
}

function refuseGroup(model: ModelClass, group: readonly string[]): void {
  const refuse = (reason: string): never => {
    throw new DefinitionError(`${model.name}: updateTogether ${reason}`);
  };
  if (!Array.isArray(group)) refuse("is a list of lists, as [['heightFeet', 'heightInches']].");
  const writable = Object.keys(inside(model).rawAttributes).filter(
    (name) => isColumn(model, name) && !inside(model).primaryKeyAttributes.includes(name),
  );
  const unknown = group.find((name) => !writable.includes(name));
  if (unknown !== undefined) {
    refuse(
      `names "${unknown}", which is no column that a save can write. Use some of: ${writable.join(', ')}; ` +
        'an association’s key has to be among the attributes.',
    );
  }
  if (new Set(group).size < 2)
    refuse(`has a group of one (${group.join(', ')}). Name those that belong to it, or drop it.`);
}

function refuseHidden(model: ModelClass): void {
  const hidden = MEMBERS.find((name) => Object.hasOwn(inside(model).rawAttributes, name));
  if (hidden === undefined) return;
  throw new DefinitionError(
    `${model.name}: the attribute "${hidden}" would hide the instance's own ${hidden}. ` +
      `Give it another name, with { field: '${hidden}' } for its column.`,
  );
}
