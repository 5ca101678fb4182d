/**
 * An AFTER UPDATE trigger, fired before the cascade of the row by its name: settings that say that the deletion of this row is
 * at work already were not written by a cascade. Its argument is the column of the row's deletion.
 */
export const distrust = `
CREATE OR REPLACE FUNCTION guitars.distrust() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  setting text;
BEGIN
  FOREACH setting IN ARRAY ARRAY['guitars.archiving', 'guitars.restoring'] LOOP
    IF current_setting(setting, true) = to_jsonb(NEW) ->> TG_ARGV[0] THEN PERFORM set_config(setting, '', true); END IF;
  END LOOP;
  RETURN NULL;
END $$`;
