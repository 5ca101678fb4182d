/**
 * Does the current role own functions that run as their owner? Then a cascade may be sending the statement, as such a role, for
 * whoever may replace one of them needs none of our leave. It is asked for each row, and looks at what the role owns, for most own
 * nothing. Of what PostgreSQL's own roles own, as `pg_database_owner`, nothing is written there.
 */
export const serves = `
CREATE OR REPLACE FUNCTION guitars.serves() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me CONSTANT oid := (SELECT oid FROM pg_roles WHERE rolname = current_user);
BEGIN
  IF me::bigint < 16384 THEN
    RETURN EXISTS (SELECT FROM pg_proc WHERE proowner = me AND pronamespace = to_regnamespace('guitars') AND prosecdef);
  END IF;
  RETURN EXISTS (SELECT FROM pg_shdepend AS d JOIN pg_proc AS p ON p.oid = d.objid
    WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = me AND d.deptype = 'o'
      AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND d.classid = 'pg_proc'::regclass
      AND p.pronamespace = to_regnamespace('guitars') AND p.prosecdef);
END $$`;
