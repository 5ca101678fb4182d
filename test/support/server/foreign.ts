import { randomInt } from 'node:crypto';
import pg from 'pg';
import type { Endpoint } from './endpoint';
import { identifier, statements } from './statements';

/** The class of the advisory locks by which runs tell each other that they are alive ("guit"). */
const LOCK_CLASS = 0x67756974;

/** Two methods of the client that its types leave out. */
type Held = pg.Client & { ref(): void; unref(): void };

/** Databases whose owner is the role of a run, and whether that run has ended without cleaning up. */
const RUNS = `
  SELECT r.rolname AS role, array_remove(array_agg(d.datname::text), NULL) AS databases
    FROM pg_roles r LEFT JOIN pg_database d ON d.datdba = r.oid
   WHERE r.rolname ~ '^guitars_app_[0-9]+$'`;
const ENDED = `NOT EXISTS (
     SELECT FROM pg_locks l
      WHERE l.locktype = 'advisory' AND l.classid = ${LOCK_CLASS}
        AND l.objid = substring(r.rolname FROM '[0-9]+$')::oid)`;

/**
 * Uses the server behind `DATABASE_URL`. What a run makes there belongs to a role of that run alone and is dropped
 * with it; what a killed run has left behind is dropped by the next.
 */
export async function useForeign(databaseUrl: string): Promise<Endpoint> {
  const url = new URL(databaseUrl);
  const run = randomInt(1, 2 ** 31);
  const role = `guitars_app_${run}`;
  const alive = new pg.Client({ connectionString: url.href }) as Held;
  alive.on('error', () => {});
  try {
    await alive.connect();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`No connection to DATABASE_URL: ${message}. Start that server, or unset DATABASE_URL.`, { cause });
  }
  try {
    await checkPrivileges(alive);
    await alive.query('SELECT pg_advisory_lock($1, $2)', [LOCK_CLASS, run]);
    await drop(url, ENDED).catch(() => {}); // another run may be at it, or its role may be out of our reach
  } catch (error) {
    await alive.end();
    throw error;
  }
  alive.unref();
  const release = async () => {
    alive.ref(); // or else nothing would keep node from ending before the connection has
    await drop(url, `r.rolname = '${role}'`);
    await alive.end();
  };
  return { url, role, prefix: `guitars_${run}_`, release };
}

async function checkPrivileges(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; enough: boolean }>(
    'SELECT rolname AS name, rolsuper OR rolcreatedb AND rolcreaterole AS enough FROM pg_roles WHERE rolname = current_user',
  );
  if (rows[0]?.enough) return;
  const name = identifier(rows[0]?.name ?? '');
  throw new Error(
    `DATABASE_URL's role ${name} may not create databases and roles. ` +
      `As a superuser, run: ALTER ROLE ${name} CREATEDB CREATEROLE; or unset DATABASE_URL.`,
  );
}

async function drop(url: URL, condition: string): Promise<void> {
  const runs = await statements<{ role: string; databases: string[] }>(
    url,
    `${RUNS} AND ${condition} GROUP BY r.rolname`,
  );
  for (const { role, databases } of runs) {
    const drops = databases.map((name) => `DROP DATABASE IF EXISTS ${identifier(name)} WITH (FORCE)`);
    await statements(url, ...drops, `DROP ROLE IF EXISTS ${identifier(role)}`);
  }
}
