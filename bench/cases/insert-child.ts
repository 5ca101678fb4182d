import type { Case } from '../harness/case';
import { paired } from '../harness/pairs';
import { statement } from '../harness/sides';
import { fill, guitarRegions, insertion, twinRegions } from '../tables';

/** An INSERT … SELECT of children, each of which needs a live parent (F3). */
export const insertChild: Case = {
  name: 'INSERT of children',
  async run(world) {
    guitarRegions(world);
    await world.sequelize.sync();
    await twinRegions(world, 'plain_regions', 'plain_cities');
    await fill(world, ['regions', 'plain_regions'], 1000);
    await fill(world, ['cities', 'plain_cities'], 1000, 'id');
    const rows = world.rows(100_000);
    const add = (cities: string, regions: string) =>
      statement(world, [cities, regions], insertion(cities, rows, '1 + source.id % 1000', 1000));
    return paired(world, { ours: add('cities', 'regions'), without: add('plain_cities', 'plain_regions') });
  },
};
