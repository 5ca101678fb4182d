import { parseArgs } from 'node:util';

/** Fewer have no countries for all the parts. */
const FEWEST = 3;

/** Arguments that the demo does not understand; the message says what it does. */
export class UsageError extends Error {}

const USAGE = `npm run demo [-- --countries N]

Starts a PostgreSQL server of its own (or uses the one of DATABASE_URL), loads the countries, regions and cities of the
world into it and shows what the database keeps, whoever writes.

  --countries N  load the first N countries only, ${FEWEST} or more
  --help         print this`;

/**
 * How many countries to load: all, or `--countries N`. `--help` prints the usage and ends the process.
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
  const { countries, help } = parsed(args);
  if (!help) return countries;
  console.log(USAGE);
  process.exit(0);
}

function parsed(args: string[]) {
  try {
    const options = { countries: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message} Usage: npm run demo [-- --countries N]`);
  }
}
