import type { Stage } from '../stage';

/** Whatever a client says of the times is believed. */
export async function plainLies(stage: Stage): Promise<void> {
  const { bystander, other } = stage.cast;
  stage.trace.scene('Plain paranoid models: raw UPDATEs that lie about the times are believed');
  const country = await stage.row(
    `UPDATE plain_country SET "createdAt" = '1970-01-01', "updatedAt" = '2099-12-31' WHERE code = '${bystander.code}'
     RETURNING "createdAt"::date::text, "updatedAt"::date::text`,
  );
  stage.check('plain', 'createdAt after a lie (should be kept)', '1970-01-01', String(country.createdAt));
  stage.check('plain', 'updatedAt after a lie (should be now)', '2099-12-31', String(country.updatedAt));
  const city = await stage.row(
    `UPDATE plain_city SET "deletedAt" = '1970-01-01' WHERE id = ${other.id} RETURNING "deletedAt"::date::text`,
  );
  stage.check('plain', 'deletedAt made up (should be now)', '1970-01-01', String(city.deletedAt));
}
