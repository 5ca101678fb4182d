import type { Tally } from './world';

/** A view of every row of the three tables: the country that it belongs to, its kind, and whether it is archived. */
export function censusView(prefix: '' | 'plain_', deletedAt: string): string {
  return `CREATE VIEW ${prefix}census AS
    SELECT code, 'country' AS kind, ${deletedAt} IS NOT NULL AS archived FROM ${prefix}country
    UNION ALL SELECT country_code, 'region', ${deletedAt} IS NOT NULL FROM ${prefix}region
    UNION ALL SELECT r.country_code, 'city', c.${deletedAt} IS NOT NULL
      FROM ${prefix}city AS c LEFT JOIN ${prefix}region AS r ON r.code = c.region_code`;
}

/** `SELECT kind, count(*)` of a census, under a condition. */
export function census(prefix: '' | 'plain_', condition?: string): string {
  return `SELECT kind, count(*)::int FROM ${prefix}census${condition ? ` WHERE ${condition}` : ''} GROUP BY kind`;
}

/** The answer to {@link census}. */
export function tallied(rows: Record<string, unknown>[]): Tally {
  const of = (kind: string) => Number(rows.find((row) => row.kind === kind)?.count ?? 0);
  return { country: of('country'), region: of('region'), city: of('city') };
}

/** `1 country, 51 regions, 16,677 cities`. */
export function inWords({ country, region, city }: Tally): string {
  return [
    amount(country, 'country', 'countries'),
    amount(region, 'region', 'regions'),
    amount(city, 'city', 'cities'),
  ].join(', ');
}

function amount(n: number, one: string, more: string): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : more}`;
}
