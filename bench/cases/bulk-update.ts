import type { Case } from '../harness/case';
import { paired } from '../harness/pairs';
import { statement } from '../harness/sides';
import { alwaysStamp, secondUpdate } from '../peers';
import { fill, guitarCities, twin } from '../tables';

/** A raw UPDATE of every row by somebody who does not know of `_updated_at`. */
export const bulkUpdate: Case = {
  name: 'raw bulk UPDATE, plpgsql',
  target: 1.6,
  async run(world) {
    guitarCities(world, 'cities');
    await world.sequelize.sync();
    for (const table of ['plain', 'always', 'twice']) await twin(world, table, 'cities');
    await world.sql(alwaysStamp('always'), secondUpdate('twice'));
    await fill(world, ['cities', 'plain', 'always', 'twice'], world.rows(100_000));
    const update = (table: string) => statement(world, [table], `UPDATE ${table} SET population = population + 1`);
    return paired(world, {
      ours: update('cities'),
      without: update('plain'),
      peers: {
        'row trigger without WHEN (keeps _updated_at alone)': update('always'),
        'statement trigger, second UPDATE': update('twice'),
      },
    });
  },
};
