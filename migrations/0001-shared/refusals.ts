/**
 * Raises foreign_key_violation for a link between a live row and an archived one, in the words in which PostgreSQL
 * itself does, so that clients read the constraint and the table out of it. The constraint is looked up here, where it
 * costs nothing until something is refused.
 */
export const refuseEdge = `
CREATE OR REPLACE FUNCTION guitars.refuse_edge(reason text, child text, child_column text, parent text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  child_name name;
  child_schema name;
  parent_name constant name := (SELECT relname FROM pg_class WHERE oid = to_regclass(parent));
  key name;
BEGIN
  SELECT c.relname, n.nspname INTO child_name, child_schema
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = to_regclass(child);
  SELECT conname INTO key FROM pg_constraint AS c
    JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.conrelid = to_regclass(child) AND c.confrelid = to_regclass(parent)
      AND cardinality(c.conkey) = 1 AND a.attname = child_column
    ORDER BY conname LIMIT 1;
  key := coalesce(key, left(child_name || '_' || child_column || '_fkey', 63)::name);
  IF reason = 'live_child' THEN
    RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation',
      MESSAGE = format('soft delete on table "%s" violates foreign key constraint "%s" on table "%s"', parent_name, key, child_name),
      DETAIL = format('Live rows of table "%s" refer to the row by "%s".', child_name, child_column),
      HINT = 'Archive those rows first, or let the soft delete cascade to them.',
      SCHEMA = child_schema, TABLE = child_name, COLUMN = child_column, CONSTRAINT = key;
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation',
    MESSAGE = format('live row on table "%s" violates foreign key constraint "%s": its parent in table "%s" is archived', child_name, key, parent_name),
    DETAIL = format('Column "%s" refers to an archived row of table "%s".', child_column, parent_name),
    HINT = format('Restore the row of table "%s" first, or refer to a live one.', parent_name),
    SCHEMA = child_schema, TABLE = child_name, COLUMN = child_column, CONSTRAINT = key;
END $$`;

export const refuseTruncate = `
CREATE OR REPLACE FUNCTION guitars.refuse_truncate() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
    MESSAGE = format('TRUNCATE of table "%s" would remove rows that are kept', TG_TABLE_NAME),
    HINT = 'Archive the rows with DELETE, or open the door first: SET LOCAL guitars.hard_delete = on.',
    SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
END $$`;

/**
 * The role that acts: the current one, but in the DELETE of a foreign key's own cascade, which PostgreSQL runs as the
 * table's owner, the one that the session has set.
 */
export const requireRole = `
CREATE OR REPLACE FUNCTION guitars.require_role() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wanted constant name := TG_ARGV[0];
  actor name := current_user;
BEGIN
  IF pg_trigger_depth() > 1 THEN
    actor := coalesce(nullif(current_setting('role', true), 'none'), session_user);
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) AND pg_has_role(actor, wanted, 'USAGE') THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
    MESSAGE = format('role "%s" may not delete rows of table "%s" physically', actor, TG_TABLE_NAME),
    HINT = format('Act as the role "%s", or archive the rows: DELETE without the door.', wanted),
    SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
END $$`;

/** A trigger that fires after guitars_stamp has archived the row: nobody has locked it, nor marked its deletion. */
export const refuseUnstamped = `
CREATE OR REPLACE FUNCTION guitars.refuse_unstamped(relation name) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'triggered_data_change_violation',
    MESSAGE = format('a trigger of table "%s" archives rows after guitars_stamp has looked at them', relation),
    HINT = 'Give that BEFORE UPDATE trigger a name that sorts before "guitars_", or have it archive with a statement of its own.';
END $$`;
