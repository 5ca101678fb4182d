/**
 * Where a history stands, for its cursors: server, timeline, database, table. Transaction ids mean nothing on another server,
 * and those of a timeline may have been given anew on the next. NULL on a standby, which does not say what is under way.
 */
export const place = `
CREATE OR REPLACE FUNCTION guitars.history_place(history regclass) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  server text := '0';
  timeline text := '0';
BEGIN
  IF pg_is_in_recovery() THEN
    RETURN NULL;
  END IF;
  -- Everybody may ask, unless somebody has revoked it, or the server is but like PostgreSQL.
  BEGIN
    server := (SELECT system_identifier FROM pg_control_system());
    timeline := ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint;
  EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR object_not_in_prerequisite_state THEN
    NULL;
  END;
  RETURN concat_ws('.', server, timeline,
    (SELECT oid FROM pg_database WHERE datname = current_database()), history::oid);
END $$`;
