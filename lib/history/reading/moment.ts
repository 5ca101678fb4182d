import { DefinitionError } from '../../errors';
import { literal } from '../../sql/identifiers';

/** An SQL condition on the entries of a history: had they been made by then? */
export type Moment = string;

const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.(\d{1,6}))?)?\s*(?:Z|[+-]\d\d(?::?\d\d)?))?$/i;
const SNAPSHOT = /^\d+:\d+:(?:\d+(?:,\d+)*)?$/;

/**
 * The moment that is meant by a Date, an ISO string or a cursor.
 *
 * @throws DefinitionError it is none of these
 */
export function momentOf(given: unknown): Moment {
  if (given instanceof Date) return byTime(given, given);
  const text = typeof given === 'string' ? given.trim() : '';
  if (SNAPSHOT.test(text)) {
    return `pg_catalog.pg_visible_in_snapshot(_transaction::text::pg_catalog.xid8, ${literal(text)}::pg_catalog.pg_snapshot)`;
  }
  const fraction = ISO.exec(text)?.[1] ?? '';
  // PostgreSQL's microseconds, which no Date holds.
  if (fraction.length > 3) return `_at <= ${literal(text)}::timestamptz`;
  return byTime(ISO.test(text) ? new Date(text.replace(' ', 'T')) : undefined, given);
}

/** To the end of the millisecond: the time of an entry that is itself in it has lost its microseconds on the way here. */
function byTime(date: Date | undefined, given: unknown): Moment {
  if (date && !Number.isNaN(date.getTime())) {
    return `_at < ${literal(new Date(date.getTime() + 1).toISOString())}::timestamptz`;
  }
  throw new DefinitionError(
    `${given instanceof Date ? 'An invalid Date' : JSON.stringify(given)} is no moment. Pass a Date, an ISO string with its zone, as '2031-05-01T12:00:00Z', or a cursor.`,
  );
}
