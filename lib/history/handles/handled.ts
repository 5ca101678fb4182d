import { Op } from 'sequelize';
import { DefinitionError } from '../../errors';
import { adoptDefined } from '../../models/adopt';
import { already, grant, type ModelClass } from '../../models/capabilities';
import { refusingGuitar } from '../../models/initialisers';
import { inside } from '../../models/internals';
import { enclosed } from '../../models/where';
import { checkedAtInit } from '../atInit';
import { HandleError } from './errors';
import { modelOfTag, refuseTag, refuseTaken, rememberTag, tagOf } from './registry';
import { handleOf, keyOf } from './split';
import { takeApart } from './text';
import type { HandledClass, HandledOptions } from './types';

/**
 * `article.handle` and `Article.byHandle(handle)`: one short text that names a row among those of all models, for URLs,
 * logs and links. A key that is a time is told to the millisecond.
 *
 * @throws DefinitionError no tag, or one with a colon; at init: the tag is another model's, or the model has an attribute
 *   called `handle`
 * @example
 * class Org extends Handled(Guitar(Model), { tag: 'org' })<InferAttributes<Org>, InferCreationAttributes<Org>> {}
 * (await Org.findByPk(5)).handle // 'org5'
 */
export function Handled<B extends ModelClass>(Base: B, options: HandledOptions): B & HandledClass {
  const has = already(Base, 'handled');
  const { tag } = { ...options } as HandledOptions;
  refuseTag(tag);
  if (has && tagOf(Base) === tag) return Base as B & HandledClass;
  const Mixed = class extends (Base as ModelClass) {
    // biome-ignore lint/suspicious/noExplicitAny: a mixin's generic static
    static async byHandle(this: any, handle: string, query: any = {}): Promise<any> {
      const key = ownKey(this, handle);
      const where = query?.where ? { [Op.and]: [enclosed(query.where), key] } : key;
      return this.findOne({ ...query, where });
    }

    get handle(): string | undefined {
      return handleOf(this);
    }
  };
  rememberTag(Mixed, tag);
  refusingGuitar(Mixed, Base);
  checkedAtInit(Mixed, {
    before: (model, name, { sequelize }) => refuseTaken(model, name, sequelize),
    after: refuseHidden,
  });
  grant(Mixed, 'handled');
  return adoptDefined(Mixed as unknown as B & HandledClass, Base);
}

function ownKey(model: ModelClass, handle: string): object {
  const parts = takeApart(handle);
  const tag = tagOf(model) as string;
  if (parts.tag === tag) return keyOf(model, handle, parts);
  const other = model.sequelize && modelOfTag(model.sequelize, parts.tag);
  const whose = other ? `it is one of ${other.name}, not of ${model.name}` : `no model has the tag "${parts.tag}"`;
  throw new HandleError(handle, `${whose}. Those of ${model.name} have the tag "${tag}".`);
}

function refuseHidden(model: ModelClass): void {
  if (!('handle' in inside(model).rawAttributes)) return;
  throw new DefinitionError(
    `${model.name}: the attribute "handle" would hide the instance's own handle. Give it another name, with { field: 'handle' } for its column.`,
  );
}
