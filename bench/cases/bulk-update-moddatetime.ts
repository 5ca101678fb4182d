import { type Case, Unavailable } from '../harness/case';
import { paired } from '../harness/pairs';
import { statement } from '../harness/sides';
import { moddatetime } from '../peers';
import { fill, guitarCities, twin } from '../tables';

/** The same where a DBA has installed the extension. */
export const bulkUpdateModdatetime: Case = {
  name: 'raw bulk UPDATE, moddatetime',
  target: 1.25,
  async run(world) {
    await world.admin.query('CREATE EXTENSION moddatetime SCHEMA app').catch((error: Error) => {
      throw new Unavailable(error.message);
    });
    guitarCities(world, 'cities', { stamper: 'moddatetime' });
    await world.sequelize.sync();
    for (const table of ['plain', 'always']) await twin(world, table, 'cities');
    await world.sql(moddatetime('always'));
    await fill(world, ['cities', 'plain', 'always'], world.rows(100_000));
    const update = (table: string) => statement(world, [table], `UPDATE ${table} SET population = population + 1`);
    return paired(world, {
      ours: update('cities'),
      without: update('plain'),
      peers: { 'moddatetime alone (keeps _updated_at alone)': update('always') },
    });
  },
};
