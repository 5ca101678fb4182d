/*
 * PostgreSQL moves a row to another partition by a DELETE and an INSERT, and the DELETE fires row triggers like any
 * other. So that it is not taken for one, the UPDATE leaves word here of the row that it is about to move.
 */

/**
 * The rows that a backend is about to move, of each depth of triggers: a trigger of the moved row may itself send statements,
 * while the move is under way. Only definer functions write it. Each note has a key of its own: PostgreSQL cannot tidy away what
 * a transaction that is under way has removed, so that notes under one key would have to be waded through by every later one.
 */
export const moving = `
CREATE UNLOGGED TABLE IF NOT EXISTS guitars.moving (
  backend integer NOT NULL,
  transaction xid8 NOT NULL,
  statement timestamptz NOT NULL,
  depth integer NOT NULL,
  target oid NOT NULL,
  place tid NOT NULL,
  PRIMARY KEY (backend, transaction, statement, depth, target, place)
)`;

/** An empty table is scanned whole, and the plan is kept for as long as the session lasts, whatever the table then holds. */
const DEFINER = 'SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off';
const OURS = 'backend = pg_backend_pid() AND transaction = pg_current_xact_id() AND statement = statement_timestamp()';

/** A BEFORE UPDATE trigger of rows whose partition key changes. Through the open door nobody asks for the note. */
export const noteMove = `
CREATE OR REPLACE FUNCTION guitars.note_move() RETURNS trigger
LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  INSERT INTO guitars.moving (backend, transaction, statement, depth, target, place)
    VALUES (pg_backend_pid(), pg_current_xact_id(), statement_timestamp(), pg_trigger_depth(), TG_RELID, OLD.ctid)
    ON CONFLICT DO NOTHING;
  RETURN NEW;
END $$`;

/** Is this row on its way to another partition? Answers true once. */
export const takeMove = `
CREATE OR REPLACE FUNCTION guitars.take_move(moved oid, at tid) RETURNS boolean
LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  DELETE FROM guitars.moving WHERE ${OURS} AND depth = pg_trigger_depth() AND target = moved AND place = at;
  RETURN FOUND;
END $$`;

/**
 * An AFTER UPDATE trigger of rows whose partition key changes, which PostgreSQL does not fire for one that has moved. In an UPDATE
 * that a foreign key sends, the triggers before are one deeper.
 */
export const stayed = `
CREATE OR REPLACE FUNCTION guitars.stayed() RETURNS trigger
LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  DELETE FROM guitars.moving WHERE ${OURS} AND depth IN (pg_trigger_depth(), pg_trigger_depth() + 1)
    AND target = TG_RELID AND place = OLD.ctid;
  RETURN NULL;
END $$`;

/**
 * A BEFORE DELETE trigger of statements, which a move is none of. Where a trigger that came after `note_move` has kept the row,
 * the note is left, and statements of one message have the same time. Moves that a statement around this one has under way stay.
 */
export const forgetMove = `
CREATE OR REPLACE FUNCTION guitars.forget_move() RETURNS trigger
LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  DELETE FROM guitars.moving WHERE ${OURS} AND depth >= pg_trigger_depth();
  DELETE FROM guitars.moving WHERE backend = pg_backend_pid() AND transaction < pg_current_xact_id();
  RETURN NULL;
END $$`;

/** A BEFORE UPDATE trigger of rows whose partition key changes as they are archived or restored. */
export const refuseMove = `
CREATE OR REPLACE FUNCTION guitars.refuse_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'feature_not_supported',
    MESSAGE = format('row of table "%s" cannot change its partition as it is archived or restored', TG_TABLE_NAME),
    DETAIL = 'PostgreSQL moves the row by a DELETE and an INSERT, from which its children learn nothing.',
    HINT = 'Archive or restore the row in one statement, and change its partition key in another.',
    SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END $$`;
