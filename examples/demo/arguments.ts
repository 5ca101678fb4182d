import { parseArgs } from 'node:util';

/** Fewer have no countries for all the parts. */
const FEWEST = 3;

/** Arguments that the demo does not understand; the message says what it does. */
export class UsageError extends Error {}

/**
 * How many countries to load: all, or `--countries N`.
 *
 * @throws UsageError N is no whole number, or less than 3; or there are other arguments
 */
export function countriesOf(args: string[]): number {
  const countries = wantedBy(args);
  if (countries === undefined) return Number.POSITIVE_INFINITY;
  const wanted = Number(countries);
  if (Number.isInteger(wanted) && wanted >= FEWEST) return wanted;
  throw new UsageError(`--countries ${countries}: give a whole number, ${FEWEST} or more.`);
}

function wantedBy(args: string[]): string | undefined {
  try {
    return parseArgs({ args, options: { countries: { type: 'string' } } }).values.countries;
  } catch (error) {
    throw new UsageError(`${(error as Error).message} Usage: npm run demo [-- --countries N]`);
  }
}
