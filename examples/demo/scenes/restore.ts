import { Country } from '../models';
import type { Stage } from '../stage';
import { fingerprint, minus, tallyOf } from '../world';

/** A restore brings back what the country's deletion took, and not the city that had gone before. */
export async function restoreCountry(stage: Stage): Promise<void> {
  const { cast, world } = stage;
  const { hero, early } = cast;
  const one = { country: 0, region: 0, city: 1 };
  const when = `SELECT _deleted_at::text FROM city WHERE id = ${early.id}`;
  stage.trace.scene(`${hero.name} is restored: exactly what went with it comes back`);
  const before = await stage.row(when);
  const call = `Country.restore({ where: { code: '${hero.code}' } })`;
  const restored = await stage.orm(call, () => Country.restore({ where: { code: hero.code } }));
  stage.check('guitar', 'countries that the restore reports', 1, restored);
  const own = await stage.count('', `code = '${hero.code}' AND NOT archived`);
  stage.check('guitar', `live of ${hero.name} again`, minus(tallyOf(world, hero.code), one), own);
  stage.check('guitar', `archived: ${early.name} alone`, one, await stage.count('', 'archived'));
  const after = await stage.row(when);
  stage.check('guitar', `${early.name} was archived at`, String(before._deleted_at), String(after._deleted_at));

  const live = await stage.row(
    `SELECT md5(string_agg(id::text, ',' ORDER BY id)) AS ids FROM city WHERE _deleted_at IS NULL`,
  );
  const ids = world.cities.map(({ id }) => id).filter((id) => id !== early.id);
  stage.check('guitar', 'MD5 of the ids of all live cities', fingerprint(ids), String(live.ids));

  await stage.raw(`UPDATE city SET _deleted_at = NULL WHERE id = ${early.id}`);
  stage.check('guitar', `live, with ${early.name} restored too`, tallyOf(world), await stage.count('', 'NOT archived'));
}
