/**
 * The session settings, in one place. A setting that was SET LOCAL and rolled back reads as the empty string, one that
 * was never set as NULL: both must read as "closed".
 */
export const HARD_DELETE = 'guitars.hard_delete';
export const KEEP_TIMESTAMPS = 'guitars.keep_timestamps';

/** Lets history be written by hand, and writes none: for retention, and for a restore of data alone. */
export const EDIT_HISTORY = 'guitars.edit_history';
/** Who does what is being done, and why, as JSON. */
export const REVISION = 'guitars.revision';

/** Bookkeeping of a cascade under way: the deletion that archives, and the deletion that is being restored. */
export const ARCHIVING = 'guitars.archiving';
export const RESTORING = 'guitars.restoring';

/**
 * An SQL condition: is this door open? The operator is qualified as well as the function: a session may put a schema of
 * its own before pg_catalog, with a `=` in it.
 */
export function doorOpen(door: string): string {
  return `coalesce(pg_catalog.current_setting('${door}', true), '') OPERATOR(pg_catalog.=) 'on'`;
}

/** An SQL condition: is this door closed? */
export function doorClosed(door: string): string {
  return `coalesce(pg_catalog.current_setting('${door}', true), '') OPERATOR(pg_catalog.<>) 'on'`;
}
