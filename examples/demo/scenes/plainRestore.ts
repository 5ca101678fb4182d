import { Op } from 'sequelize';
import { PlainCity, PlainCountry, PlainRegion } from '../plain';
import type { Stage } from '../stage';
import { tallyOf } from '../world';

/** Cascade and restore by hand, as applications do it: nothing says who went with whom. */
export async function plainRestore(stage: Stage): Promise<void> {
  const { hero, early } = stage.cast;
  const { code } = hero;
  const regions = { where: { countryCode: code } };
  const cities = { where: { regionCode: { [Op.startsWith]: `${code}.` } } };
  const hint = `{ where: { regionCode: { [Op.startsWith]: '${code}.' } } }`;
  stage.trace.scene(`Plain paranoid models, cascade and restore by hand: ${early.name} comes back uncalled`);
  await stage.orm(`PlainRegion.destroy({ where: { countryCode: '${code}' } })`, () => PlainRegion.destroy(regions));
  await stage.orm(`PlainCity.destroy(${hint})`, () => PlainCity.destroy(cities));
  await stage.orm(`PlainCountry.restore({ where: { code: '${code}' } })`, () =>
    PlainCountry.restore({ where: { code } }),
  );
  await stage.orm(`PlainRegion.restore({ where: { countryCode: '${code}' } })`, () => PlainRegion.restore(regions));
  await stage.orm(`PlainCity.restore(${hint})`, () => PlainCity.restore(cities));
  const live = await stage.count('plain_', `code = '${code}' AND NOT archived`);
  stage.check(
    'plain',
    `live of ${hero.name}, ${early.name} too (should stay archived)`,
    tallyOf(stage.world, code),
    live,
  );
}
