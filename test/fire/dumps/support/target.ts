import type { Sequelize } from 'sequelize';
import { switchObjects } from '../../../../lib/enforcement/objects/change';
import type { PostgresServer } from '../../../support/server';
import { create, define, type World } from '../world';
import { fill } from '../world/rows';
import { asAdmin } from './between';
import type { Form } from './forms';

/** What `guitars disable` and `enable` are told. */
const DECLARED = { models: ['invoice'], names: ['guitars__*'] };

/** Brings a new database to where a form's restore begins. */
export async function prepared(
  sequelize: Sequelize,
  server: PostgresServer,
  database: string,
  { onto = 'nothing', superuser }: Form,
): Promise<World> {
  if (onto === 'nothing') {
    await asAdmin(server, database, 'DROP SCHEMA app');
    return define(sequelize);
  }
  const models = await create(sequelize);
  if (onto === 'world') {
    await fill(sequelize, models);
    await sequelize.query('DELETE FROM rule.fan');
    await sequelize.query(`INSERT INTO app.plain (name) VALUES ('later')`);
  } else if (!superuser) {
    // Declared triggers would judge states, and write, as if the rows were new; whoever owns the tables may switch them off.
    await switchObjects(sequelize, DECLARED, 'DISABLE');
  }
  return models;
}

/** Takes back what was done for the restore alone. */
export async function restored(sequelize: Sequelize, { onto, superuser }: Form): Promise<void> {
  if (onto === 'enforced' && !superuser) await switchObjects(sequelize, DECLARED, 'ENABLE');
}
