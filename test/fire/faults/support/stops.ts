import type pg from 'pg';

const LOCK = 8_000_008;

/**
 * What makes work stand still at its n-th step: triggers, of rows and of DDL, that count and wait for an advisory lock
 * there. Where work waits for a lock nobody has to guess how far it is.
 */
export const STOPS = [
  'CREATE SCHEMA fire',
  'CREATE SEQUENCE fire.steps',
  'CREATE TABLE fire.stop (at bigint)',
  `CREATE FUNCTION fire.step() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    IF nextval('fire.steps') = (SELECT at FROM fire.stop) THEN PERFORM pg_advisory_xact_lock(${LOCK}); END IF;
  END $$`,
  `CREATE FUNCTION fire.row_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM fire.step();
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END $$`,
  `CREATE FUNCTION fire.ddl_step() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM fire.step(); END $$`,
  'GRANT USAGE ON SCHEMA fire TO PUBLIC',
];

/** Before each row that is written, by a name that sorts before the library's, and at the end of each statement. */
export const stepsOf = (table: string, events = 'UPDATE OR DELETE') => [
  `CREATE TRIGGER fire_step BEFORE ${events} ON ${table} FOR EACH ROW EXECUTE FUNCTION fire.row_step()`,
  `CREATE TRIGGER zz_fire_step AFTER ${events} ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION fire.row_step()`,
];

/** After each statement of DDL; for superusers to create. */
export const DDL_STEPS = `CREATE EVENT TRIGGER fire_ddl ON ddl_command_end EXECUTE FUNCTION fire.ddl_step()`;

/** Holds the lock from now on, so that whoever comes to step `at` waits. `client` is a superuser's. */
export async function stopAt(client: pg.Client, at: number): Promise<void> {
  await client.query(`SELECT pg_advisory_lock(${LOCK})`);
  await client.query(`TRUNCATE fire.stop; INSERT INTO fire.stop VALUES (${at}); SELECT setval('fire.steps', 1, false)`);
}

/** Nobody stops, and steps are counted from the first. */
export const RUN = ['TRUNCATE fire.stop', `SELECT setval('fire.steps', 1, false)`];

/** SQL: how many steps were taken. */
export const STEPS_TAKEN = 'SELECT CASE WHEN is_called THEN last_value ELSE 0 END::int AS n FROM fire.steps';

/** Waits until somebody stands at the step, or until `work` is done without having come to it. */
export async function stopped(client: pg.Client, work: Promise<unknown>): Promise<'stopped' | 'done'> {
  let done = false;
  work
    .catch(() => undefined)
    .finally(() => {
      done = true;
    });
  while (!done) {
    const { rowCount } = await client.query(
      `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = ${LOCK}`,
    );
    if (rowCount) return 'stopped';
    await new Promise((resolve) => setImmediate(resolve));
  }
  return 'done';
}
