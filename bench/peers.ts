/** Other designs, as the SQL that one finds for them. Each serves a table that has the library's columns only. */

/** `_updated_at` by the trigger that most tutorials show. */
export function alwaysStamp(table: string): string {
  return `
    CREATE FUNCTION ${table}_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN NEW._updated_at := now(); RETURN NEW; END $$;
    CREATE TRIGGER stamp BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_stamp()`;
}

/** The same, but not where the statement has said now() itself. */
export function stampWhenForgotten(table: string): string {
  return `
    CREATE FUNCTION ${table}_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN NEW._updated_at := now(); RETURN NEW; END $$;
    CREATE TRIGGER stamp BEFORE UPDATE ON ${table} FOR EACH ROW
      WHEN (NEW._updated_at IS DISTINCT FROM now()) EXECUTE FUNCTION ${table}_stamp()`;
}

/** `_updated_at` by a second UPDATE of the rows that a statement has changed. */
export function secondUpdate(table: string): string {
  return `
    CREATE FUNCTION ${table}_again() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE ${table} AS t SET _updated_at = now() FROM changed WHERE t.id = changed.id;
      RETURN NULL;
    END $$;
    CREATE TRIGGER again AFTER UPDATE ON ${table} REFERENCING NEW TABLE AS changed
      FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ${table}_again()`;
}

/** `_updated_at` by the C function of the extension, on every row. */
export function moddatetime(table: string): string {
  return `CREATE TRIGGER stamp BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION moddatetime(_updated_at)`;
}

/** Times of an INSERT by a trigger on every row. */
export function alwaysFill(table: string): string {
  return `
    CREATE FUNCTION ${table}_fill() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN NEW._created_at := now(); NEW._updated_at := now(); RETURN NEW; END $$;
    CREATE TRIGGER fill BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_fill()`;
}

/** Soft deletion by the trigger that archives the row and tells PostgreSQL to forget the DELETE. */
export function naiveDelete(table: string): string {
  return `
    CREATE FUNCTION ${table}_archive() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN UPDATE ${table} SET _deleted_at = now(), _updated_at = now() WHERE id = OLD.id; RETURN NULL; END $$;
    CREATE TRIGGER archive BEFORE DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_archive()`;
}

/** Soft deletion by a rule without a door. */
export function naiveRule(table: string): string {
  return `CREATE RULE archive AS ON DELETE TO ${table} DO INSTEAD
    UPDATE ${table} SET _deleted_at = now(), _updated_at = now() WHERE id = OLD.id AND _deleted_at IS NULL`;
}

/** A cascade, and its restore by time, of all parents of a statement at once, from the captured rows. */
export function transitionCascade(parents: string, children: string): string {
  return `
    CREATE FUNCTION ${parents}_cascade() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE ${children} AS child SET _deleted_at = n._deleted_at, _updated_at = now()
        FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
        WHERE child.region_id = n.id AND child._deleted_at IS NOT DISTINCT FROM o._deleted_at
          AND (o._deleted_at IS NULL) <> (n._deleted_at IS NULL);
      RETURN NULL;
    END $$;
    CREATE TRIGGER cascade AFTER UPDATE ON ${parents} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION ${parents}_cascade()`;
}

/** A cascade, and its restore by time, row by row. */
export function rowCascade(parents: string, children: string): string {
  return `
    CREATE FUNCTION ${parents}_cascade() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE ${children} AS child SET _deleted_at = NEW._deleted_at, _updated_at = now()
        WHERE child.region_id = NEW.id AND child._deleted_at IS NOT DISTINCT FROM OLD._deleted_at;
      RETURN NULL;
    END $$;
    CREATE TRIGGER cascade AFTER UPDATE ON ${parents} FOR EACH ROW
      WHEN ((OLD._deleted_at IS NULL) <> (NEW._deleted_at IS NULL)) EXECUTE FUNCTION ${parents}_cascade()`;
}
