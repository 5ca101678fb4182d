import type { Stage } from '../stage';
import { minus, tallyOf } from '../world';

/** A raw DELETE is one, and takes everything along. */
export async function plainDelete(stage: Stage): Promise<void> {
  const { hero } = stage.cast;
  const all = tallyOf(stage.world);
  const nothing = { country: 0, region: 0, city: 0 };
  stage.trace.scene(
    `Plain paranoid models: a raw DELETE of ${hero.name} removes it, its regions and its cities for good`,
  );
  await stage.raw(`DELETE FROM plain_country WHERE code = '${hero.code}'`);
  stage.check(
    'plain',
    `rows left of ${hero.name} (should be all)`,
    nothing,
    await stage.count('plain_', `code = '${hero.code}'`),
  );
  const left = minus(all, tallyOf(stage.world, hero.code));
  stage.check('plain', 'rows left in all (should be all)', left, await stage.count('plain_'));
}
