/** Does an entry follow upon another of the same row, or upon none? 1 or 0. One whose key has changed comes from nowhere. */
export const follows = `
CREATE OR REPLACE FUNCTION guitars.history_follows(was text, was_version integer, operation text, version integer)
RETURNS integer LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE $3
    WHEN 'baseline' THEN 1
    WHEN 'insert' THEN (known IS NULL)::integer
    WHEN 'delete' THEN coalesce((known = $4)::integer, 0)
    ELSE coalesce((known = $4 - 1)::integer, 1) END
  FROM (SELECT CASE WHEN $1 <> 'delete' THEN $2 END AS known) AS before
$$`;

/**
 * Called by a capture with entries, where statements within others have been captured: those of a trigger come before what
 * set it off. Puts the capture's own entries, which are behind `floor`, where they lead best from one version to the next, by
 * writing those that follow them anew.
 */
export const order = `
CREATE OR REPLACE FUNCTION guitars.history_order(history regclass, key text[], floor bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  door CONSTANT text := coalesce(current_setting('guitars.edit_history', true), '');
  scans CONSTANT text := current_setting('enable_seqscan');
  own CONSTANT bigint := pg_current_xact_id()::text::bigint;
  keys text;
  same text;
  rest text;
  row record;
  e bigint[];
  o text[];
  v integer[];
  mine integer;
  behind integer;
  best integer;
  fit integer;
BEGIN
  -- Without statistics the planner takes any range for a third of the table.
  PERFORM set_config('enable_seqscan', 'off', true);
  -- As text where the operators of a type may be anywhere.
  SELECT string_agg(format('%I', attname), ', '), string_agg(format(CASE WHEN typnamespace = 'pg_catalog'::regnamespace
      THEN 'e.%1$I = own.%1$I' ELSE 'e.%1$I::text = own.%1$I::text' END, attname), ' AND ')
    INTO keys, same FROM pg_attribute JOIN pg_type AS t ON t.oid = atttypid WHERE attrelid = history AND attname = ANY (key);
  SELECT string_agg(format('%I', attname), ', ') INTO rest
    FROM pg_attribute WHERE attrelid = history AND attnum > 0 AND NOT attisdropped AND attname <> '_entry';
  FOR row IN EXECUTE format('WITH own AS MATERIALIZED (SELECT DISTINCT %2$s FROM %1$s WHERE _entry > $2 AND _transaction + 0 = $1)
    SELECT found.* FROM own CROSS JOIN LATERAL (
      SELECT array_agg(_entry ORDER BY _entry) AS e, array_agg(_operation ORDER BY _entry) AS o, array_agg(_version ORDER BY _entry) AS v,
          count(*) FILTER (WHERE known)::integer AS known, count(*) FILTER (WHERE _entry <= $2)::integer AS there
        FROM ((SELECT _entry, _operation, _version, true AS known FROM %1$s AS e
            WHERE %3$s AND _transaction + 0 <> $1 ORDER BY _entry DESC LIMIT 1)
          UNION ALL SELECT _entry, _operation, _version, false FROM %1$s AS e WHERE %3$s AND _transaction + 0 = $1) AS each
      ) AS found WHERE there > known', history, keys, same) USING own, floor
  LOOP
    e := row.e; o := row.o; v := row.v;
    mine := row.there + 1;
    best := NULL;
    FOR after IN REVERSE row.there .. row.known LOOP
      fit := guitars.history_follows(o[after], v[after], o[mine], v[mine]);
      IF after < row.there THEN
        fit := fit + guitars.history_follows(o[cardinality(o)], v[cardinality(v)], o[after + 1], v[after + 1])
          - guitars.history_follows(o[after], v[after], o[after + 1], v[after + 1]);
      END IF;
      IF best IS NULL OR fit > best THEN best := fit; behind := after; END IF;
    END LOOP;
    IF behind < row.there THEN
      PERFORM set_config('guitars.edit_history', 'on', true);
      EXECUTE format('WITH moved AS (DELETE FROM %1$s WHERE _entry = ANY ($1) AND _transaction + 0 = $2 RETURNING *)
        INSERT INTO %1$s (%2$s) SELECT %2$s FROM moved ORDER BY _entry', history, rest) USING e[behind + 1 : row.there], own;
      PERFORM set_config('guitars.edit_history', door, true);
    END IF;
  END LOOP;
  PERFORM set_config('enable_seqscan', scans, true);
END
$$`;
