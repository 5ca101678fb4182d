import { Random } from '../../../support/random';
import { SEED } from '../../support/form';

/** The seed of this run: printed, so that it can be had again with GUITARS_SEED. */
export const seed = SEED ?? Math.floor(Math.random() * 2 ** 31);

/** Numbers from 1 to `most`, the same each time for the same seed. */
export function randomly(from = seed): (most: number) => number {
  const random = new Random(from);
  return (most) => 1 + random.below(most);
}
