import type { HistoryStats, PruneReport } from '../history/retention';
import { table } from './output';

/** What `guitars history prune` says. */
export function prunedText({ models, dryRun }: PruneReport): string {
  if (models.length === 0) {
    return 'Nothing to do: no model says how long, or how many, entries stay. Give --keep or --limit.';
  }
  const [would, go] = dryRun ? ['would be', 'WOULD GO'] : ['was', 'GONE'];
  const rows = models.map(({ model, schema, table: name, entries, removed, exactFrom }) => [
    model,
    `${schema}.${name}`,
    String(entries),
    String(removed),
    exactFrom ?? '-',
  ]);
  const months = models.flatMap(({ model, dropped }) =>
    dropped.map((name) => `${model}: the empty month ${name} ${would} dropped.`),
  );
  return [table(['MODEL', 'TABLE', 'ENTRIES', go, 'EXACT FROM'], rows), ...months].join('\n');
}

/** What `guitars history stats` says: to people rounded, to programs in bytes and microseconds. */
export function statsText(all: readonly HistoryStats[], people: boolean): string {
  if (all.length === 0) return 'No model keeps a history.';
  const { number, size, time } = people ? ROUNDED : EXACT;
  const rows = all.map((found) => [
    found.model,
    number(found.entries),
    number(found.rows),
    size(found.tableBytes),
    size(found.indexBytes),
    size(found.bytesPerEntry),
    time(found.oldest),
    time(found.newest),
    number(found.perDay.week),
    number(found.perDay.month),
    number(found.prunable),
    found.horizon?.entry ?? '-',
  ]);
  return table(HEADINGS, rows);
}

const HEADINGS = [
  'MODEL',
  'ENTRIES',
  'ROWS',
  'TABLE',
  'INDEXES',
  'PER ENTRY',
  'OLDEST',
  'NEWEST',
  'PER DAY, 7',
  'PER DAY, 30',
  'TO PRUNE',
  'HORIZON',
];

interface Shown {
  number(n: number | null): string;
  size(n: number | null): string;
  time(text: string | null): string;
}

const ROUNDED: Shown = {
  number: (n) => n?.toLocaleString('en', { maximumFractionDigits: 1 }) ?? '-',
  size: (n) => (n === null ? '-' : bytes(n)),
  time: (text) => text?.slice(0, 'YYYY-MM-DD'.length) ?? '-',
};

const EXACT: Shown = {
  number: (n) => (n === null ? '-' : String(Math.round(n * 100) / 100)),
  size: (n) => String(n ?? '-'),
  time: (text) => text ?? '-',
};

function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const unit = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(n, 1)) / 10));
  return `${(n / 1024 ** unit).toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`;
}
