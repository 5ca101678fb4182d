import type { Stage } from '../stage';

/** Raw UPDATEs that lie about the three times. */
export async function lies(stage: Stage): Promise<void> {
  const { bystander, other } = stage.cast;
  stage.trace.scene('Raw UPDATEs that lie about the times');
  const country = `WHERE code = '${bystander.code}'`;
  const before = await stage.row(`SELECT _created_at::text FROM country ${country}`);
  const after = await stage.row(
    `UPDATE country SET _created_at = '1970-01-01', _updated_at = '2099-12-31' ${country}
     RETURNING _created_at::text, _updated_at = now() AS updated_now`,
  );
  stage.check('guitar', '_created_at after a lie: as before', String(before._created_at), String(after._created_at));
  stage.check('guitar', '_updated_at after a lie: now()', true, after.updated_now as boolean);

  const city = `WHERE id = ${other.id}`;
  const archived = await stage.row(
    `UPDATE city SET _deleted_at = '1970-01-01' ${city} RETURNING _deleted_at::text, _deleted_at = now() AS deleted_now`,
  );
  stage.check('guitar', '_deleted_at made up: now()', true, archived.deleted_now as boolean);
  const moved = await stage.row(`UPDATE city SET _deleted_at = '2099-12-31' ${city} RETURNING _deleted_at::text`);
  stage.check('guitar', '_deleted_at moved: as before', String(archived._deleted_at), String(moved._deleted_at));
  const cleared = await stage.row(`UPDATE city SET _deleted_at = NULL ${city} RETURNING _deleted_at::text`);
  stage.check('guitar', '_deleted_at cleared: a restore', 'null', String(cleared._deleted_at));
}
