export { pruneHistory } from './prune';
export type { HistoryStats, PrunedHistory, PruneOptions, PruneReport, StatsOptions } from './report';
export { historyStats } from './stats';
