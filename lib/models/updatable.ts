import type { Attributes, Hookable, Model, SaveOptions, Transactionable, Utils } from 'sequelize';
import { DefinitionError, UnknownAttributeError } from '../errors';
import { adoptDefined } from './adopt';
import { already, grant, type ModelClass } from './capabilities';
import { refusingGuitar } from './initialisers';
import { inside } from './internals';
import type { TrackedInstance, TrackedSaveOptions } from './tracked/types';

/** Options of {@link Updatable}'s `update`. Every option of Sequelize's own `save` is taken as well. */
export interface UpdateOptions extends Omit<SaveOptions, 'hooks' | 'transaction'>, Hookable, Transactionable {
  /** Write to the database. `false`: change memory alone. Default: `true`. */
  save?: boolean;
  /** Write every changed field of the instance, those of earlier `save: false` calls included. Default: `false`. */
  saveAllFields?: boolean;
  /** Unknown names are an error. Default: `true`. */
  raiseForUnknown?: boolean;
}

/** Options that a tracked instance takes, too. */
type OfTracked<M> = M extends Pick<TrackedInstance, 'whatChanged'> ? Pick<TrackedSaveOptions, 'conflict'> : unknown;

/** What an Updatable instance has, beside Sequelize's own signature. */
export interface UpdatableInstance {
  /** Writes just the fields named by `values`. See {@link UpdateOptions}. */
  update<M extends Model>(
    this: M,
    values: { [K in keyof Attributes<M>]?: Attributes<M>[K] | Utils.Fn | Utils.Col | Utils.Literal },
    options?: UpdateOptions & OfTracked<M>,
  ): Promise<this>;
  update(
    values: Record<string, unknown>,
    options: UpdateOptions & OfTracked<this> & { raiseForUnknown: false },
  ): Promise<this>;
  /** Sequelize's own save, where `saveAllFields: true` also writes what `update(…, { save: false })` set. */
  save(options?: SaveOptions & { saveAllFields?: boolean }): Promise<this>;
}

// biome-ignore lint/suspicious/noExplicitAny: TypeScript demands any[] of a mixin's constructor
export type UpdatableClass = new (...args: any[]) => UpdatableInstance;

/**
 * `instance.update(values, options)` that writes just those fields.
 *
 * @throws UnknownAttributeError a name is not an attribute, a path into a JSON attribute, an association or one of the
 *   model's `setterMethods`
 * @throws DefinitionError `save: false` together with `saveAllFields: true` or `fields`, or these two together
 * @example await article.update({ title: 'New' }, { transaction });
 */
