import type { Case } from '../harness/case';
import { paired } from '../harness/pairs';
import { reading } from '../harness/sides';
import { fill, guitarCities, twin } from '../tables';

const QUERIES = 20;

/** Reads a tenth of the live rows by an indexed column, in a table of which 95 % are archived. */
export const readLive: Case = {
  name: 'live rows where 95 % are archived',
  target: 1.2,
  async run(world) {
    const where = { _deleted_at: null };
    guitarCities(world, 'cities', {}, { name: 'cities_live', fields: ['population'], where });
    guitarCities(world, 'whole', {}, { name: 'whole_population', fields: ['population'] });
    await world.sequelize.sync();
    await twin(world, 'never', 'whole');
    const live = world.rows(5000);
    await fill(world, ['cities', 'whole'], 20 * live);
    for (const table of ['cities', 'whole']) {
      await world.sql(`UPDATE ${table} SET population = (id - 1) / 20`, `DELETE FROM ${table} WHERE id % 20 <> 0`);
    }
    await world.sql('INSERT INTO never SELECT * FROM cities WHERE _deleted_at IS NULL');
    for (const table of ['cities', 'whole', 'never']) await world.sql(`VACUUM (FULL, ANALYZE) ${table}`);
    const read = (table: string) =>
      reading(async () => {
        const sql = `SELECT * FROM ${table} WHERE _deleted_at IS NULL AND population BETWEEN $1 AND $2`;
        for (let tenth = 0; tenth < QUERIES; tenth++) {
          const from = ((tenth % 10) * live) / 10;
          await world.client.query(sql, [Math.ceil(from), Math.ceil(from + live / 10) - 1]);
        }
      });
    return paired(world, {
      ours: read('cities'),
      without: read('never'),
      peers: { 'the same with an index of all rows': read('whole') },
    });
  },
};
