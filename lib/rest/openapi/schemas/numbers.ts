import type { Schema } from '../types';

/** Whole numbers of so many bits. */
export const whole = (bits: 16 | 32): Schema => ({
  type: 'integer',
  format: `int${bits}`,
  minimum: -(2 ** (bits - 1)),
  maximum: 2 ** (bits - 1) - 1,
});

/** The number of a version. */
export const NUMBER_OF_VERSION: Schema = { type: 'integer', minimum: 0, maximum: 2 ** 31 - 1, examples: [1] };