export function Updatable<B extends ModelClass>(Base: B): B & UpdatableClass {
  if (already(Base, 'updatable')) return Base as B & UpdatableClass;
  const Mixed = class extends (Base as ModelClass) {
    // biome-ignore lint/suspicious/noExplicitAny: the values are typed by Sequelize's own declaration of update
    override async update(values: any, options?: any): Promise<this> {
      const { save = true, saveAllFields = false, raiseForUnknown = true, ...rest } = normalise(options);
      if (values === null || typeof values !== 'object' || Array.isArray(values)) {
        throw new DefinitionError(`${this.constructor.name}.update() takes an object of values, as { title: 'New' }.`);
      }
      if (!save && saveAllFields) {
        throw new DefinitionError(
          'update({ save: false, saveAllFields: true }) says to write nothing and everything. Drop one.',
        );
      }
      for (const [name, value] of Object.entries({ save, saveAllFields, raiseForUnknown })) {
        if (typeof value === 'boolean') continue;
        throw new DefinitionError(`update({ ${name}: ${JSON.stringify(value)} }): say true or false.`);
      }
      refuseBoth(saveAllFields, rest.fields);
      if (!save && rest.fields)
        throw new DefinitionError('update({ save: false, fields }) writes no fields. Drop one.');
      if (raiseForUnknown) refuseUnknown(this, Object.keys(values));
      if (!save) {
        setInMemory(this, defined(values));
        return this;
      }
      if (saveAllFields) return this.set(defined(values)).save({ ...rest, saveAllFields } as SaveOptions);
      return super.update(values, rest);
    }

    // Setting the value that is held already changes nothing, and yet is meant for the next save.
    // biome-ignore lint/suspicious/noExplicitAny: overloads of Sequelize's
    override set(key: any, value?: any, options?: any): this {
      const held = memory.get(this);
      if (held) {
        const names = typeof key === 'object' && key !== null ? Object.keys(key) : [String(key)];
        for (const name of names) held.delete(rootOf(name));
      }
      return super.set(key, value, options);
    }

    // Whatever sets or saves an attribute passes here, and makes it an ordinary one again.
    // biome-ignore lint/suspicious/noExplicitAny: three overloads of Sequelize's
    override changed(key?: any, value?: any): any {
      if (typeof key === 'string' && typeof value === 'boolean') memory.get(this)?.delete(key);
      return super.changed(key as never, value as never);
    }

    override async save(options?: SaveOptions & { saveAllFields?: boolean }): Promise<this> {
      const { saveAllFields = false, ...rest } = options ?? {};
      refuseBoth(saveAllFields, rest.fields);
      const held = this.isNewRecord || saveAllFields || rest.fields ? [] : heldInMemory(this);
      if (held.length > 0) {
        const fields = (this.changed() || []).filter((name: string) => !held.includes(name));
        // defaultFields: what hooks change is still written, as when Sequelize chooses the fields itself.
        Object.assign(rest, { fields, defaultFields: fields });
      }
      // Of a tracked model they are more than what has changed.
      return super.save(saveAllFields ? ({ ...rest, saveAllFields } as SaveOptions) : rest);
    }
  };
  refusingGuitar(Mixed, Base);
  grant(Mixed, 'updatable');
  return adoptDefined(Mixed as unknown as B & UpdatableClass, Base);
}

/** @throws DefinitionError both are said */
export function refuseBoth(saveAllFields: boolean, fields: unknown): void {
  if (!saveAllFields || !fields) return;
  throw new DefinitionError(
    '{ saveAllFields: true, fields } says to write every changed field and only some. Drop one.',
  );
}

/** The attributes that `save: false` set and that nothing has set or saved since. */
const memory = new WeakMap<Model, Set<string>>();

function setInMemory(instance: Model, values: object): void {
  const held = heldInMemory(instance);
  const before = { ...instance.get({ raw: true } as never) } as Record<string, unknown>;
  const dirty = new Set(instance.changed() || []);
  instance.set(values);
  const named = new Set(Object.keys(values).map(rootOf));
  // A setter may change attributes that were not named.
  const touched = (instance.changed() || []).filter(
    (name) => named.has(name) || !dirty.has(name) || instance.getDataValue(name as never) !== before[name],
  );
  memory.set(instance, new Set([...held, ...touched]));
}

/** What `save: false` keeps in memory. */
export function heldInMemory(instance: Model): string[] {
  return [...(memory.get(instance) ?? [])];
}

// As Sequelize's own update does: undefined means "not given".
function defined(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

const rootOf = (name: string) => name.split('.')[0] as string;

// Sequelize's own callers may pass the list of fields alone.
function normalise(options: UpdateOptions | string[] | undefined): UpdateOptions {
  return Array.isArray(options) ? { fields: options } : { ...options };
}

function refuseUnknown(instance: Model, names: string[]): void {
  const model = instance.constructor as ModelClass;
  const attributes = Object.keys(inside(model).rawAttributes);
  const { _jsonAttributes: json } = inside(model);
  const { _customSetters: setters } = instance as unknown as { _customSetters: object };
  const known = (name: string) =>
    attributes.includes(name) || json.has(rootOf(name)) || name in model.associations || Object.hasOwn(setters, name);
  const unknown = names.filter((name) => !known(name));
  if (unknown.length > 0) throw new UnknownAttributeError(model.name, unknown, attributes);
}
