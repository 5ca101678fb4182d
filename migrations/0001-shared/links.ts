/*
 * A transaction with an old snapshot that archives a parent does not see the children that were linked to it since, and
 * no row tells it. A sequence does, since it is read past the snapshot: whoever links a child writes his transaction id
 * into it. When the last to link is visible to the archiver, all before him had linked before the snapshot was taken,
 * and are visible, undone, or were under way at that moment. docs/adr/0002 has the argument in full.
 */

/** Might a link have been committed that the current snapshot does not see? */
export const linksUnseen = `
CREATE OR REPLACE FUNCTION guitars.links_unseen(links regclass) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last constant bigint := pg_sequence_last_value(links);
  status text;
BEGIN
  IF last IS NULL OR last <= 1 THEN RETURN false; END IF;
  IF last = pg_current_xact_id()::text::bigint THEN
    -- Our own link hides those before it, unless note_link found that there was nothing to hide.
    RETURN current_setting('guitars.links_' || links::oid, true) IS DISTINCT FROM last::text;
  END IF;
  IF NOT pg_visible_in_snapshot(last::text::xid8, pg_current_snapshot()) THEN
    BEGIN
      status := pg_xact_status(last::text::xid8);
    EXCEPTION WHEN invalid_parameter_value THEN
      RETURN false; -- The id of another cluster, brought here by a dump.
    END;
    RETURN true;
  END IF;
  RETURN EXISTS (
    SELECT FROM pg_snapshot_xip(pg_current_snapshot()) AS running WHERE pg_xact_status(running) = 'committed'
  );
END $$`;

/** Remembers that this transaction has linked a row. */
export const noteLink = `
CREATE OR REPLACE FUNCTION guitars.note_link(links regclass) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  own constant text := pg_current_xact_id()::text;
BEGIN
  IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable')
    AND NOT guitars.links_unseen(links) THEN
    PERFORM set_config('guitars.links_' || links::oid, own, true);
  END IF;
  PERFORM setval(links, own::bigint);
END $$`;

export const refuseUnseenLinks = `
CREATE OR REPLACE FUNCTION guitars.refuse_unseen_links(links regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF guitars.links_unseen(links) THEN
    RAISE EXCEPTION USING ERRCODE = 'serialization_failure',
      MESSAGE = 'could not serialize access due to rows that were linked since the snapshot of this transaction',
      HINT = 'Retry the transaction.';
  END IF;
END $$`;
