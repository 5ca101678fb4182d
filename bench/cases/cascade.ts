import type { Case, Outcome } from '../harness/case';
import { paired } from '../harness/pairs';
import { statement } from '../harness/sides';
import type { World } from '../harness/world';
import { rowCascade, transitionCascade } from '../peers';
import { fill, guitarRegions, twinRegions } from '../tables';

/** One parent is archived with its 100,000 children. */
export const cascade: Case = {
  name: 'cascade to 100k children',
  target: 1.2,
  run: (world) => edge(world, 'now()'),
};

/** And brought back with them. */
export const restore: Case = {
  name: 'restore of 100k children',
  target: 1.2,
  run: (world) => edge(world, 'NULL'),
};

async function edge(world: World, time: 'now()' | 'NULL'): Promise<Outcome> {
  guitarRegions(world);
  await world.sequelize.sync();
  await twinRegions(world, 'plain_regions', 'plain_cities');
  await twinRegions(world, 'row_regions', 'row_cities');
  await twinRegions(world, 'captured_regions', 'captured_cities');
  await world.sql(rowCascade('row_regions', 'row_cities'), transitionCascade('captured_regions', 'captured_cities'));
  await fill(world, ['regions', 'plain_regions', 'row_regions', 'captured_regions'], 100);
  await fill(world, ['cities', 'plain_cities', 'row_cities', 'captured_cities'], world.rows(100_000), '1');

  const set = (regions: string, to: string) =>
    `UPDATE ${regions} SET _deleted_at = ${to}, _updated_at = now() WHERE id = 1`;
  const both = (to: string) => `${set('plain_regions', to)};
    UPDATE plain_cities SET _deleted_at = ${to}, _updated_at = now()
    WHERE region_id = 1 AND _deleted_at IS ${to === 'NULL' ? 'NOT NULL' : 'NULL'}`;
  if (time === 'NULL') {
    await world.sql(
      set('regions', 'now()'),
      both('now()'),
      set('row_regions', 'now()'),
      set('captured_regions', 'now()'),
    );
    await world.settle(['regions', 'cities', 'plain_regions', 'plain_cities', 'row_cities', 'captured_cities']);
    await world.sql('ANALYZE');
  }
  const side = (prefix: string, sql: string) => statement(world, [`${prefix}regions`, `${prefix}cities`], sql);
  return paired(world, {
    ours: side('', set('regions', time)),
    without: side('plain_', both(time)),
    peers: {
      'row trigger, restore by time': side('row_', set('row_regions', time)),
      'transition tables, restore by time': side('captured_', set('captured_regions', time)),
    },
  });
}
