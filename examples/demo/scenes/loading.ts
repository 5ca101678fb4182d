import { audit, plan } from '../../../lib';
import { censusView } from '../census';
import { load } from '../load';
import { COPIES } from '../plain';
import type { Stage } from '../stage';
import { tallyOf } from '../world';

/** Makes the six tables, loads three of them through the models, and copies them into the plain ones. */
export async function loading(stage: Stage): Promise<void> {
  const { sequelize, trace, world } = stage;
  trace.scene('The tables, and the data through the models');
  const start = performance.now();
  await sequelize.sync();
  const objects = plan(sequelize).objects.length;
  trace.exchange(
    'orm',
    'sequelize.sync()',
    `6 tables, ${objects} enforced objects on 3 of them`,
    performance.now() - start,
  );
  const { ok } = await stage.orm(
    'audit(sequelize)',
    () => audit(sequelize),
    (report) => `ok: ${report.ok}`,
  );
  stage.check('guitar', 'the audit finds the database as the models say', true, ok);

  trace.note('Country.bulkCreate(…), Region.bulkCreate(…), City.bulkCreate(…), 5,000 rows at a time:');
  await load(world);
  await stage.client.query(`${censusView('', '_deleted_at')}; ${censusView('plain_', '"deletedAt"')}`);
  const all = tallyOf(world);
  stage.check('guitar', 'rows loaded', all, await stage.count(''));

  trace.note('The same rows for plain Sequelize models with paranoid: true, in tables of their own:');
  for (const sql of COPIES) await stage.raw(sql);
  stage.check('plain', 'rows copied', all, await stage.count('plain_'));
  await stage.client.query('ANALYZE');
}
