import type { Case, Outcome } from '../harness/case';
import { paired } from '../harness/pairs';
import { statement } from '../harness/sides';
import type { World } from '../harness/world';
import { stampWhenForgotten, transitionCascade } from '../peers';
import { fill, guitarRegions, twinRegions } from '../tables';

/**
 * An UPDATE of parents that archives none of them: what a cascade costs those who do not use it. Any BEFORE UPDATE row
 * trigger makes PostgreSQL lock each row first, so T2 has its price before there is a cascade: here both sides pay it.
 */
export const parentUpdate: Case = {
  name: 'UPDATE of parents, what the cascade adds to the times',
  target: 1.05,
  run: (world) => update(world, true),
};

/** The same with the price of T2 in it. */
export const parentUpdateInAll: Case = {
  name: 'UPDATE of parents, against a table without triggers',
  run: (world) => update(world, false),
};

async function update(world: World, timed: boolean): Promise<Outcome> {
  guitarRegions(world);
  await world.sequelize.sync();
  for (const design of ['plain', 'captured']) {
    await twinRegions(world, `${design}_regions`, `${design}_cities`);
    if (timed) await world.sql(stampWhenForgotten(`${design}_regions`));
  }
  await world.sql(transitionCascade('captured_regions', 'captured_cities'));
  await fill(world, ['regions', 'plain_regions', 'captured_regions'], world.rows(100_000));
  await fill(world, ['cities', 'plain_cities', 'captured_cities'], 1000, 'id');
  const side = (table: string) =>
    statement(world, [table], `UPDATE ${table} SET population = population + 1, _updated_at = now()`);
  return paired(world, {
    ours: side('regions'),
    without: side('plain_regions'),
    peers: { 'cascade by transition tables, old and new': side('captured_regions') },
  });
}
