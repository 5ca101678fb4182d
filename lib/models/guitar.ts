import type { ModelClass } from './capabilities';
import { type SetarClass, Setar } from './setar';
import { SoftDeletable, type SoftDeletableClass } from './softDeletable';

export type GuitarClass = SetarClass & SoftDeletableClass;

/**
 * The six-string rung: what {@link Setar} has, and soft deletion.
 *
 * @example class Article extends Guitar(Model)<InferAttributes<Article>, InferCreationAttributes<Article>> {}
 */
export function Guitar<B extends ModelClass>(Base: B): B & GuitarClass {
  return SoftDeletable(Setar(Base)) as unknown as B & GuitarClass;
}
