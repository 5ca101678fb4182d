import type { AnyModel } from '../../models/capabilities';

/** Options of {@link pruneHistory}. */
export interface PruneOptions {
  /** Default: every Versioned model of the instance. */
  models?: readonly AnyModel[];
  /** How long entries stay, as an interval of PostgreSQL. Default: that of each model. */
  keep?: string;
  /** The most entries of a row that stay. Default: that of each model. */
  limit?: number;
  /** Entries that a transaction removes. Default: 1000. */
  batch?: number;
  /** Only count. Default: `false`. */
  dryRun?: boolean;
  /** Hears how many entries of a model's history there are, then how many were looked at. */
  onProgress?: (model: string, done: number, total: number) => void;
}

/** What a prune did to a history, or would do. Times are in UTC, to the microsecond. */
export interface PrunedHistory {
  readonly model: string;
  readonly schema: string;
  readonly table: string;
  readonly keep: string | null;
  readonly limit: number | null;
  /** What was over by then may go; null without `keep`. */
  readonly cutoff: string | null;
  /** Entries that were looked at. */
  readonly entries: number;
  readonly removed: number;
  /** How many of them were the last of rows that are gone for good. */
  readonly tombstones: number;
  /** From then on `asOf` answers what it would have answered before; null: nothing was to go. */
  readonly exactFrom: string | null;
  /** Partitions that were dropped: months that hold nothing any more. */
  readonly dropped: readonly string[];
}

/** What {@link pruneHistory} did, or would do. */
export interface PruneReport {
  readonly dryRun: boolean;
  /** Those that something is to be done for: by a limit, by age, or for their months. */
  readonly models: readonly PrunedHistory[];
}

/** Options of {@link historyStats}. */
export interface StatsOptions {
  /** Default: every Versioned model of the instance. */
  models?: readonly AnyModel[];
}

/** What a history holds. Times are in UTC, to the microsecond; sizes in bytes. */
export interface HistoryStats {
  readonly model: string;
  readonly schema: string;
  readonly table: string;
  readonly entries: number;
  /** Rows that it tells of, those that are gone included. */
  readonly rows: number;
  readonly tableBytes: number;
  readonly indexBytes: number;
  /** Of both; null where there is none. */
  readonly bytesPerEntry: number | null;
  readonly oldest: string | null;
  readonly newest: string | null;
  /** Entries a day, of the last 7 days and of the last 30. */
  readonly perDay: { readonly week: number; readonly month: number };
  /** What a prune by the model's own options would remove; null: it has neither `keep` nor `limit`. */
  readonly prunable: number | null;
  /** The last deletion that was removed: cursors of `changes()` that had yet to pass it have expired. */
  readonly horizon: { readonly entry: string; readonly transaction: string } | null;
}
