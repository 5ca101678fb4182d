import type { ModelClass } from './capabilities';
import { Setar, type SetarClass } from './setar';
import { SoftDeletable, type SoftDeletableClass } from './softDeletable';

export type GuitarClass = SetarClass & SoftDeletableClass;

/**
 * The six-string rung: what {@link Setar} has, and soft deletion.
 *
 * @example class Article extends Guitar(Model)<InferAttributes<Article>, InferCreationAttributes<Article>> {}
 */
export function Guitar<B extends ModelClass>(Base: B): GuitarClass & B {
  return SoftDeletable(Setar(Base)) as unknown as B & GuitarClass;
}
