import { ForeignKeyConstraintError } from 'sequelize';
import { Region } from '../models';
import type { Stage } from '../stage';
import { tallyOf } from '../world';

/** Nothing live can be put under what is archived, by whatever way. */
export async function insertUnderArchived(stage: Stage): Promise<void> {
  const { hero, early } = stage.cast;
  const code = `${hero.code}.demo`;
  stage.trace.scene(`Inserts under ${hero.name}, which is archived`);
  const region = await stage.attempt(`INSERT INTO region (code, country_code) VALUES ('${code}', '${hero.code}')`);
  stage.check('guitar', 'a region under the archived country', '23503', region);
  const city = await stage.attempt(
    `INSERT INTO city (id, name, region_code, population) VALUES (-1, 'Nowhere', '${early.regionCode}', 0)`,
  );
  stage.check('guitar', 'a city under a region archived with it', '23503', city);
  const call = `Region.create({ code: '${code}', countryCode: '${hero.code}' })`;
  const create = () => Region.create({ code, countryCode: hero.code });
  const refused = await stage.orm(call, create).then(
    () => 'accepted',
    (error: unknown) => (error instanceof ForeignKeyConstraintError ? error.name : Promise.reject(error)),
  );
  stage.check('guitar', 'a region through the model', 'SequelizeForeignKeyConstraintError', refused);
  stage.check('guitar', 'rows in the tables, as before', tallyOf(stage.world), await stage.count(''));
}
