/** A router under attack, and what a request that is almost right says of it. */
export interface Target {
  readonly path: string;
  /** Segments of rows that there are, and of some that there are not. */
  readonly keys: readonly string[];
  /** JSON of good values, by attribute. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** Parameters that it filters by, with a good value of each. */
  readonly filters: Readonly<Record<string, string>>;
  readonly sorts: readonly string[];
  readonly includes: readonly string[];
}
