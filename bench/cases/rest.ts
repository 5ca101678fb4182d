import type { Case, Outcome } from '../harness/case';
import { paired, type Side } from '../harness/pairs';
import type { World } from '../harness/world';
import { type Load, load, type Server, start } from '../rest/load';
import type { Served } from '../rest/server';
import { fill, guitarCities, twin } from '../tables';

/** At least nine tenths of the requests per second. */
const TARGET = 1.11;

/** Pages of 25 of 5,000 rows, with their count. */
export const restList: Case = {
  name: 'REST, list',
  target: TARGET,
  run: (world) => {
    const pages = world.rows(5000) / 25;
    return against(world, { method: 'GET', amount: world.rows(1000), path: (n) => `/cities?page=${(n % pages) + 1}` });
  },
};

/** Each request archives another row. */
export const restDelete: Case = {
  name: 'REST, delete',
  target: TARGET,
  run: (world) => against(world, { method: 'DELETE', amount: world.rows(1000), path: (n) => `/cities/${n + 1}` }),
};

/** The router, against what one writes oneself with Express and a paranoid model of Sequelize's. */
async function against(world: World, requests: Load): Promise<Outcome> {
  const tables = { ours: 'cities', without: 'plain', peer: 'bare' };
  guitarCities(world, tables.ours);
  guitarCities(world, tables.peer);
  await world.sequelize.sync();
  await twin(world, tables.without, tables.ours);
  await fill(world, Object.values(tables), world.rows(5000));
  const url = world.url;
  const servers: Server[] = [];
  const side = async (table: string, by: Served['by']): Promise<Side> => {
    const server = await start({ url, table, by });
    servers.push(server);
    return async () => {
      const time = await load(server, requests);
      await world.sql(`UPDATE ${table} SET _deleted_at = NULL WHERE _deleted_at IS NOT NULL`);
      await world.settle([table]);
      return time;
    };
  };
  try {
    const ours = await side(tables.ours, 'router');
    const without = await side(tables.without, 'hand');
    const peer = await side(tables.peer, 'hand on a Guitar model');
    // A process is fast after some thousand requests only.
    for (const each of [ours, without, peer]) for (let n = 0; n < 3; n++) await each();
    return await paired(world, { ours, without, peers: { 'by hand, on a Guitar model': peer } });
  } finally {
    for (const { process } of servers) process.disconnect();
  }
}
