import {
  type Attributes,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type NonAttribute,
} from 'sequelize';
import { Dutar, Guitar, Tracked } from '../../lib';
import type { Version } from '../../lib/history/reading';
import { Versioned } from '../../lib/history/versioned';
import type { Equal, Expect } from './expect';

class Article extends Versioned(Guitar(Model))<InferAttributes<Article>, InferCreationAttributes<Article>> {
  declare id: CreationOptional<number>;
  declare title: string;
  declare author?: NonAttribute<Article>;
}

class Both extends Versioned(Guitar(Tracked(Model)))<InferAttributes<Both>, InferCreationAttributes<Both>> {
  declare title: string;
}

class Other extends Tracked(Versioned(Model))<InferAttributes<Other>, InferCreationAttributes<Other>> {
  declare title: string;
}

class Untyped extends Versioned(Dutar(Model)) {}

export type Kept = [
  // The members of ours are no attributes.
  Expect<Equal<keyof Attributes<Article>, 'id' | 'title' | '_version' | 'createdAt' | 'updatedAt' | 'deletedAt'>>,
  Expect<Equal<keyof Attributes<Other>, 'title' | '_version'>>,
];

export async function reading(article: Article, untyped: Untyped) {
  const versions: Version<Article>[] = await article.versions({ order: 'DESC', limit: 1 });
  const version = (await article.version(3)) as Version<Article>;
  const title: string | undefined = version.values.title;
  const instance: Article = version.instance;
  const fields: ('id' | 'title' | '_version' | 'createdAt' | 'updatedAt' | 'deletedAt')[] = version.changedFields;
  const { title: change } = version.changes();
  const beside: (Version<Article> | null)[] = [await version.previous(), await version.next()];
  const { title: difference } = await article.diff(1, version);
  const all: Version<Article>[] = await Article.historyOf(1);
  await Article.historyOf({ id: 1 });
  const some: Version<Untyped>[] = await untyped.versions();
  // @ts-expect-error there is no such attribute
  version.values.titel;
  // @ts-expect-error not to be written
  version.number = 3;
  // @ts-expect-error not an order
  article.versions({ order: 'up' });
  // @ts-expect-error no attribute of it
  Article.historyOf({ nonsense: 1 });
  return { versions, title, instance, fields, change, beside, difference, all, some };
}

export async function past() {
  const articles: Article[] = await Article.asOf(new Date(), { where: { title: 'a' }, include: 'author' });
  const count: number = await Article.countAsOf('2031-05-01', { where: { title: 'a' } });
  const live: Model[] = await Article.live.findAll();
  // @ts-expect-error no moment
  Article.asOf(12);
  // @ts-expect-error no attribute of it
  Article.asOf(new Date(), { where: { titel: 'a' } });
  return { articles, count, live };
}

export async function back(article: Article, both: Both, other: Other, version: Version<Article>) {
  const same: Article = await article.revertTo(3);
  await article.revertTo(version, { hooks: false, transaction: null });
  const fields: Article = await article.revertFields({ title: 3 });
  await article.revertFields({ title: version }, { validate: false });
  const undone: Article = await article.undo();
  const made: Article = await Article.undelete(7, { values: { title: 'a' } });
  // @ts-expect-error no attribute of it
  article.revertFields({ titel: 3 });
  // @ts-expect-error not Tracked
  article.revertFields(['title']);
  // @ts-expect-error not Tracked
  article.revertFields();
  // Of both mixins: versions go back in history, names to what was read.
  const two: (Both | Other)[] = [
    both.revertFields(['title']),
    both.revertFields(),
    other.revertFields(['title']),
    await both.revertFields({ title: 3 }),
    await other.revertFields({ title: 3 }, { hooks: false }),
  ];
  return { same, fields, undone, made, two };
}
