import { ident, literal } from '../../sql/identifiers';
import type { Ground } from './ground';
import type { Rules } from './rules';
import { utc } from './time';

/** Entries that are to go, of one batch and one partition; or of none, where none is. */
export interface Judged {
  /** Entries that were looked at, for all that were judged together. */
  readonly seen: string;
  readonly batch: string | null;
  readonly partition: string | null;
  readonly n: string | null;
  /** An array of PostgreSQL. */
  readonly entries: string | null;
  /** Those of them that nothing of their row follows. */
  readonly lasts: string | null;
  readonly first: string | null;
  readonly last: string | null;
  readonly exactFrom: string | null;
}

/**
 * SQL: what is to go of some rows, in the order of the entries: a deletion goes after what it made an end of, wherever
 * a prune stops.
 *
 * By age that is what another of the row followed by the cutoff, and a deletion. It is so by the times of
 * transactions, which are not the order of the entries where one took long: what goes is, of each row, always the
 * first entries.
 */
export function judgement({ history, table }: Ground, { limit, cutoff }: Rules, range: string, batch: number): string {
  const key = history.key.map((_, n) => `k${n}`).join(', ');
  const columns = history.key.map((column, n) => `${ident(column)} AS k${n}`).join(', ');
  const reasons = [
    ...(limit === null ? [] : [`nth > ${limit}`]),
    ...(cutoff === null ? [] : [`so_far <= ${time(cutoff)} AND (later <= ${time(cutoff)} OR _operation = 'delete')`]),
  ];
  // The frames begin where the rows do: PostgreSQL takes min() over any other anew for each entry.
  return `WITH page AS MATERIALIZED (
    SELECT ${columns}, _entry, _at, _operation, tableoid AS partition FROM ${table} WHERE ${range}
  ), counted AS (
    SELECT *, row_number() OVER down AS nth, min(_at) OVER (down ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS later
    FROM page WINDOW down AS (PARTITION BY ${key} ORDER BY _entry DESC)
  ), told AS (
    SELECT *, max(_at) FILTER (WHERE ${limit === null ? 'true' : `nth <= ${limit}`}) OVER (PARTITION BY ${key} ORDER BY _entry ROWS UNBOUNDED PRECEDING) AS so_far
    FROM counted
  ), going AS (
    SELECT *, (row_number() OVER (ORDER BY _entry) - 1) / ${batch} AS batch FROM told WHERE ${reasons.map((each) => `(${each})`).join(' OR ') || 'false'}
  )
  SELECT seen, going.* FROM (SELECT count(*) AS seen FROM page) AS looked LEFT JOIN (
    SELECT batch, partition::text, count(*) AS n, array_agg(_entry)::text AS entries, array_agg(_entry) FILTER (WHERE nth = 1)::text AS lasts,
      ${utc('min(_at)')} AS first, ${utc('max(_at)')} AS last, ${utc(`max(later) FILTER (WHERE _operation <> 'delete')`)} AS "exactFrom"
    FROM going GROUP BY batch, partition
  ) AS going ON true ORDER BY batch`;
}

const time = (text: string) => `${literal(text)}::timestamptz`;
