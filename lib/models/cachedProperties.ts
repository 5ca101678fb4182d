import { DefinitionError } from '../errors';
import { adoptDefined } from './adopt';
import { already, grant, type ModelClass } from './capabilities';
import { refusingGuitar } from './initialisers';

type Getter = (this: object) => unknown;

// Outside the instance: nothing to leak into toJSON, changed() or a log.
// By getter within a name: an overriding getter and its super's are two values of one property.
const values = new WeakMap<object, Map<string, Map<Getter, unknown>>>();
const declared = new WeakMap<object, Set<string>>();

/** What a model with cached properties has. */
export interface HasCachedPropertiesInstance {
  /**
   * Forgets the cached properties named, inherited ones too; all of them when none is named.
   *
   * @throws DefinitionError a name is not a cached property
   */
  expireCachedProperties(...names: string[]): this;
}

/** What a class with cached properties has. */
export interface HasCachedPropertiesStatics {
  /**
   * The form without decorators: makes getters of this class cached properties.
   *
   * @throws DefinitionError a name is not a getter of the class
   * @example class Article extends Dutar(Model) { static { this.cacheProperties('wordCount') } get wordCount() { … } }
   */
  cacheProperties(...names: string[]): void;
}

// biome-ignore lint/suspicious/noExplicitAny: TypeScript demands any[] of a mixin's constructor
type Constructor = new (...args: any[]) => HasCachedPropertiesInstance;
export type HasCachedPropertiesClass = Constructor & HasCachedPropertiesStatics;

/**
 * A decorator for getters that are computed once an instance, until `reload()` or `expireCachedProperties()`. Works
 * with standard decorators and with `experimentalDecorators`.
 *
 * @example
 * class Article extends Dutar(Model) {
 *   \@cached get wordCount() { return this.body.split(/\s+/).length; }
 * }
 */
export function cached<T extends Getter>(getter: T, context: ClassGetterDecoratorContext): T;
export function cached(target: object, name: string | symbol, descriptor: PropertyDescriptor): PropertyDescriptor;
// biome-ignore lint/suspicious/noExplicitAny: one function under two decorator protocols
export function cached(target: any, context: any, descriptor?: PropertyDescriptor): any {
  if (descriptor) {
    note(target, String(context));
    return memoised(target, String(context), descriptor);
  }
  const name = String(context.name);
  if (context.kind !== 'getter') throw new DefinitionError(`@cached on ${name}: only getters can be cached.`);
  context.addInitializer(function (this: object) {
    // A standard decorator never sees the prototype; the first instance shows it.
    note(Object.getPrototypeOf(this), name);
  });
  return remember(name, target);
}

/** `expireCachedProperties` and the caching of getters. */
export function HasCachedProperties<B extends ModelClass>(Base: B): B & HasCachedPropertiesClass {
  if (already(Base, 'cached')) return Base as B & HasCachedPropertiesClass;
  const Mixed = class extends (Base as ModelClass) {
    static cacheProperties(...names: string[]): void {
      for (const name of names) {
        const descriptor = Object.getOwnPropertyDescriptor(this.prototype, name);
        if (!descriptor?.get) {
          throw new DefinitionError(
            `${this.name}.cacheProperties("${name}"): there is no getter of that name. Write \`get ${name}()\`.`,
          );
        }
        note(this.prototype, name);
        Object.defineProperty(this.prototype, name, memoised(this.prototype, name, descriptor));
      }
    }

    expireCachedProperties(...names: string[]): this {
      const known = declaredOn(this);
      const unknown = names.filter((name) => !known.has(name));
      if (unknown.length > 0) {
        throw new DefinitionError(
          `${this.constructor.name} has no cached property ${unknown.join(', ')}. Use one of: ${[...known].join(', ') || '(none)'}.`,
        );
      }
      if (names.length === 0) values.delete(this);
      for (const name of names) values.get(this)?.delete(name);
      return this;
    }

    override async reload(options?: Parameters<InstanceType<ModelClass>['reload']>[0]): Promise<this> {
      const reloaded = await super.reload(options);
      values.delete(this);
      return reloaded;
    }
  };
  refusingGuitar(Mixed, Base);
  grant(Mixed, 'cached');
  return adoptDefined(Mixed as unknown as B & HasCachedPropertiesClass, Base);
}

function memoised(prototype: object, name: string, descriptor: PropertyDescriptor): PropertyDescriptor {
  if (!descriptor.get) {
    throw new DefinitionError(`@cached on ${prototype.constructor.name}.${name}: only getters can be cached.`);
  }
  return { ...descriptor, get: remember(name, descriptor.get) };
}

function remember<T extends Getter>(name: string, getter: T): T {
  return function (this: object) {
    const cache = values.get(this) ?? new Map<string, Map<Getter, unknown>>();
    const results = cache.get(name) ?? new Map<Getter, unknown>();
    values.set(this, cache.set(name, results));
    if (!results.has(getter)) results.set(getter, getter.call(this));
    return results.get(getter);
  } as T;
}

function note(prototype: object, name: string): void {
  const names = declared.get(prototype) ?? new Set();
  declared.set(prototype, names.add(name));
}

function declaredOn(instance: object): Set<string> {
  const names = new Set<string>();
  for (let at: object | null = instance; at; at = Object.getPrototypeOf(at)) {
    for (const name of declared.get(at) ?? []) names.add(name);
  }
  return names;
}
