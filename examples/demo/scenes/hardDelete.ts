import { Country } from '../models';
import type { Stage } from '../stage';
import { minus, tallyOf } from '../world';

/** A hard delete is asked for by name, and then it is one. */
export async function hardDelete(stage: Stage): Promise<void> {
  const { doomed, bystander } = stage.cast;
  const all = tallyOf(stage.world);
  const own = tallyOf(stage.world, doomed.code);
  const nothing = { country: 0, region: 0, city: 0 };
  stage.trace.scene(`A hard delete of ${doomed.name}, which is asked for by name`);
  const call = `Country.hardDelete({ where: { code: '${doomed.code}' } })`;
  const count = await stage.orm(call, () => Country.hardDelete({ where: { code: doomed.code } }));
  stage.check('guitar', 'countries that the hard delete reports', 1, count);
  stage.check('guitar', `rows left of ${doomed.name}`, nothing, await stage.count('', `code = '${doomed.code}'`));
  stage.check('guitar', 'rows left in all, none archived', minus(all, own), await stage.count('', 'NOT archived'));

  stage.trace.note('The same in SQL, through the door of one transaction; after it the door is closed:');
  const second = tallyOf(stage.world, bystander.code);
  await stage.raw('BEGIN');
  await stage.raw('SET LOCAL guitars.hard_delete = on');
  await stage.raw(`DELETE FROM city WHERE id = ${stage.cast.other.id}`);
  await stage.raw('COMMIT');
  await stage.raw(`DELETE FROM country WHERE code = '${bystander.code}'`);
  const gone = { country: 0, region: 0, city: 1 };
  const archived = await stage.count('', `code = '${bystander.code}' AND archived`);
  stage.check('guitar', `archived of ${bystander.name}, but ${stage.cast.other.name}`, minus(second, gone), archived);
}
