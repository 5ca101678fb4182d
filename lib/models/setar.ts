import { compose } from './adopt';
import type { ModelClass } from './capabilities';
import { Dated, type DatedClass } from './dated';
import { Dutar, type DutarClass } from './dutar';

export type SetarClass = DutarClass & DatedClass;

/**
 * The three-string rung: what {@link Dutar} has, and `createdAt` / `updatedAt` kept by the database.
 *
 * @example class Tag extends Setar(Model)<InferAttributes<Tag>, InferCreationAttributes<Tag>> {}
 */
export function Setar<B extends ModelClass>(Base: B): B & SetarClass {
  return compose(Base, (base) => Dated(Dutar(base))) as unknown as B & SetarClass;
}
