/**
 * Seeds of histories that have once broken a promise, or met an error that nobody expected, as the generator now draws them. What was found so far has a test in
 * which the interleaving is exact: test/contract/d1-waiting.test.ts, d5-savepoints.test.ts.
 */
export const REGRESSIONS: readonly number[] = [371505040];
