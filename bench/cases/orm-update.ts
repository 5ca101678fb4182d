import { literal } from 'sequelize';
import type { Case } from '../harness/case';
import { paired } from '../harness/pairs';
import { orm } from '../harness/sides';
import { fill, guitarCities, paranoidCities, twin } from '../tables';

/** `Model.update` of every row, against the UPDATE that one would write by hand. */
export const ormUpdate: Case = {
  name: 'bulk UPDATE through the ORM',
  target: 1.15,
  async run(world) {
    const City = guitarCities(world, 'cities');
    await world.sequelize.sync();
    for (const table of ['plain', 'paranoid']) await twin(world, table, 'cities');
    const Paranoid = paranoidCities(world, 'paranoid');
    await fill(world, ['cities', 'plain', 'paranoid'], world.rows(100_000));
    const values = { population: literal('population + 1') };
    const byHand = 'UPDATE plain SET population = population + 1, _updated_at = now() WHERE _deleted_at IS NULL';
    return paired(world, {
      ours: orm(world, ['cities'], (transaction) => City.update(values as never, { where: {}, transaction })),
      without: orm(world, ['plain'], (transaction) => world.sequelize.query(byHand, { transaction })),
      peers: {
        "Sequelize's own paranoid model": orm(world, ['paranoid'], (transaction) =>
          Paranoid.update(values as never, { where: {}, transaction }),
        ),
      },
    });
  },
};
