import type { Model, ModelStatic } from 'sequelize';
import type { ResolvedOptions } from './options';

/** What a model class can do; a mixin that is already in the chain is not applied twice. */
export type Capability = 'updatable' | 'cached' | 'enforced' | 'dated' | 'soft';

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
  if (!options) throw new Error(`${model.name} has not been initialised. Call ${model.name}.init(…) first.`);
  return options;
}
