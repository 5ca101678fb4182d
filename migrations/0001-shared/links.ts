/*
 * A transaction with an old snapshot that archives a parent does not see the children that were linked to it since, and
 * no row tells it. A sequence does, since it is read past the snapshot: whoever links a child writes his transaction id
 * into it. When the last to link is visible to the archiver, all before him had linked before the snapshot was taken,
 * and are visible, undone, or were under way at that moment. docs/adr/0002 has the argument in full.
 *
 * The value is the id, doubled, plus one where its owner could not see all who had linked before him: his own id hides
 * theirs from him, should he archive later. No rollback takes that back, a savepoint's neither.
 *
 * These run as whoever calls them: the functions of a table, as its owner, who owns its sequence. Nobody else may.
 */

/** Might a link have been committed that the current snapshot does not see? */
export const linksUnseen = `
CREATE OR REPLACE FUNCTION guitars.links_unseen(links regclass) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last constant bigint := pg_sequence_last_value(links);
  linker constant xid8 := (last / 2)::text::xid8;
BEGIN
  IF last IS NULL OR last <= 1 THEN RETURN false; END IF;
  IF linker = pg_current_xact_id() THEN
    IF last % 2 = 1 THEN RETURN true; END IF;
  ELSIF NOT pg_visible_in_snapshot(linker, pg_current_snapshot()) THEN
    BEGIN
      PERFORM pg_xact_status(linker);
    EXCEPTION WHEN invalid_parameter_value THEN
      RETURN false; -- The id of another cluster, brought here by a dump.
    END;
    RETURN true;
  END IF;
  RETURN EXISTS (
    SELECT FROM pg_snapshot_xip(pg_current_snapshot()) AS running WHERE pg_xact_status(running) = 'committed'
  );
END $$`;

/**
 * Remembers that this transaction has linked a row. Reading who came before and writing oneself down must be one step:
 * an advisory lock makes them one, and undoing the block releases it, on a cancelled statement too. A sequence is not
 * undone.
 */
export const noteLink = `
CREATE OR REPLACE FUNCTION guitars.note_link(links regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  own constant bigint := pg_current_xact_id()::text::bigint;
  snapshot constant boolean := current_setting('transaction_isolation') IN ('repeatable read', 'serializable');
BEGIN
  IF pg_sequence_last_value(links) / 2 = own THEN RETURN; END IF;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('guitars.links'), (links::oid::bigint - 2147483648)::integer);
    PERFORM setval(links, own * 2 + (snapshot AND guitars.links_unseen(links))::integer);
    RAISE EXCEPTION USING ERRCODE = 'GU001';
  EXCEPTION WHEN SQLSTATE 'GU001' THEN
    NULL;
  END;
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

/** A live row refers to a parent that its own key found and this transaction does not see. */
export const refuseUnseenParent = `
CREATE OR REPLACE FUNCTION guitars.refuse_unseen_parent() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'serialization_failure',
    MESSAGE = 'could not serialize access due to a parent that was inserted since the snapshot of this transaction',
    HINT = 'Retry the transaction.';
END $$`;
