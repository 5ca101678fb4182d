import { adoptDefined } from '../adopt';
import { already, grant, type ModelClass } from '../capabilities';
import { refusingGuitar } from '../initialisers';
import { transactionOf, within } from '../internals';
import { chosen, Touched } from './choose';
import { bulkCreating, creating } from './creation';
import { checkedAtInit } from './groups';
import { isAlone, loadRow } from './load';
import { SAVE, trackedInterface } from './queryInterface';
import { handOut, handOutAll, reading } from './reading';
import { changesOf, oldValuesOf, refuseUnknown, revert } from './report';
import * as setting from './setting';
import { isColumn, isUnborn } from './state';
import { allChanged, tellsChanged, toldColumns, toldValue } from './told';
import type { TrackedClass } from './types';
import { reloading } from './undo';
import { Write } from './write';

/**
 * `save()` of what has changed against the last known state of the row in the database: what is set back has not changed,
 * what was changed in place has, and a save that failed or a transaction that was rolled back has saved nothing.
 *
 * @example
 * class Article extends Tracked(Model)<InferAttributes<Article>, InferCreationAttributes<Article>> {}
 * article.meta.tags.push('new');
 * article.whatChanged(); // { meta: { old: …, new: … } }
 * await article.save({ conflict: 'detect' });
 */
export function Tracked<B extends ModelClass>(Base: B): B & TrackedClass {
  if (already(Base, 'tracked')) return Base as B & TrackedClass;
  // biome-ignore-start lint/suspicious/noExplicitAny: overloads of Sequelize's
  const Mixed = class extends (Base as ModelClass) {
    override set(key: any, value?: any, options?: any): this {
      if (typeof key !== 'object' || key === null) {
        setting.setOne(this, String(key), options?.raw === true, () => super.set(key, value, options));
      } else if (value?.raw && value.attributes && !value.reset && isAlone(this, Mixed.prototype)) {
        loadRow(this, key, value.attributes, (name) => super.set(name as never, key[name], value));
      } else if (value?.raw) {
        setting.load(this, key, value, () => super.set(key, value));
      } else if (value?.[SAVE] instanceof Touched) {
        setting.gathering(this, value[SAVE].names, () => super.set(key, value));
      } else {
        super.set(key, value);
      }
      return this;
    }

    override setDataValue(key: any, value: any): void {
      setting.setDataValue(this, key, () => super.setDataValue(key as never, value as never));
    }

    override get(key?: any, options?: any): any {
      if (typeof key !== 'string') {
        handOutAll(this);
        return super.get(key as never, options);
      }
      handOut(this, key);
      const getter = !options?.raw && Object.hasOwn(within(this)._customGetters, key);
      return getter ? reading(false, () => super.get(key, options)) : super.get(key, options);
    }

    override getDataValue(key: any): any {
      handOut(this, key);
      return super.getDataValue(key as never);
    }

    override toJSON(): any {
      return reading(true, () => super.toJSON());
    }

    override changed(key?: any, value?: any): any {
      const own = (): any => super.changed(key as never, value as never);
      if (typeof value === 'boolean') {
        setting.declareChanged(this, key, value);
        own();
        return this;
      }
      if (isUnborn(this)) return own();
      if (key !== undefined) return isColumn(this.constructor, key) ? tellsChanged(this, key) : own();
      const names = allChanged(toldColumns(this), this.constructor, own());
      return names.length > 0 && names;
    }

    override previous(key?: any): any {
      if (isUnborn(this)) return super.previous(key as never);
      if (!key) return Object.fromEntries(toldColumns(this).map((name) => [name, toldValue(this, name)]));
      return isColumn(this.constructor, key) ? toldValue(this, key) : super.previous(key as never);
    }

    hasChanged(name?: string): boolean {
      if (name === undefined) return toldColumns(this).length > 0;
      refuseUnknown(this, name);
      return isUnborn(this) ? toldColumns(this).includes(name) : tellsChanged(this, name);
    }

    get changedFields(): string[] {
      return toldColumns(this);
    }

    get oldValues(): object {
      return oldValuesOf(this);
    }

    revertFields(names?: any, ...more: any[]): any {
      // Versions by attribute: those are for what keeps a history.
      const past = Reflect.get(Base.prototype, 'revertFields');
      if (past && names && !Array.isArray(names)) return past.call(this, names, ...more);
      revert(this, names);
      return this;
    }

    whatChanged(): object {
      return changesOf(this);
    }

    override async save(options?: any): Promise<this> {
      if (this.isNewRecord) return creating(this, () => super.save(options ?? {}));
      const meant = chosen(this, options ?? {});
      if (!meant) return this;
      const write = new Write(this, options?.conflict === 'detect');
      if (options?.saveAllFields) write.force(meant.fields);
      return write.around(() => super.save({ ...meant, [SAVE]: write } as object));
    }

    override async update(values: any, options?: any): Promise<any> {
      if (this.isNewRecord) return super.update(values, options);
      const given = Array.isArray(options) ? { fields: options } : options;
      return super.update(values, { ...given, [SAVE]: new Touched() });
    }

    override async reload(options?: any): Promise<this> {
      const transaction = transactionOf(this.constructor, options?.transaction);
      return reloading(this, transaction, () => super.reload(options));
    }

    static override async bulkCreate(this: any, records: any, options: any = {}): Promise<any> {
      return bulkCreating(this, records, options, (insert) =>
        super.bulkCreate.call(this, records, { ...options, [SAVE]: insert } as object),
      );
    }
  };
  // biome-ignore-end lint/suspicious/noExplicitAny: end
  Object.defineProperty(Mixed, 'queryInterface', {
    configurable: true,
    get() {
      return trackedInterface(Reflect.get(Base as object, 'queryInterface', this));
    },
  });
  refusingGuitar(Mixed, Base);
  checkedAtInit(Mixed);
  grant(Mixed, 'tracked');
  return adoptDefined(Mixed as unknown as B & TrackedClass, Base);
}
