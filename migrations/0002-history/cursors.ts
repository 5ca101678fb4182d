/**
 * Why a cursor cannot be gone on from; NULL where it can. Of the cursor: its place; the oldest transaction that it may not
 * have passed (NULL: it began without one), the first that it cannot have known of; within a window, how often the horizon
 * had been raised when it began, and the last entry.
 */
export const fault = `
CREATE OR REPLACE FUNCTION guitars.history_fault(history regclass, place text, low bigint, high bigint, raises bigint, last bigint) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := guitars.history_place(history);
BEGIN
  IF here IS NULL THEN
    RETURN 'standby';
  ELSIF split_part(place, '.', 1) <> split_part(here, '.', 1) OR split_part(place, '.', 2) <> split_part(here, '.', 2) THEN
    RETURN 'server';
  ELSIF place <> here THEN
    RETURN 'history';
  -- In another isolation, the transaction may well have begun before the cursor was made.
  ELSIF high > pg_snapshot_xmax(pg_current_snapshot())::text::bigint
      AND current_setting('transaction_isolation') = 'read committed' THEN
    RETURN 'ahead';
  ELSIF EXISTS (SELECT FROM guitars.history_horizon AS h WHERE h.history = $1::oid AND h.place = here
      AND CASE WHEN $3 IS NULL THEN h.raises <> coalesce($5, 0) ELSE h.removed >= $3 END
      AND ($6 IS NULL OR h.entry > $6)) THEN
    RETURN 'expired';
  END IF;
  RETURN NULL;
END $$`;

/** The same as a condition, true or an error. */
export const position = `
CREATE OR REPLACE FUNCTION guitars.history_position(history regclass, place text, low bigint, high bigint, raises bigint, last bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  fault constant text := guitars.history_fault($1, $2, $3, $4, $5, $6);
BEGIN
  IF fault IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = '22U01', MESSAGE = format('the cursor of %s cannot be gone on from: %s', history, fault),
      TABLE = history::text, CONSTRAINT = fault;
  END IF;
  RETURN true;
END $$`;
