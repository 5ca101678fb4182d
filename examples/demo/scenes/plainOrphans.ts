import { PlainCity, PlainCountry } from '../plain';
import type { Stage } from '../stage';
import { minus, tallyOf } from '../world';

/** Archived by its model, a plain parent leaves its children live, and the database takes more of them. */
export async function plainOrphans(stage: Stage): Promise<void> {
  const { hero, early } = stage.cast;
  const region = `${hero.code}.demo`;
  stage.trace.scene(`The same on plain paranoid models: ${hero.name} is archived, what hangs on it is not`);
  await stage.orm(`PlainCity.destroy({ where: { id: ${early.id} } })`, () =>
    PlainCity.destroy({ where: { id: early.id } }),
  );
  await stage.orm(`PlainCountry.destroy({ where: { code: '${hero.code}' } })`, () =>
    PlainCountry.destroy({ where: { code: hero.code } }),
  );
  const orphans = await stage.count('plain_', `code = '${hero.code}' AND NOT archived`);
  const expected = minus(tallyOf(stage.world, hero.code), { country: 1, region: 0, city: 1 });
  stage.check('plain', `live orphans of ${hero.name} (should be none)`, expected, orphans);

  const inserted = await stage.attempt(
    `INSERT INTO plain_region VALUES ('${region}', '${hero.code}', now(), now()) RETURNING code, country_code`,
  );
  stage.check('plain', 'a region under the archived country (should be refused)', 'accepted', inserted);
  await stage.raw(`DELETE FROM plain_region WHERE code = '${region}'`);
}
