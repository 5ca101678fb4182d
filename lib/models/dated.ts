import { type CreationOptional, type ForeignKey, literal, type SaveOptions } from 'sequelize';
import { adoptDefined } from './adopt';
import { already, grant, type ModelClass, settingsOf } from './capabilities';
import { Enforced } from './enforced';
import { inside } from './internals';
import { returningToo } from './returning';
import { settle } from './settle';

/** What a Dated instance has. The times are the database's. */
export interface DatedInstance {
  /** The transaction time of the insert; never changes. */
  readonly createdAt: CreationOptional<ForeignKey<Date>>;
  /** The transaction time of the last UPDATE, whoever sent it. */
  readonly updatedAt: CreationOptional<ForeignKey<Date>>;
}

/** What a Dated class has. */
export interface DatedStatics {
  /** The package or schema that the model belongs to: its schema, else the database's name. */
  appLabel(): string;
  /** The model's name in lower case, as `article`. */
  modelName(): string;
  /** The model's name, as `Article`. */
  className(): string;
}

// biome-ignore lint/suspicious/noExplicitAny: TypeScript demands any[] of a mixin's constructor
export type DatedClass = (new (...args: any[]) => DatedInstance) & DatedStatics;

/**
 * `createdAt` and `updatedAt`, kept by the database: NOT NULL, DEFAULT NOW(), corrected by a trigger.
 *
 * @example class Article extends Dated(Model)<InferAttributes<Article>, InferCreationAttributes<Article>> {}
 */
export function Dated<B extends ModelClass>(Base: B): B & DatedClass {
  if (already(Base, 'dated')) return Base as B & DatedClass;
  const Mixed = class extends Enforced<ModelClass>(Base) {
    static appLabel(): string {
      const table = (this as unknown as ModelClass).getTableName() as string | { schema: string };
      return typeof table === 'object' && table.schema
        ? table.schema
        : String((this as unknown as ModelClass).sequelize?.getDatabaseName());
    }

    static modelName(): string {
      return this.name.toLowerCase();
    }

    static className(): string {
      return this.name;
    }

    override async save(options?: SaveOptions): Promise<this> {
      if (this.isNewRecord) return super.save(options);
      const { attributes, columns } = settingsOf(this.constructor as ModelClass);
      // One statement still, as Sequelize's own: the UPDATE returns what the trigger made of it.
      const returning = [
        columns.updatedAt,
        ...(this.changed(attributes.createdAt as never) ? [columns.createdAt] : []),
      ];
      const saved = await super.save(returningToo(options, returning));
      settle(this, attributes.updatedAt);
      settle(this, attributes.createdAt);
      return saved;
    }

    // A statement that says now() itself never enters PL/pgSQL (the trigger's WHEN is false).
    // biome-ignore lint/suspicious/noExplicitAny: a mixin's overload of a generic static
    static override async update(this: any, values: any, options: any): Promise<any> {
      const { updatedAt } = settingsOf(this).attributes;
      if (options?.individualHooks || !writesSomething(this, values, options?.fields)) {
        return super.update.call(this, values, options);
      }
      const fields = options?.fields && { fields: [...options.fields, updatedAt] };
      return super.update.call(this, { ...values, [updatedAt]: values[updatedAt] ?? literal('NOW()') } as never, {
        ...options,
        ...fields,
      });
    }
  };
  grant(Mixed, 'dated');
  return adoptDefined(Mixed as unknown as B & DatedClass, Base);
}

function writesSomething(model: ModelClass, values: object, fields?: string[]): boolean {
  return Object.entries(values ?? {}).some(
    ([name, value]) => value !== undefined && name in inside(model).rawAttributes && (!fields || fields.includes(name)),
  );
}
