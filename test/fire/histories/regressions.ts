/** Seeds of histories that have once broken a promise, or met an error that nobody expected. */
export const REGRESSIONS: readonly number[] = [];
