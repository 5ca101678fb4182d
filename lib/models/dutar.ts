import { compose } from './adopt';
import { HasCachedProperties, type HasCachedPropertiesClass } from './cachedProperties';
import type { ModelClass } from './capabilities';
import { Updatable, type UpdatableClass } from './updatable';

export type DutarClass = UpdatableClass & HasCachedPropertiesClass;

/**
 * The two-string rung: `update(values, { save, saveAllFields })` and cached properties.
 *
 * @example class Tag extends Dutar(Model)<InferAttributes<Tag>, InferCreationAttributes<Tag>> {}
 */
export function Dutar<B extends ModelClass>(Base: B): B & DutarClass {
  return compose(Base, (base) => HasCachedProperties(Updatable(base))) as unknown as B & DutarClass;
}
