import { Model } from 'sequelize';
import { Tracked } from '../../lib';
import type { Case } from '../harness/case';
import { paired } from '../harness/pairs';
import { held, reading } from '../harness/sides';
import type { World } from '../harness/world';
import { fill, guitarCities, paranoidCities } from '../tables';

/** Two models of the same rows, of which one is tracked. */
async function models(world: World) {
  guitarCities(world, 'cities');
  await world.sequelize.sync();
  await fill(world, ['cities'], world.rows(50_000));
  const Plain = paranoidCities(world, 'cities');
  const City = paranoidCities(world, 'cities', Tracked(Model));
  const copied = async () => (await Plain.findAll()).map((row) => [row, structuredClone(row.get())]);
  return { Plain, City, copied };
}

/** 50,000 rows into instances that track what changes. */
export const trackedFind: Case = {
  name: 'findAll of 50k tracked rows',
  target: 1.05,
  async run(world) {
    const { Plain, City, copied } = await models(world);
    return paired(world, {
      ours: reading(() => City.findAll()),
      without: reading(() => Plain.findAll()),
      peers: { 'a copy of each row': reading(copied) },
    });
  },
};

/** The memory that they take once they are loaded. */
export const trackedMemory: Case = {
  name: 'memory of 50k tracked rows',
  target: 1.05,
  async run(world) {
    const { Plain, City, copied } = await models(world);
    return paired(world, {
      ours: held(() => City.findAll()),
      without: held(() => Plain.findAll()),
      peers: { 'a copy of each row': held(copied) },
    });
  },
};
