import type { Case } from '../harness/case';
import { paired } from '../harness/pairs';
import { statement } from '../harness/sides';
import { alwaysFill } from '../peers';
import { fill, guitarCities, insertion, twin } from '../tables';

/** An INSERT … SELECT into a table without soft-deletable parents. */
export const insert: Case = {
  name: 'INSERT',
  target: 1.05,
  async run(world) {
    guitarCities(world, 'cities');
    await world.sequelize.sync();
    for (const table of ['plain', 'always']) await twin(world, table, 'cities');
    await world.sql(alwaysFill('always'));
    await fill(world, ['cities', 'plain', 'always'], 1000);
    const rows = world.rows(100_000);
    const add = (table: string) => statement(world, [table], insertion(table, rows, undefined, 1000));
    return paired(world, {
      ours: add('cities'),
      without: add('plain'),
      peers: { 'row trigger that sets the times': add('always') },
    });
  },
};
