/** A promise of the contract as a query: what it answers is broken, each row in its column `broken`. */
export interface Check {
  readonly promise: string;
  readonly sql: string;
}

export interface Broken {
  readonly promise: string;
  readonly broken: string;
}
