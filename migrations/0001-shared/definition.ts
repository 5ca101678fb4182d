/** What the catalog says of an enforced object, in a form that no search_path changes; NULL where it is missing. */
export const definition = `
CREATE OR REPLACE FUNCTION guitars.definition(kind text, target text, object text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CASE kind
    WHEN 'function' THEN
      RETURN (SELECT concat_ws(E'\\n', p.prosrc, l.lanname, p.prosecdef, p.proconfig,
          (SELECT 'PUBLIC' FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) WHERE grantee = 0))
        FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
        WHERE p.pronamespace = to_regnamespace('guitars') AND p.proname = object AND p.pronargs = 0);
    WHEN 'trigger' THEN
      RETURN (SELECT pg_get_triggerdef(t.oid) FROM pg_trigger AS t
        WHERE t.tgrelid = to_regclass(target) AND t.tgname = object AND NOT t.tgisinternal);
    WHEN 'rule' THEN
      RETURN (SELECT pg_get_ruledef(r.oid) FROM pg_rewrite AS r
        WHERE r.ev_class = to_regclass(target) AND r.rulename = object);
    WHEN 'index' THEN
      RETURN (SELECT pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END
        FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
        WHERE i.indrelid = to_regclass(target) AND c.relname = object);
    WHEN 'sequence' THEN
      RETURN (SELECT 'sequence' FROM pg_class AS c
        WHERE c.relnamespace = to_regnamespace('guitars') AND c.relname = object AND c.relkind = 'S');
    ELSE
      RETURN NULL;
  END CASE;
END $$`;

/** Writes into an object's comment what was asked for (a digest) and what the catalog made of it (an MD5). */
export const seal = `
CREATE OR REPLACE FUNCTION guitars.seal(kind text, target text, object text, digest text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  mark constant text := format('guitars %s %s', digest, md5(guitars.definition(kind, target, object)));
BEGIN
  CASE kind
    WHEN 'function' THEN EXECUTE format('COMMENT ON FUNCTION guitars.%I() IS %L', object, mark);
    WHEN 'trigger' THEN EXECUTE format('COMMENT ON TRIGGER %I ON %s IS %L', object, target, mark);
    WHEN 'rule' THEN EXECUTE format('COMMENT ON RULE %I ON %s IS %L', object, target, mark);
    WHEN 'index' THEN EXECUTE format('COMMENT ON INDEX %I.%I IS %L',
      (SELECT nspname FROM pg_namespace AS n JOIN pg_class AS c ON c.relnamespace = n.oid WHERE c.oid = target::regclass),
      object, mark);
    WHEN 'sequence' THEN EXECUTE format('COMMENT ON SEQUENCE guitars.%I IS %L', object, mark);
    ELSE NULL;
  END CASE;
END $$`;
