import type { Hookable, Model, SaveOptions, Transactionable } from 'sequelize';
import { DefinitionError, UnknownAttributeError } from '../errors';
import { can, grant, type ModelClass } from './capabilities';
import { inside } from './internals';

/** Options of {@link Updatable}'s `update`. Every option of Sequelize's own `save` is taken as well. */
export interface UpdateOptions extends Omit<SaveOptions, 'hooks' | 'transaction'>, Hookable, Transactionable {
  /** Write to the database. `false`: change memory alone. Default: `true`. */
  save?: boolean;
  /** Write every changed field of the instance, those of earlier `save: false` calls included. Default: `false`. */
  saveAllFields?: boolean;
  /** Unknown names are an error. Default: `true`. */
  raiseForUnknown?: boolean;
}

/** What an Updatable instance has, beside Sequelize's own signature. */
export interface UpdatableInstance {
  /** Writes just the fields named by `values`. See {@link UpdateOptions}. */
  // biome-ignore lint/suspicious/noExplicitAny: the model's attributes are not known to the mixin
  update(values: Record<string, any>, options?: UpdateOptions): Promise<this>;
  /** Sequelize's own save, where `saveAllFields: true` also writes what `update(…, { save: false })` set. */
  save(options?: SaveOptions & { saveAllFields?: boolean }): Promise<this>;
}

// biome-ignore lint/suspicious/noExplicitAny: TypeScript demands any[] of a mixin's constructor
export type UpdatableClass = new (...args: any[]) => UpdatableInstance;

/**
 * `instance.update(values, options)` that writes just those fields.
 *
 * @throws UnknownAttributeError a name is not an attribute, an association or a setter of the model
 * @throws DefinitionError `save: false` together with `saveAllFields: true` or `fields`
 * @example await article.update({ title: 'New' }, { transaction });
 */
export function Updatable<B extends ModelClass>(Base: B): B & UpdatableClass {
  if (can(Base, 'updatable')) return Base as B & UpdatableClass;
  const Mixed = class extends (Base as ModelClass) {
    // biome-ignore lint/suspicious/noExplicitAny: the values are typed by Sequelize's own declaration of update
    override async update(values: any, options?: any): Promise<this> {
      const { save = true, saveAllFields = false, raiseForUnknown = true, ...rest } = normalise(options);
      if (values === null || typeof values !== 'object' || Array.isArray(values)) {
        throw new DefinitionError(`${this.constructor.name}.update() takes an object of values, as { title: 'New' }.`);
      }
      if (!save && saveAllFields) {
        throw new DefinitionError('update({ save: false, saveAllFields: true }) says to write nothing and everything. Drop one.');
      }
      if (!save && rest.fields) throw new DefinitionError('update({ save: false, fields }) writes no fields. Drop one.');
      if (raiseForUnknown) refuseUnknown(this, Object.keys(values));
      if (!save) {
        this.set(values);
        keepInMemory(this, Object.keys(values));
        return this;
      }
      if (saveAllFields) return this.set(values).save({ ...rest, saveAllFields } as SaveOptions);
      forget(this, Object.keys(values));
      return super.update(values, rest);
    }

    override async save(options?: SaveOptions & { saveAllFields?: boolean }): Promise<this> {
      const { saveAllFields = false, ...rest } = options ?? {};
      const held = this.isNewRecord || saveAllFields || rest.fields ? [] : heldInMemory(this);
      if (held.length > 0) {
        const fields = (this.changed() || []).filter((name) => !held.includes(name));
        // defaultFields: what hooks change is still written, as when Sequelize chooses the fields itself.
        Object.assign(rest, { fields, defaultFields: fields });
      }
      const saved = await super.save(rest);
      for (const name of Object.keys(memoryOf(this))) if (!this.changed(name as never)) forget(this, [name]);
      return saved;
    }
  };
  grant(Mixed, 'updatable');
  return Mixed as unknown as B & UpdatableClass;
}

const MEMORY = Symbol('sequelize-guitars.memory');
type Held = Record<string, unknown>;

/** The values that `save: false` set. An attribute that was set again since then is an ordinary change. */
function memoryOf(instance: Model): Held {
  return (instance as { [MEMORY]?: Held })[MEMORY] ?? {};
}

function keepInMemory(instance: Model, names: string[]): void {
  const values = names.map((name) => [name, instance.getDataValue(name as never)]);
  const held = { ...memoryOf(instance), ...Object.fromEntries(values) };
  Object.defineProperty(instance, MEMORY, { value: held, configurable: true, enumerable: false });
}

function heldInMemory(instance: Model): string[] {
  return Object.entries(memoryOf(instance))
    .filter(([name, value]) => instance.getDataValue(name as never) === value)
    .map(([name]) => name);
}

function forget(instance: Model, names: string[]): void {
  const held = memoryOf(instance);
  for (const name of names) delete held[name];
}

// Sequelize's own callers may pass the list of fields alone.
function normalise(options: UpdateOptions | string[] | undefined): UpdateOptions {
  return Array.isArray(options) ? { fields: options } : { ...options };
}

function refuseUnknown(instance: Model, names: string[]): void {
  const model = instance.constructor as ModelClass;
  const attributes = Object.keys(inside(model).rawAttributes);
  const known = (name: string) =>
    attributes.includes(name.split('.')[0] as string) || name in model.associations || hasSetter(instance, name);
  const unknown = names.filter((name) => !known(name));
  if (unknown.length > 0) throw new UnknownAttributeError(model.name, unknown, attributes);
}

function hasSetter(instance: object, name: string): boolean {
  for (let at = instance; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    const property = Object.getOwnPropertyDescriptor(at, name);
    if (property) return property.set !== undefined;
  }
  return false;
}
