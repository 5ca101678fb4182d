import type pg from 'pg';

/**
 * A schema in which every operator and every named function of PostgreSQL stands once more, with the same arguments, and
 * its types as domains: whoever looks for a name here first finds these. Each counts that it was called, which no rollback
 * takes back, and fails.
 */
export async function makeEvil(client: pg.Client): Promise<void> {
  await client.query(EVIL);
  await client.query('GRANT USAGE ON SCHEMA evil TO PUBLIC; GRANT ALL ON SEQUENCE evil.calls TO PUBLIC');
}

/** How often anything of the schema was called. */
export async function calls(client: pg.Client): Promise<number> {
  const { rows } = await client.query('SELECT last_value AS n, is_called AS any FROM evil.calls');
  return rows[0].any ? Number(rows[0].n) : 0;
}

/** How many operators, functions and types there are. */
export async function size(client: pg.Client): Promise<{ operators: number; functions: number; types: number }> {
  const { rows } = await client.query(`SELECT
    (SELECT count(*)::int FROM pg_operator WHERE oprnamespace = 'evil'::regnamespace) AS operators,
    (SELECT count(*)::int FROM pg_proc WHERE pronamespace = 'evil'::regnamespace) AS functions,
    (SELECT count(*)::int FROM pg_type WHERE typnamespace = 'evil'::regnamespace AND typtype = 'd') AS types`);
  return rows[0];
}

// Only what our functions could name: the words of their bodies. Operators all.
const EVIL = `
CREATE SCHEMA evil;
CREATE SEQUENCE evil.calls;
CREATE FUNCTION evil.called(what text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
  PERFORM pg_catalog.nextval('evil.calls');
  RAISE EXCEPTION 'evil % was called', what;
END $$;
DO $$
DECLARE
  one record;
  made integer := 0;
  words text[];
BEGIN
  SELECT array_agg(DISTINCT m[1]) INTO words FROM pg_proc, regexp_matches(prosrc, '[a-z_][a-z0-9_]*', 'g') AS m
    WHERE pronamespace = 'guitars'::regnamespace;
  FOR one IN SELECT oprname, nullif(oprleft, 0)::regtype AS l, oprright::regtype AS r, oprresult::regtype AS result
    FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprright <> 0 AND oprresult <> 0
  LOOP
    made := made + 1;
    BEGIN
      EXECUTE format('CREATE FUNCTION evil.operator_%s(%s) RETURNS %s LANGUAGE plpgsql AS %L', made, concat_ws(', ', one.l, one.r),
        one.result, format('BEGIN PERFORM evil.called(%L); END', 'operator ' || one.oprname));
      EXECUTE format('CREATE OPERATOR evil.%s (%s RIGHTARG = %s, FUNCTION = evil.operator_%s)', one.oprname,
        'LEFTARG = ' || one.l || ',', one.r, made);
    EXCEPTION WHEN OTHERS THEN NULL; -- of pseudotypes
    END;
  END LOOP;
  FOR one IN SELECT proname, pg_get_function_identity_arguments(oid) AS args, pg_get_function_result(oid) AS result
    FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND proname = ANY (words)
  LOOP
    BEGIN
      EXECUTE format('CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', one.proname, one.args, one.result,
        format('BEGIN PERFORM evil.called(%L); END', 'function ' || one.proname));
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  FOR one IN SELECT typname FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype = 'b' AND typname !~ '^_'
      AND typname = ANY (words || ARRAY['text', 'jsonb', 'uuid', 'timestamptz', 'int4', 'int8', 'bool', 'name', 'oid', 'regclass'])
  LOOP
    BEGIN
      EXECUTE format('CREATE DOMAIN evil.%I AS pg_catalog.%I CHECK (evil.called(%L))', one.typname, one.typname, 'type ' || one.typname);
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  FOR one IN SELECT relname FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind IN ('r', 'v') AND relname = ANY (words)
  LOOP
    EXECUTE format('CREATE VIEW evil.%I AS SELECT WHERE evil.called(%L)', one.relname, 'relation ' || one.relname);
    EXECUTE format('GRANT SELECT ON evil.%I TO PUBLIC', one.relname);
  END LOOP;
END $$`;
