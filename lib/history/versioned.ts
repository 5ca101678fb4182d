import type { SaveOptions } from 'sequelize';
import { adoptDefined } from '../models/adopt';
import { already, grant, type ModelClass } from '../models/capabilities';
import { refusingGuitar } from '../models/initialisers';
import { returningToo } from '../models/returning';
import { settle } from '../models/settle';
import { versionAttributeOf } from '../models/version';
import { type ChangesOptions, changesOf, presentOf } from './changes';
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

    static changes(cursor?: string | null, options?: ChangesOptions) {
      return changesOf(this as unknown as ModelClass, cursor, options);
    }

    static cursor(options?: Pick<ChangesOptions, 'transaction'>) {
      return presentOf(this as unknown as ModelClass, options);
    }
  };
  refusingGuitar(Mixed, Base);
  versionedAtInit(Mixed);
  rememberVersioned(Mixed, resolveVersioned(options));
  grant(Mixed, 'versioned');
  return adoptDefined(Mixed as unknown as B & VersionedClass, Base);
}
