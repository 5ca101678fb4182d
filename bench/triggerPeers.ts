/** Declared triggers in other designs: the check in the function, which is called for each row. */

const before = (table: string, event: string, body: string) => `
    CREATE FUNCTION ${table}_peer() RETURNS trigger LANGUAGE plpgsql AS $$ ${body} $$;
    CREATE TRIGGER peer BEFORE ${event} ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_peer()`;

/** Is it ignored? by a setting. */
export const ignoreInBody = (table: string) =>
  before(
    table,
    'INSERT',
    `BEGIN
      IF coalesce(current_setting('guitars.peer', true), '') = 'on' THEN RETURN NEW; END IF;
      IF NEW.population < -1 THEN NEW.population := 0; END IF;
      RETURN NEW;
    END`,
  );

/** Is it ignored? by a setting whose absence is an exception. */
export const ignoreByException = (table: string) =>
  before(
    table,
    'INSERT',
    `DECLARE ignored text;
    BEGIN
      BEGIN
        SELECT current_setting('guitars.peer') INTO ignored;
      EXCEPTION WHEN OTHERS THEN
      END;
      IF ignored = 'on' THEN RETURN NEW; END IF;
      IF NEW.population < -1 THEN NEW.population := 0; END IF;
      RETURN NEW;
    END`,
  );

export const fsmInBody = (table: string) =>
  before(
    table,
    'UPDATE',
    `BEGIN
      IF NEW.feature IS DISTINCT FROM OLD.feature
        AND NOT (OLD.feature IN ('A', 'B', 'C', 'D', 'E', 'F', 'G') AND NEW.feature = 'Z') THEN RAISE EXCEPTION 'no';
      END IF;
      RETURN NEW;
    END`,
  );

export const readOnlyInBody = (table: string) =>
  before(
    table,
    'UPDATE',
    `BEGIN
      IF NEW.name IS DISTINCT FROM OLD.name OR NEW.country IS DISTINCT FROM OLD.country
        OR NEW.latitude IS DISTINCT FROM OLD.latitude THEN RAISE EXCEPTION 'no';
      END IF;
      RETURN NEW;
    END`,
  );
