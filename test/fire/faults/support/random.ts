import { SEED } from '../../support/form';

/** The seed of this run: printed, so that it can be had again with GUITARS_SEED. */
export const seed = SEED ?? Math.floor(Math.random() * 2 ** 31);

/** Numbers from 1 to `most`, the same each time for the same seed. (mulberry32) */
export function randomly(from = seed): (most: number) => number {
  let state = from >>> 0;
  return (most) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return 1 + (((t ^ (t >>> 14)) >>> 0) % most);
  };
}
