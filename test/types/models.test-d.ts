import {
  type Attributes,
  type CreationAttributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  literal,
  Model,
  type ModelStatic,
  type Sequelize,
} from 'sequelize';
import { Dated, Dutar, Guitar, HasCachedProperties, Setar, SoftDeletable, Updatable } from '../../lib';
import type { Equal, Expect } from './expect';

declare const sequelize: Sequelize;

class Article extends Guitar(Model)<InferAttributes<Article>, InferCreationAttributes<Article>> {
  declare id: CreationOptional<number>;
  declare title: string;
  declare body: string | null;
}

class Tag extends Setar(Model)<InferAttributes<Tag>, InferCreationAttributes<Tag>> {
  declare name: string;
}

class Plain extends Dutar(Model)<InferAttributes<Plain>, InferCreationAttributes<Plain>> {
  declare name: string;
}

export type Attribute = [
  Expect<Equal<keyof Attributes<Article>, 'id' | 'title' | 'body' | 'createdAt' | 'updatedAt' | 'deletedAt'>>,
  Expect<Equal<keyof Attributes<Tag>, 'name' | 'createdAt' | 'updatedAt'>>,
  Expect<Equal<keyof Attributes<Plain>, 'name'>>,
];

export async function values() {
  Article.init(
    { id: { type: DataTypes.INTEGER, primaryKey: true }, title: DataTypes.TEXT, body: DataTypes.TEXT },
    { sequelize },
  );
  Tag.init({ name: DataTypes.TEXT }, { sequelize, guitar: { columns: { createdAt: 'created' } } });
  Plain.init({ name: DataTypes.TEXT }, { sequelize });
  // @ts-expect-error an attribute of one's own is demanded
  Tag.init({}, { sequelize });
  // @ts-expect-error there is no such engine
  Tag.init({ name: DataTypes.TEXT }, { sequelize, guitar: { engine: 'steam' } });

  const article = await Article.create({ title: 'x', body: null });
  await Article.create({ title: 'x', body: null, createdAt: new Date() });
  // @ts-expect-error the title is demanded
  await Article.create({ body: null });
  // @ts-expect-error a title is text
  await Article.create({ title: 1, body: null });
  // @ts-expect-error there is no such attribute
  await Article.create({ title: 'x', body: null, titel: 'y' });
  const given: CreationAttributes<Article> = { title: 'x', body: null };

  const created: Date = article.createdAt;
  const deleted: Date | null = article.deletedAt;
  // @ts-expect-error a live row has none
  const never: Date = article.deletedAt;
  // @ts-expect-error the database's own
  article.createdAt = new Date();
  // @ts-expect-error the database's own
  article.deletedAt = null;
  const state: [boolean, boolean] = [article.isDeleted, article.isAlive];

  await Article.findAll({ where: { deletedAt: null, updatedAt: new Date() }, order: ['createdAt'] });
  return { given, created, deleted, never, state };
}

export async function methods(article: Article, tag: Tag, plain: Plain) {
  const same: Article = await article.update({ title: 'y' }, { save: false });
  await article.update(
    { title: 'y' },
    { saveAllFields: true, hooks: false, transaction: null, raiseForUnknown: false },
  );
  await plain.update({ name: 'x' }, { fields: ['name'], validate: false });
  await article.save({ saveAllFields: true });
  // @ts-expect-error there is no such option
  await article.update({ title: 'y' }, { sav: false });
  // @ts-expect-error an object of values
  await article.update('title');
  const expired: Article = article.expireCachedProperties('x');
  await article.destroy({ force: true });
  await article.restore();
  await article.hardDelete({ hooks: false });
  // @ts-expect-error a lower rung has no soft deletion
  await tag.hardDelete();
  // @ts-expect-error a lower rung has no times
  plain.createdAt;
  return { same, expired };
}

export async function mistakes(article: Article, own: Own) {
  // @ts-expect-error there is no such attribute
  await article.update({ titel: 'y' });
  // @ts-expect-error a title is text
  await article.update({ title: 1 });
  // @ts-expect-error there is no such attribute
  await article.update({ title: 'y', titel: 'y' }, { save: false });
  // @ts-expect-error there is no such attribute
  await Article.restore({ where: { titel: 'y' } });
  // @ts-expect-error there is no such attribute
  await Article.hardDelete({ where: { titel: 'y' } });
  // @ts-expect-error there is no such attribute
  await Article.destroy({ where: { titel: 'y' } });
  await article.update({ title: 'y', titel: 'y' }, { raiseForUnknown: false });
  await article.update({ title: literal('upper(title)'), body: null }, { save: true });
  // A model whose attributes are not typed takes any.
  const same: Own = await own.update({ anything: 1 }, { save: false });
  await Own.hardDelete({ where: { anything: 1 } });
  await Own.restore({ where: { anything: 1 } });
  return same;
}

export async function statics() {
  const removed: number = await Article.hardDelete({ where: { title: 'x' } });
  const restored: number = await Article.restore({ where: {} });
  const destroyed: number = await Article.destroy({ where: {} });
  const names: string[] = [Tag.appLabel(), Tag.modelName(), Article.className()];
  Article.cacheProperties('x');
  const live = await Article.live.findAll();
  const state: boolean[] = live.map((row) => row.isDeleted);
  // @ts-expect-error the whole table only on demand
  await Article.hardDelete();
  // @ts-expect-error a lower rung has no archives
  Tag.archives;
  const models: ModelStatic<Model>[] = [Article, Tag, Plain];
  const one: ModelStatic<Article> = Article;
  return { removed, restored, destroyed, names, state, models, one };
}

class Exact extends Guitar(Model)<InferAttributes<Exact>, InferCreationAttributes<Exact>> {
  declare static readonly live: ModelStatic<Exact>;
  declare name: string;
}
export const exact = async (): Promise<Exact[]> => Exact.live.findAll({ where: { name: 'x' } });

class Nested extends Setar(Guitar(Model))<InferAttributes<Nested>, InferCreationAttributes<Nested>> {
  declare name: string;
}
class Mixed extends Updatable(Dated(HasCachedProperties(SoftDeletable(Model))))<
  InferAttributes<Mixed>,
  InferCreationAttributes<Mixed>
> {
  declare name: string;
}
class Base extends Model {
  static table = () => 'x';
  shout(): string {
    return '';
  }
}
class Own extends Guitar(Base) {}

export type Nesting = [
  Expect<Equal<keyof Attributes<Nested>, 'name' | 'createdAt' | 'updatedAt' | 'deletedAt'>>,
  Expect<Equal<keyof Attributes<Mixed>, 'name' | 'createdAt' | 'updatedAt' | 'deletedAt'>>,
];
export const inherited = (own: Own): [string, string, boolean] => [Own.table(), own.shout(), own.isDeleted];

export function defined() {
  const Defined = Guitar(sequelize.define('defined', { title: DataTypes.TEXT }));
  const made: Date = Defined.build().createdAt;
  return { made, archives: Defined.archives };
}

/** An application may override what the mixins have. */
export class Loud extends Guitar(Model)<InferAttributes<Loud>, InferCreationAttributes<Loud>> {
  declare name: string;
  // biome-ignore lint/suspicious/noExplicitAny: as Sequelize's own overrides are written
  override async update(values: any, options?: any): Promise<this> {
    return super.update(values, options);
  }
}
