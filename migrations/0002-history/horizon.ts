/**
 * What was removed of each history: the last of the transactions, and of the entries, that a consumer of the changes must
 * have passed. By oid: a restore gives it another, and the place tells that it is another.
 */
export const horizon = [
  `CREATE TABLE IF NOT EXISTS guitars.history_horizon (
  history oid PRIMARY KEY,
  place text NOT NULL,
  removed bigint NOT NULL,
  entry bigint NOT NULL,
  raises bigint NOT NULL
)`,
  'GRANT SELECT ON guitars.history_horizon TO PUBLIC',
];

/** Called by whoever removes tombstones, in the transaction that does. */
export const raise = `
CREATE OR REPLACE FUNCTION guitars.raise_history_horizon(history regclass, removed bigint, entry bigint) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO guitars.history_horizon AS known (history, place, removed, entry, raises)
  SELECT $1::oid, guitars.history_place($1), coalesce($2, 0), $3, 1 WHERE $3 IS NOT NULL
  ON CONFLICT ON CONSTRAINT history_horizon_pkey DO UPDATE SET
    place = excluded.place,
    removed = CASE WHEN known.place = excluded.place THEN greatest(known.removed, excluded.removed) ELSE excluded.removed END,
    entry = CASE WHEN known.place = excluded.place THEN greatest(known.entry, excluded.entry) ELSE excluded.entry END,
    raises = known.raises + 1
$$`;
