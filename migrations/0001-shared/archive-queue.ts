/** Rows that a DELETE under way will archive when it ends; empty outside of one. Only definer functions write it. */
export const archiveQueue = `
CREATE UNLOGGED TABLE IF NOT EXISTS guitars.archive_queue (
  target oid NOT NULL,
  depth integer NOT NULL,
  place tid NOT NULL
)`;
