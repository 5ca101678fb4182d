import { Country } from '../models';
import type { Stage } from '../stage';
import { tallyOf } from '../world';

/** The other way round: archived through the model, restored by a raw UPDATE. */
export async function ormDestroy(stage: Stage): Promise<void> {
  const { hero } = stage.cast;
  const own = tallyOf(stage.world, hero.code);
  stage.trace.scene('The other way round: archived through the model, restored by a raw UPDATE');
  const call = `Country.destroy({ where: { code: '${hero.code}' } })`;
  const count = await stage.orm(call, () => Country.destroy({ where: { code: hero.code } }));
  stage.check('guitar', 'countries that the destroy reports', 1, count);
  const archived = await stage.count('', `code = '${hero.code}' AND archived`);
  stage.check('guitar', `archived of ${hero.name} by the model`, own, archived);
  const orphans = await stage.count('', `code = '${hero.code}' AND NOT archived`);
  stage.check('guitar', `live orphans of ${hero.name}`, { country: 0, region: 0, city: 0 }, orphans);
  await stage.raw(`UPDATE country SET _deleted_at = NULL WHERE code = '${hero.code}'`);
  stage.check('guitar', 'live after the raw restore', tallyOf(stage.world), await stage.count('', 'NOT archived'));
}
