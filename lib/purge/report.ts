/** How many rows of a table. */
export interface TableCount {
  readonly schema: string;
  readonly table: string;
  readonly rows: number;
}

/** Rows of the purged table that stay, and why. A row that has two reasons is counted in both. */
export interface Left {
  readonly rows: number;
  /** The key by which others refer to them. */
  readonly constraint: string;
  /** The table of those others. */
  readonly table: string;
  readonly reason: string;
}

/** What a purge did, or would do. */
export interface PurgeReport {
  readonly model: string;
  /** Rows that were archived before this went, in the words of PostgreSQL. */
  readonly cutoff: string;
  readonly dryRun: boolean;
  /** Rows that went, by table: the purged one first, then those that went along. */
  readonly tables: readonly TableCount[];
  /** Rows that are old enough and stay. */
  readonly left: number;
  readonly because: readonly Left[];
}

/** Options of {@link purge}. */
export interface PurgeOptions {
  /** A duration back from now (`90d`, `12h`, `30m`, `2w`), an ISO date, or a Date. */
  archivedBefore: string | Date;
  /** Rows of the table that a transaction removes, with what goes along. Default: 1000. */
  batch?: number;
  /** Rows a second, at most. Default: as many as the database can. */
  rate?: number;
  /** Only count. Default: `false`. */
  dryRun?: boolean;
  /** Hears how many rows are to be looked at, then how many were, after each batch. */
  onProgress?: (done: number, total: number) => void;
}
