import type { Case } from '../harness/case';
import { paired } from '../harness/pairs';
import { reading } from '../harness/sides';
import { fill, guitarCities, paranoidCities } from '../tables';

/** 50,000 rows into instances; both models read the same table. */
export const findAll: Case = {
  name: 'findAll of 50k rows',
  target: 1.03,
  async run(world) {
    const City = guitarCities(world, 'cities');
    await world.sequelize.sync();
    const Plain = paranoidCities(world, 'cities');
    await fill(world, ['cities'], world.rows(50_000));
    return paired(world, { ours: reading(() => City.findAll()), without: reading(() => Plain.findAll()) });
  },
};
