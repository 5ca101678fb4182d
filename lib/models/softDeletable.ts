import type { FindOptions, InstanceDestroyOptions, InstanceRestoreOptions, Model, ModelStatic } from 'sequelize';
import { type PreviewOptions, previewDelete } from '../enforcement/preview';
import type { DeletePreview } from '../enforcement/preview/types';
import { DefinitionError } from '../errors';
import { adoptDefined } from './adopt';
import { bulkEdge } from './bulkArchive';
import { already, grant, type ModelClass, settingsOf } from './capabilities';
import { conflictingOptions, incrementOptions, upsertOptions } from './conflicts';
import { Enforced } from './enforced';
import { bulkHardDelete, throughHardDelete, truncate } from './hardDelete';
import { instanceEdge } from './instanceArchive';
import { inside } from './internals';
import { refuseOverrides } from './overrides';
import { reloadOptions, scopeFor } from './reload';
import type { SoftDeletableClass, SoftDeletableInstance } from './softDeletableTypes';
import { enclosed } from './where';

/**
 * Soft deletion that the database enforces. To Sequelize the model is a paranoid model.
 *
 * @example class Article extends SoftDeletable(Model)<InferAttributes<Article>, InferCreationAttributes<Article>> {}
 */
export function SoftDeletable<B extends ModelClass>(Base: B): SoftDeletableClass & B {
  if (already(Base, 'soft')) return Base as B & SoftDeletableClass;
  refuseOverrides(Base);
  const Mixed = class extends Enforced<ModelClass>(Base) {
    static get live() {
      return scoped(this, 'live');
    }

    static get archives() {
      return scoped(this, 'archives');
    }

    static get all() {
      return scoped(this, 'all');
    }

    // biome-ignore-start lint/suspicious/noExplicitAny: mixins' overloads of generic statics
    static override async destroy(this: any, options?: any): Promise<number> {
      if (options?.truncate) {
        if (options.force) return truncate(this, options).then(() => 0);
        throw new DefinitionError(
          `${this.name}.destroy({ truncate: true }) would empty a table whose rows are kept. ` +
            'Say { where: {} } to archive every row, or { truncate: true, force: true } to remove them for good.',
        );
      }
      return options?.force ? this.hardDelete(options) : bulkEdge(this, 'destroy', options);
    }

    static override async restore(this: any, options?: any): Promise<any> {
      return bulkEdge(this, 'restore', options);
    }

    static async hardDelete(this: any, options?: any): Promise<number> {
      return bulkHardDelete(this, options);
    }

    static override async upsert(this: any, values: any, options?: any): Promise<any> {
      return super.upsert.call(this, values, upsertOptions(this, values, options) as never);
    }

    static override async bulkCreate(this: any, records: any, options?: any): Promise<any> {
      return super.bulkCreate.call(this, records, conflictingOptions(this, records, options) as never);
    }

    static override async increment(this: any, fields: any, options?: any): Promise<any> {
      return super.increment.call(this, fields, incrementOptions(this, options) as never);
    }

    // An array would put a scope's own conditions out of force, those of `archives` included.
    static _injectScope(this: any, options: any): void {
      if (Array.isArray(options?.where)) options.where = enclosed(options.where);
      inside(Base)._injectScope.call(scopeFor(this, options), options);
      // Here, not in _paranoidClause alone: of an include, that of the root is asked, which may be a plain model.
      for (const key of ['where', 'on']) if (options?.[key]) options[key] = enclosed(options[key]);
    }

    static _paranoidClause(this: any, model: any, options: any = {}): any {
      if (options.where) options.where = enclosed(options.where);
      return inside(Base)._paranoidClause.call(this, model, options);
    }
    // biome-ignore-end lint/suspicious/noExplicitAny: end

    get isDeleted(): boolean {
      const { attributes } = settingsOf(this.constructor as ModelClass);
      const deletedAt = this.getDataValue(attributes.deletedAt as never) as unknown;
      if (deletedAt === undefined && !this.isNewRecord) refuseUnknown(this.constructor.name, attributes.deletedAt);
      return Boolean(deletedAt);
    }

    get isAlive(): boolean {
      return !this.isDeleted;
    }

    override async destroy(options?: InstanceDestroyOptions): Promise<void> {
      if (options?.force) return this.hardDelete(options);
      await instanceEdge(this, 'destroy', options as never);
    }

    override async restore(options?: InstanceRestoreOptions): Promise<void> {
      await instanceEdge(this, 'restore', options as never);
    }

    /** Sequelize's own, that finds the row when it is archived too. */
    override async reload(options?: FindOptions): Promise<this> {
      return super.reload(reloadOptions(options));
    }

    async hardDelete(options?: InstanceDestroyOptions): Promise<void> {
      await throughHardDelete(this.constructor as ModelClass, options ?? {}, (transaction) =>
        super.destroy({ ...options, force: true, transaction }),
      );
    }

    async previewDestroy(options?: PreviewOptions): Promise<DeletePreview> {
      const model = this.constructor as ModelClass;
      const key = model.primaryKeyAttributes.map((name) => [name, this.getDataValue(name as never)]);
      return previewDelete(model, Object.fromEntries(key), options);
    }
  };
  grant(Mixed, 'soft');
  return adoptDefined(Mixed as unknown as B & SoftDeletableClass, Base);
}

function refuseUnknown(model: string, deletedAt: string): never {
  throw new DefinitionError(
    `${model}: whether this row is live is not known, since "${deletedAt}" was not selected. ` +
      `Add "${deletedAt}" to the attributes of the query, or reload() the instance.`,
  );
}

function scoped(model: unknown, name: string): ModelStatic<Model & SoftDeletableInstance> {
  settingsOf(model as ModelClass);
  return (model as ModelStatic<Model>).scope(name) as never;
}
