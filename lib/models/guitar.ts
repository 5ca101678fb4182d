import { compose } from './adopt';
import type { ModelClass } from './capabilities';
import { Setar, type SetarClass } from './setar';
import { SoftDeletable } from './softDeletable';
import type { SoftDeletableClass } from './softDeletableTypes';

export type GuitarClass = SetarClass & SoftDeletableClass;

/**
 * The six-string rung: what {@link Setar} has, and soft deletion.
 *
 * @example class Article extends Guitar(Model)<InferAttributes<Article>, InferCreationAttributes<Article>> {}
 */
export function Guitar<B extends ModelClass>(Base: B): GuitarClass & B {
  return compose(Base, (base) => SoftDeletable(Setar(base))) as unknown as B & GuitarClass;
}
