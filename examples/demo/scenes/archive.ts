import { Country } from '../models';
import type { Stage } from '../stage';
import { minus, tallyOf } from '../world';

/** A raw DELETE of a country archives it with all that hangs on it, and removes nothing. */
export async function archiveCountry(stage: Stage): Promise<void> {
  const { hero, early } = stage.cast;
  const all = tallyOf(stage.world);
  const own = tallyOf(stage.world, hero.code);
  stage.trace.scene(`A raw DELETE of ${hero.name}: the database archives it with its regions and cities`);
  await stage.raw(`DELETE FROM country WHERE code = '${hero.code}'`);
  const archived = await stage.count('', `code = '${hero.code}' AND archived`);
  stage.check('guitar', `archived of ${hero.name}, ${early.name} included`, own, archived);
  stage.check('guitar', 'live: the rest of the world', minus(all, own), await stage.count('', 'NOT archived'));
  stage.check('guitar', 'rows in the tables, as before', all, await stage.count(''));
  const found = await stage.orm(`Country.findByPk('${hero.code}')`, () => Country.findByPk(hero.code));
  stage.check('guitar', 'the model finds it among the live', false, found !== null);
  const kept = await stage.orm(
    `Country.archives.findByPk('${hero.code}')`,
    () => Country.archives.findByPk(hero.code),
    (country) => (country ? `isDeleted: ${country.isDeleted}` : 'null'),
  );
  stage.check('guitar', 'the model finds it in the archives', true, kept?.isDeleted);
}
