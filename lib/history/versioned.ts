import { literal, type SaveOptions } from 'sequelize';
import { adoptDefined } from '../models/adopt';
import { already, grant, type ModelClass } from '../models/capabilities';
import { refusingGuitar } from '../models/initialisers';
import { inside } from '../models/internals';
import { returningToo } from '../models/returning';
import { settle } from '../models/settle';
import { versionAttributeOf } from '../models/version';
import { VERSION_COLUMN } from './columns';
import { withHistory } from './members';
import { rememberVersioned, resolveVersioned, type VersionedOptions } from './options';
import type { VersionedClass } from './types';
import { versionedAtInit } from './version';

/**
 * A history of every row, written by the database with each change, whoever makes it; and `version`, which counts a row's
 * changes. `version: true` at init makes it Sequelize's optimistic lock as well.
 *
 * @throws DefinitionError an option that there is not, or a value that it does not take; at init, a model without a primary
 *   key, or an option that names no attribute
 * @example class Article extends Versioned(Guitar(Model), { exclude: ['draft'] })<…> {}
 */
export function Versioned<B extends ModelClass>(Base: B, options: VersionedOptions = {}): B & VersionedClass {
  if (already(Base, 'versioned')) return Base as B & VersionedClass;
  const Mixed = class extends withHistory(Base as ModelClass) {
    override async save(options?: SaveOptions): Promise<this> {
      const version = versionAttributeOf(this.constructor);
      if (this.isNewRecord || !version) return super.save(options);
      const saved = await super.save(returningToo(options, [VERSION_COLUMN]));
      settle(this, version);
      return saved;
    }

    // A statement that counts the version itself never enters PL/pgSQL (the trigger's WHEN is false).
    // biome-ignore lint/suspicious/noExplicitAny: a mixin's overload of a generic static
    static override async update(this: any, values: any, options: any): Promise<any> {
      const version = versionAttributeOf(this);
      const writes = Object.entries(values ?? {}).some(
        ([name, value]) => value !== undefined && name in inside(this).rawAttributes,
      );
      if (!version || !writes || options?.individualHooks) return super.update.call(this, values, options);
      const column = inside(this).queryInterface.queryGenerator.quoteIdentifier(VERSION_COLUMN);
      const fields = options?.fields && { fields: [...options.fields, version] };
      return super.update.call(this, { ...values, [version]: literal(`${column} + 1`) } as never, {
        ...options,
        ...fields,
      });
    }
  };
  refusingGuitar(Mixed, Base);
  versionedAtInit(Mixed);
  rememberVersioned(Mixed, resolveVersioned(options));
  grant(Mixed, 'versioned');
  return adoptDefined(Mixed as unknown as B & VersionedClass, Base);
}
