/**
 * Does the current role own functions that run as their owner? Then a cascade may be sending the statement, as such a role, for
 * whoever may replace one of them needs none of our leave.
 */
export const serves = `
CREATE OR REPLACE FUNCTION guitars.serves() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM pg_proc AS p JOIN pg_roles AS r ON r.oid = p.proowner
    WHERE p.pronamespace = to_regnamespace('guitars') AND p.prosecdef AND r.rolname = current_user)
$$`;
