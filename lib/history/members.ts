import type { Model } from 'sequelize';
import { DefinitionError } from '../errors';
import type { ModelClass } from '../models/capabilities';
import { columnOf, inside } from '../models/internals';
import { type BackOptions, isByVersion, revertFields, revertTo, type UndeleteOptions, undelete, undo } from './back';
import { versionedInterface } from './queryInterface';
import { type Asking, asOf, countAsOf, diffOf, findVersion, historyOfKey, type Page, versionsOf } from './reading';
import { shadowOf } from './reading/past/rendering';

const MEMBERS = ['versions', 'version', 'diff', 'revertTo', 'revertFields', 'undo'];

/** @throws DefinitionError an attribute would hide what an instance has to read its history, and to go back to it */
export function refuseHiding(model: ModelClass): void {
  const taken = Object.keys(inside(model).rawAttributes).find((name) => MEMBERS.includes(name));
  if (!taken) return;
  throw new DefinitionError(
    `${model.name}: the attribute "${taken}" would hide the instance's own ${taken}. Give it another name, with { field: '${columnOf(model, taken)}' } for its column.`,
  );
}

/** What reads the history of a model's rows, and goes back to it. */
export function withHistory<B extends ModelClass>(Base: B): B {
  // biome-ignore-start lint/suspicious/noExplicitAny: typed where applications see it
  const Mixed = class extends (Base as ModelClass) {
    versions(options?: Page) {
      return versionsOf(this, options);
    }

    version(number: number, options?: Asking) {
      return findVersion(this, number, options);
    }

    diff(a: unknown, b: unknown, options?: Asking) {
      return diffOf(this, a, b, options);
    }

    revertTo(version: unknown, options?: BackOptions) {
      return revertTo(this, version, options);
    }

    revertFields(given?: any, options?: BackOptions): any {
      const tracked = Reflect.get(Base.prototype, 'revertFields');
      return tracked && !isByVersion(given) ? tracked.call(this, given) : revertFields(this, given, options);
    }

    undo(options?: BackOptions) {
      return undo(this, options);
    }

    static historyOf(this: any, key: unknown, options?: Page) {
      return historyOfKey(this, key, options);
    }

    static asOf(this: any, moment: unknown, options?: object) {
      return asOf(this, moment, options);
    }

    static countAsOf(this: any, moment: unknown, options?: object) {
      return countAsOf(this, moment, options);
    }

    static undelete(this: any, key: unknown, options?: UndeleteOptions): Promise<Model> {
      return undelete(this, key, options);
    }

    static override getTableName(): any {
      return shadowOf(this as never) ?? super.getTableName();
    }
  };
  // biome-ignore-end lint/suspicious/noExplicitAny: end
  Object.defineProperty(Mixed, 'queryInterface', {
    configurable: true,
    get() {
      return versionedInterface(Reflect.get(Base as object, 'queryInterface', this));
    },
  });
  return Mixed as unknown as B;
}
