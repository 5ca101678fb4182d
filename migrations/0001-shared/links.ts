/*
 * A transaction with an old snapshot that archives a parent does not see the children that were linked to it since, and
 * no row tells it. A sequence does, since it is read past the snapshot: there stands the highest id among the transactions
 * that have ever linked a child. Whoever has linked without being seen has an id up to that one, and has committed since
 * the snapshot was taken. docs/adr/0002 has the argument in full.
 *
 * The value is the id, doubled, plus one where its owner might not see a link of a lower id: his own id hides it from him,
 * should he archive later. No rollback takes that back, a savepoint's neither.
 *
 * These run as whoever calls them: the functions of a table, as its owner, who owns its sequence. Nobody else may.
 */

/** Is it the id of another cluster, brought here by a dump? */
export const linkerForeign = `
CREATE OR REPLACE FUNCTION guitars.linker_foreign(linker xid8) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_xact_status(linker);
  RETURN false;
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN true; -- It lies in the future.
END $$`;

/** Might a link have been committed that the current snapshot does not see? */
export const linksUnseen = `
CREATE OR REPLACE FUNCTION guitars.links_unseen(links regclass) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last constant bigint := pg_sequence_last_value(links);
  linker constant xid8 := (last / 2)::text::xid8;
  -- Ids from here on began after the snapshot, or were under way.
  later constant bigint := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
BEGIN
  IF last IS NULL OR last <= 1 THEN RETURN false; END IF;
  IF linker = pg_current_xact_id() THEN
    IF last % 2 = 1 THEN RETURN true; END IF;
  ELSIF last / 2 >= later THEN
    IF guitars.linker_foreign(linker) THEN RETURN false; END IF;
    -- Of so many, one has committed.
    IF last / 2 - later >= 200 THEN RETURN true; END IF;
    IF EXISTS (SELECT FROM generate_series(later, last / 2) AS id WHERE pg_xact_status(id::text::xid8) = 'committed') THEN
      RETURN true;
    END IF;
  END IF;
  RETURN EXISTS (
    SELECT FROM pg_snapshot_xip(pg_current_snapshot()) AS running
    WHERE running <= linker AND pg_xact_status(running) = 'committed'
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
  last bigint := pg_sequence_last_value(links);
BEGIN
  IF last / 2 = own OR (last / 2 > own AND last % 2 = 1 AND NOT guitars.linker_foreign((last / 2)::text::xid8)) THEN RETURN; END IF;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('guitars.links'), (links::oid::bigint - 2147483648)::integer);
    last := coalesce(pg_sequence_last_value(links), 0);
    IF last / 2 > own AND NOT guitars.linker_foreign((last / 2)::text::xid8) THEN
      PERFORM setval(links, last / 2 * 2 + 1);
    ELSE
      PERFORM setval(links, own * 2 + (snapshot AND last / 2 < own
        AND last / 2 >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)::integer);
    END IF;
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
