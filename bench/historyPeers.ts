/** Histories in other designs, in plain SQL. `columns` are those of the table. */

/** The same design with what ours has besides: a version that each row counts, the transaction, the actor and why. */
export function fullEventTable(table: string, columns: readonly string[]): string {
  const all = [...columns, '_version'];
  const news = all.map((column) => `NEW.${column}`).join(', ');
  return `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS _version integer NOT NULL DEFAULT 1;
    CREATE TABLE ${table}_event (pgh_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, pgh_created_at timestamptz NOT NULL,
      pgh_label text NOT NULL, pgh_obj_id integer NOT NULL, pgh_transaction bigint NOT NULL, actor text, comment text, context jsonb, LIKE ${table});
    CREATE INDEX ON ${table}_event (pgh_obj_id);
    CREATE INDEX ON ${table}_event (pgh_transaction);
    CREATE FUNCTION ${table}_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW._version := OLD._version + 1; RETURN NEW; END $$;
    CREATE TRIGGER count BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_count();
    CREATE FUNCTION ${table}_event() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE revision jsonb := nullif(current_setting('peer.revision', true), '')::jsonb;
    BEGIN
      INSERT INTO ${table}_event (${all.join(', ')}, pgh_created_at, pgh_label, pgh_obj_id, pgh_transaction, actor, comment, context)
        VALUES (${news}, now(), TG_ARGV[0], NEW.id, pg_current_xact_id()::text::bigint,
          revision->>'actor', revision->>'comment', revision->'context');
      RETURN NULL;
    END $$;
    CREATE TRIGGER event_insert AFTER INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_event('insert');
    CREATE TRIGGER event_update AFTER UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_event('update')`;
}

/** As pghistory does it: a table of events, filled by a row trigger, with the context of the transaction. */
export function eventTable(table: string, columns: readonly string[]): string {
  const list = columns.join(', ');
  const news = columns.map((column) => `NEW.${column}`).join(', ');
  return `CREATE TABLE ${table}_event (pgh_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      pgh_created_at timestamptz NOT NULL, pgh_label text NOT NULL, pgh_obj_id integer NOT NULL, pgh_context_id uuid, LIKE ${table});
    CREATE INDEX ON ${table}_event (pgh_obj_id);
    CREATE INDEX ON ${table}_event (pgh_context_id);
    CREATE FUNCTION ${table}_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO ${table}_event (${list}, pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id)
        VALUES (${news}, now(), TG_ARGV[0], NEW.id, nullif(current_setting('peer.context', true), '')::uuid);
      RETURN NULL;
    END $$;
    CREATE TRIGGER event_insert AFTER INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_event('insert');
    CREATE TRIGGER event_update AFTER UPDATE ON ${table} FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
      EXECUTE FUNCTION ${table}_event('update')`;
}

/** As logidze does it: a log of changes in a JSONB column of the row itself. */
export function logInRow(table: string): string {
  return `ALTER TABLE ${table} ADD COLUMN log_data jsonb;
    CREATE FUNCTION ${table}_log() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      row jsonb := to_jsonb(NEW) - 'log_data';
      before jsonb;
      changes jsonb;
      version integer;
      at bigint := extract(epoch FROM clock_timestamp()) * 1000;
    BEGIN
      IF TG_OP = 'INSERT' OR OLD.log_data IS NULL THEN
        NEW.log_data := jsonb_build_object('v', 1, 'h', jsonb_build_array(jsonb_build_object('v', 1, 'ts', at, 'c', row)));
        IF TG_OP = 'INSERT' THEN RETURN NEW; END IF;
      ELSE
        NEW.log_data := OLD.log_data;
      END IF;
      before := to_jsonb(OLD) - 'log_data';
      SELECT jsonb_object_agg(key, value) INTO changes FROM jsonb_each(row) WHERE value IS DISTINCT FROM before -> key;
      IF changes IS NULL THEN RETURN NEW; END IF;
      version := (NEW.log_data ->> 'v')::integer + 1;
      NEW.log_data := jsonb_set(jsonb_set(NEW.log_data, '{v}', to_jsonb(version)), '{h}',
        (NEW.log_data -> 'h') || jsonb_build_object('v', version, 'ts', at, 'c', changes));
      RETURN NEW;
    END $$;
    CREATE TRIGGER log BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_log()`;
}
