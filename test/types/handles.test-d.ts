import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type ModelStatic,
  type Sequelize,
} from 'sequelize';
import { Guitar, Setar, Tracked } from '../../lib';
import { Handled, modelOfTag, splitHandle } from '../../lib/history/handles';
import { Since, type SinceQuery } from '../../lib/history/since';
import type { Equal, Expect } from './expect';

declare const sequelize: Sequelize;

class Org extends Since(Handled(Tracked(Guitar(Model)), { tag: 'org' }))<
  InferAttributes<Org>,
  InferCreationAttributes<Org>
> {
  declare id: CreationOptional<number>;
  declare name: string;
}

class Tag extends Handled(Since(Setar(Model)), { tag: 'tag' })<InferAttributes<Tag>, InferCreationAttributes<Tag>> {
  declare name: string;
}

class Plain extends Handled(Model, { tag: 'p' }) {}

// @ts-expect-error a tag is asked for
Handled(Model);
// @ts-expect-error text
Handled(Model, { tag: 5 });

export type Kept = [
  // The members of ours are no attributes.
  Expect<Equal<keyof Attributes<Org>, 'id' | 'name' | 'createdAt' | 'updatedAt' | 'deletedAt'>>,
  Expect<Equal<keyof Attributes<Tag>, 'name' | 'createdAt' | 'updatedAt'>>,
];

export async function handles(org: Org, tag: Tag, plain: Plain) {
  const all: (string | undefined)[] = [org.handle, tag.handle, plain.handle];
  // @ts-expect-error not to be written
  org.handle = 'org5';
  const found: Org | null = await Org.byHandle('org5', { where: { name: 'x' }, paranoid: false });
  // @ts-expect-error it may not be there
  const sure: Org = await Org.byHandle('org5');
  const there: Org = await Org.byHandle('org5', { rejectOnEmpty: true });
  // @ts-expect-error there is no such attribute
  await Org.byHandle('org5', { where: { nam: 'x' } });
  // @ts-expect-error text
  await Org.byHandle(5);
  const { tag: name, key, model } = splitHandle('org5', sequelize);
  const parts: [string, unknown, ModelStatic<Model> | undefined] = [name, key, model];
  const of: ModelStatic<Model> | undefined = modelOfTag(sequelize, 'org');
  const Defined = Handled(sequelize.define('defined', { n: DataTypes.INTEGER }), { tag: 'd' });
  const last: string | undefined = Defined.build().handle;
  return { all, found, sure, there, parts, of, last };
}

export async function since() {
  const query: SinceQuery<Org> = Org.since({ timestamp: new Date() }, { deleted: true, where: { name: 'x' } });
  const rows: Org[] = await query;
  for await (const org of query) rows.push(org);
  for await (const page of query.pages()) rows.push(...page);
  const more: Tag[][] = [
    await Tag.since({ timestamp: '2026-01-31' }, { limit: 1, pageSize: 1 }),
    await Tag.since({ timestamp: 5, version: 2 }),
    await Tag.since({ cursor: 'x' }),
    await Tag.undeleted({ where: { name: 'x' }, limit: 1 }),
  ];
  // @ts-expect-error nothing is given
  Tag.since({});
  // @ts-expect-error null is no time
  Tag.since({ timestamp: null });
  // @ts-expect-error a misspelling
  Tag.since({ timestmap: 5 });
  // @ts-expect-error a number
  Tag.since({ version: '2' });
  // @ts-expect-error there is no such attribute
  Tag.since({ version: 2 }, { where: { nam: 'x' } });
  // @ts-expect-error the order is that of the changes
  Tag.since({ version: 2 }, { order: ['name'] });
  const dates: (Date | null)[] = [await Tag.lastChange(), await Org.lastChange({ logging: false })];
  const exact: string | null = await Org.lastChange({ exact: true });
  return { rows, more, dates, exact };
}
