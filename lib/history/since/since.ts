import { literal } from 'sequelize';
import { DefinitionError } from '../../errors';
import { adoptDefined } from '../../models/adopt';
import { already, can, grant, type ModelClass, settingsOf } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { checkedAtInit } from '../atInit';
import { conditionsOf } from './criteria';
import { optionsOfSince } from './options';
import { SinceQuery } from './query';
import { changedAt, exactly } from './sql';
import type { SinceClass } from './types';

/**
 * `Article.since({ timestamp })`, `lastChange()` and `undeleted()`, for models whose times the database keeps. The plan
 * has an index for them.
 *
 * @throws DefinitionError at init: the times of the model are not kept
 * @example class Article extends Since(Guitar(Model))<InferAttributes<Article>, InferCreationAttributes<Article>> {}
 */
export function Since<B extends ModelClass>(Base: B): B & SinceClass {
  if (already(Base, 'since')) return Base as B & SinceClass;
  const Mixed = class extends (Base as ModelClass) {
    // biome-ignore-start lint/suspicious/noExplicitAny: mixins' generic statics
    static since(this: any, criteria: any, options?: any): any {
      settingsOf(this);
      // A replica knows nothing of the transactions that a cursor has seen.
      const asked = criteria?.cursor === undefined ? options : { useMaster: true, ...options };
      return new SinceQuery(this, conditionsOf(this, criteria), optionsOfSince(this.name, asked));
    }

    static async lastChange(this: any, { exact = false, ...options }: any = {}): Promise<any> {
      settingsOf(this);
      const { where } = inside(this)._scope;
      const latest = changedAt(this);
      const row = await this.unscoped().findOne({
        ...options,
        ...(where ? { where } : {}),
        attributes: [[literal(exactly(latest)), 'at']],
        order: [[literal(latest), 'DESC']],
        paranoid: false,
        raw: true,
      });
      if (!row) return null;
      return exact ? row.at : new Date(row.at);
    }

    static async undeleted(this: any, options?: any): Promise<any> {
      settingsOf(this);
      return this.findAll({ ...options, paranoid: true });
    }
    // biome-ignore-end lint/suspicious/noExplicitAny: end
  };
  checkedAtInit(Mixed, { before: refuseUndated, after: refuseKeyless });
  grant(Mixed, 'since');
  return adoptDefined(Mixed as unknown as B & SinceClass, Base);
}

function refuseUndated(model: ModelClass, name: string): void {
  if (can(model, 'dated')) return;
  throw new DefinitionError(
    `${name}: Since(…) asks for times that the database keeps, and the model has none. Write Since(Guitar(Model)), ` +
      'Since(Setar(Model)) or Since(Dated(Model)).',
  );
}

function refuseKeyless(model: ModelClass): void {
  if (model.primaryKeyAttributes.length > 0) return;
  throw new DefinitionError(
    `${model.name} has no primary key, by which Since(…) could tell rows of one time apart. Declare an attribute with { primaryKey: true }.`,
  );
}
