import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type NonAttribute,
  type Sequelize,
} from 'sequelize';
import { type Changes, Dutar, Guitar, type OldValues, Tracked } from '../../lib';
import { together } from '../../lib/triggers';
import type { Equal, Expect } from './expect';

declare const sequelize: Sequelize;

class Person extends Tracked(Guitar(Model))<InferAttributes<Person>, InferCreationAttributes<Person>> {
  declare id: CreationOptional<number>;
  declare name: string;
  declare meta: { tags: string[] } | null;
  declare friends?: NonAttribute<Person[]>;
  // biome-ignore lint/suspicious/noExplicitAny: an attribute may be of any type
  declare extra: any;
  get loud(): NonAttribute<string> {
    return this.shout();
  }
  shout(): string {
    return this.name;
  }
}

class Other extends Guitar(Tracked(Model))<InferAttributes<Other>, InferCreationAttributes<Other>> {
  declare name: string;
}

class Plain extends Tracked(Model)<InferAttributes<Plain>, InferCreationAttributes<Plain>> {
  declare name: string;
}

class Untyped extends Dutar(Tracked(Model)) {}

export type Kept = [
  // The members of ours are no attributes.
  Expect<Equal<keyof Attributes<Person>, 'id' | 'name' | 'meta' | 'extra' | 'createdAt' | 'updatedAt' | 'deletedAt'>>,
  Expect<Equal<keyof Attributes<Plain>, 'name'>>,
  Expect<Equal<keyof Attributes<Other>, 'name' | 'createdAt' | 'updatedAt' | 'deletedAt'>>,
];

export function members(person: Person, untyped: Untyped) {
  const { oldValues } = person;
  const values: [string | undefined, { tags: string[] } | null | undefined, Date | undefined] = [
    oldValues.name,
    oldValues.meta,
    oldValues.createdAt,
  ];
  // @ts-expect-error a name is text
  const age: number | undefined = oldValues.name;
  // @ts-expect-error there is no such attribute
  oldValues.nam;
  // @ts-expect-error a method is no attribute
  oldValues.shout;
  // @ts-expect-error an association is none
  oldValues.friends;
  // @ts-expect-error nor is a getter that says so
  oldValues.loud;
  const extra: unknown = oldValues.extra;
  // @ts-expect-error not to be written
  oldValues.name = 'x';
  const pairs: (readonly [string, unknown])[] = [...oldValues];
  const changed: boolean[] = [person.hasChanged(), person.hasChanged('name'), untyped.hasChanged('anything')];
  // @ts-expect-error there is no such attribute
  person.hasChanged('nam');
  const same: Person = person.revertFields(['name']).revertFields();
  // @ts-expect-error there is no such attribute
  person.revertFields(['nam']);
  const told: { old: unknown; new: unknown } | undefined = person.whatChanged().name;
  const named: [OldValues<Plain>['name'], Changes<Plain>['name']] = ['x', { old: 'x', new: 'y' }];
  const fields: string[] = person.changedFields;
  return { values, age, pairs, changed, same, told, named, fields, extra };
}

export async function saves(person: Person, plain: Plain, untyped: Untyped) {
  const same: Person = await person.save({ conflict: 'detect', saveAllFields: true, hooks: false });
  await person.update({ name: 'x' }, { conflict: 'detect', raiseForUnknown: false });
  await person.update({ name: 'x' }, { save: false });
  await plain.update({ name: 'x' }, { conflict: 'detect', fields: ['name'] });
  await untyped.update({ anything: 1 }, { conflict: 'detect', saveAllFields: true });
  // @ts-expect-error say 'detect'
  await person.save({ conflict: 'wins' });
  // @ts-expect-error a plain rung has no save: false
  await plain.update({ name: 'x' }, { save: false });
  // @ts-expect-error a name is text
  await person.update({ name: 1 }, { conflict: 'detect' });
  return same;
}

export function options() {
  const attributes = { name: DataTypes.TEXT, meta: DataTypes.JSONB };
  Untyped.init(attributes, { sequelize, updateTogether: [['name', 'meta']], triggers: [together(['name', 'meta'])] });
  // @ts-expect-error a list of lists
  Untyped.init(attributes, { sequelize, updateTogether: ['name', 'meta'] });
  const Defined = Tracked(sequelize.define('defined', attributes, { updateTogether: [['name', 'meta']] }));
  return Defined.build().changedFields;
}
