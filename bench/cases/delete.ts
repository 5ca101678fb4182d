import type { Engine } from '../../lib';
import type { Case, Outcome } from '../harness/case';
import { paired } from '../harness/pairs';
import { statement } from '../harness/sides';
import type { World } from '../harness/world';
import { naiveDelete, naiveRule } from '../peers';
import { fill, guitarCities, twin } from '../tables';

/** A raw DELETE of every other row, by the default engine. */
export const deleteByRule: Case = {
  name: 'raw bulk DELETE, rule',
  target: 1.2,
  run: (world) => half(world, 'rule', { 'rule without a door': naiveRule }),
};

/** The same by the other engine. */
export const deleteByTrigger: Case = {
  name: 'raw bulk DELETE, trigger',
  run: (world) => half(world, 'trigger', { 'row trigger that returns NULL (naive)': naiveDelete }),
};

async function half(
  world: World,
  engine: Engine,
  designs: Record<string, (table: string) => string>,
): Promise<Outcome> {
  guitarCities(world, 'cities', { engine });
  await world.sequelize.sync();
  await twin(world, 'plain', 'cities');
  const rows = world.rows(100_000);
  await fill(world, ['cities', 'plain'], rows);
  const remove = (table: string) => statement(world, [table], `DELETE FROM ${table} WHERE id % 2 = 0`);
  const peers: Record<string, ReturnType<typeof remove>> = {};
  for (const [n, [name, design]] of Object.entries(designs).entries()) {
    await twin(world, `peer_${n}`, 'cities');
    await world.sql(design(`peer_${n}`));
    await fill(world, [`peer_${n}`], rows);
    peers[name] = remove(`peer_${n}`);
  }
  const byHand = (table: string) =>
    statement(
      world,
      [table],
      `UPDATE ${table} SET _deleted_at = now(), _updated_at = now() WHERE id % 2 = 0 AND _deleted_at IS NULL`,
    );
  // What the DELETE pays for T2, and not for being a DELETE.
  peers['that UPDATE under this library'] = byHand('cities');
  return paired(world, { ours: remove('cities'), without: byHand('plain'), peers });
}
