import type { Model, ModelStatic } from 'sequelize';
import { DefinitionError } from '../errors';
import type { ResolvedOptions } from './options';

/** What a model class can do; a mixin that is already in the chain is not applied twice. */
export type Capability =
  | 'updatable'
  | 'cached'
  | 'tracked'
  | 'enforced'
  | 'dated'
  | 'soft'
  | 'versioned'
  | 'handled'
  | 'since';

/** A model class as the mixins see it. */
export type ModelClass = typeof Model;

/** A model class as callers have it; one with typed attributes is not assignable to `typeof Model`. */
export type AnyModel = ModelClass | ModelStatic<Model>;

const CAPABILITIES = Symbol.for('sequelize-guitars.capabilities');
const RESOLVED = Symbol.for('sequelize-guitars.options');

// Static properties, not a WeakMap keyed by class: `scope()` and `unscoped()` make a new subclass at each call.
interface Marked {
  [CAPABILITIES]?: ReadonlySet<Capability>;
  [RESOLVED]?: ResolvedOptions;
}

/** Does this class, or one that it extends, have the capability? */
export function can(model: object, capability: Capability): boolean {
  return (model as Marked)[CAPABILITIES]?.has(capability) ?? false;
}

/** Is it a class that a mixin of ours made, and not one that extends such a class? */
export function isMixin(level: object): boolean {
  return Object.hasOwn(level, CAPABILITIES);
}

/**
 * Does the base of a mixin have its capability already?
 *
 * @throws DefinitionError the base is no model class
 */
export function already(Base: unknown, capability: Capability): boolean {
  const { init, prototype } = (typeof Base === 'function' ? Base : {}) as { init?: unknown; prototype?: object };
  if (typeof init === 'function' && prototype && 'save' in prototype) return can(Base as object, capability);
  const given = typeof Base === 'function' ? `the class ${Base.name || '(anonymous)'}` : String(Base);
  throw new DefinitionError(
    `A mixin is applied to a model class, not to ${given}. Write Guitar(Model), with Model of Sequelize or a class that extends it.`,
  );
}

/** Marks a class as having a capability on top of those of its base. */
export function grant(model: object, capability: Capability): void {
  const inherited = (model as Marked)[CAPABILITIES] ?? [];
  Object.defineProperty(model, CAPABILITIES, { value: new Set([...inherited, capability]), configurable: true });
}

/** Remembers the resolved options of an initialised model. */
export function rememberOptions(model: object, options: ResolvedOptions): void {
  Object.defineProperty(model, RESOLVED, { value: options, configurable: true });
}

/** The resolved options of an initialised Dated or SoftDeletable model, else undefined. */
export function optionsOf(model: object): ResolvedOptions | undefined {
  return (model as Marked)[RESOLVED];
}

/** The resolved options of a model that must have been initialised. */
export function settingsOf(model: object & { name: string }): ResolvedOptions {
  const options = optionsOf(model);
  if (!options) {
    throw new DefinitionError(`${model.name} has not been initialised. Call ${model.name}.init(…) first.`);
  }
  return options;
}
