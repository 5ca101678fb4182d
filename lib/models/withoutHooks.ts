import { AsyncLocalStorage } from 'node:async_hooks';
import { Model } from 'sequelize';
import { DefinitionError } from '../errors';
import type { AnyModel, ModelClass } from './capabilities';
import { knownHooks } from './internals';

/** Which hooks {@link withoutHooks} turns off. */
export interface WithoutHooksOptions {
  /** Names of hooks, as `beforeUpdate`. Default: every hook of a model. */
  hooks?: readonly string[];
  /** Models whose hooks are off. Default: all. */
  models?: readonly AnyModel[];
}

interface Hookable {
  runHooks(hook: string, ...args: unknown[]): unknown;
}

const off = new AsyncLocalStorage<readonly WithoutHooksOptions[]>();
const patched = new WeakSet<object>();

/**
 * Runs `fn` with hooks off: for what it awaits, and for nothing that runs beside it. Nested calls add up.
 *
 * @throws DefinitionError a name is no hook's
 * @example await withoutHooks({ hooks: ['afterUpdate'], models: [Article] }, () => article.update({ title: 'Quietly' }));
 */
export function withoutHooks<T>(options: WithoutHooksOptions, fn: () => Promise<T>): Promise<T>;
export function withoutHooks<T>(fn: () => Promise<T>): Promise<T>;
export async function withoutHooks<T>(
  first: WithoutHooksOptions | (() => Promise<T>),
  second?: () => Promise<T>,
): Promise<T> {
  const options = typeof first === 'function' ? {} : first;
  const fn = typeof first === 'function' ? first : (second as () => Promise<T>);
  refuseUnknown(options.hooks ?? []);
  patch(Model as unknown as Hookable);
  return off.run([...(off.getStore() ?? []), options], async () => fn());
}

function refuseUnknown(names: readonly string[]): void {
  const unknown = names.filter((name) => !Object.hasOwn(knownHooks, name));
  if (unknown.length === 0) return;
  const known = Object.keys(knownHooks).filter((name) => !knownHooks[name]?.noModel);
  throw new DefinitionError(
    `withoutHooks: there is no hook ${unknown.map((name) => `"${name}"`).join(', ')}. Use some of: ${known.join(', ')}.`,
  );
}

// Sequelize asks its hooks one by one through this method, and offers no other place to stand.
function patch(target: Hookable): void {
  if (patched.has(target)) return;
  patched.add(target);
  const { runHooks } = target;
  target.runHooks = function (this: ModelClass, hook: string, ...args: unknown[]) {
    return isOff(this, hook) ? Promise.resolve() : runHooks.call(this as never, hook, ...args);
  } as Hookable['runHooks'];
}

function isOff(model: ModelClass, hook: string): boolean {
  return (off.getStore() ?? []).some(
    ({ hooks, models }) =>
      (!hooks || hooks.includes(hook)) && (!models || models.some((one) => isOrExtends(model, one))),
  );
}

// A scoped class is a subclass of the model that was named.
function isOrExtends(model: unknown, one: unknown): boolean {
  return model === one || (typeof model === 'function' && typeof one === 'function' && model.prototype instanceof one);
}
