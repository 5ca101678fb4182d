import type { Model } from 'sequelize';
import { isMixin } from '../capabilities';
import { inside, within } from '../internals';
import { forget, peek } from './state';

const alone = new WeakMap<object, boolean>();

/** Is there no `set` of an application's above ours, which would want to see each value? */
export function isAlone(instance: Model, ours: object): boolean {
  const known = alone.get(instance.constructor);
  if (known !== undefined) return known;
  let level = Object.getPrototypeOf(instance);
  while (level !== ours && (!Object.hasOwn(level, 'set') || isMixin(level.constructor)))
    level = Object.getPrototypeOf(level);
  alone.set(instance.constructor, level === ours);
  return level === ours;
}

/**
 * What Sequelize's `set` does with a row that is loaded, but that it would call the instance's own `set` for each value:
 * that would be the cost of tracking, for rows that nobody changes.
 */
export function loadRow(
  instance: Model,
  values: Record<string, unknown>,
  attributes: readonly string[],
  set: (name: string) => unknown,
): void {
  for (const name of attributes) if (values[name] !== undefined) set(name);
  for (const name of inside(instance.constructor)._virtualAttributes) if (values[name] !== undefined) set(name);
  for (const name of within(instance)._options.includeNames ?? []) if (values[name] !== undefined) set(name);
  within(instance)._previousDataValues = { ...within(instance).dataValues };
  if (peek(instance)) forget(instance, attributes);
}
