import type { Sequelize } from 'sequelize';
import { install } from '../../../../lib';
import { createCycle, defineLinks } from './links';
import { createOdd, defineOdd } from './odd';
import { createPartitioned, definePartitioned } from './partitioned';
import { defineDeclared } from './triggers';
import { defineTypes } from './types';
import { defineVersioned } from './versioned';

/** Everything that the library can install, under both engines, each in a schema of its name; the rest in `app`. */
export const ENGINES = ['rule', 'trigger'] as const;
export const SCHEMAS = ['app', 'rule', 'trigger', 'Ödd "schéma" $1'] as const;

/** The models of the world, on a connection. */
export function define(sequelize: Sequelize) {
  const models = ordinary(sequelize);
  defineOdd(sequelize, SCHEMAS[3]);
  return models;
}

export type World = ReturnType<typeof define>;

/** Those whose names Sequelize can write. */
function ordinary(sequelize: Sequelize) {
  definePartitioned(sequelize);
  return {
    linked: { rule: defineLinks(sequelize, 'rule'), trigger: defineLinks(sequelize, 'trigger') },
    versioned: { rule: defineVersioned(sequelize, 'rule'), trigger: defineVersioned(sequelize, 'trigger') },
    declared: defineDeclared(sequelize),
    types: defineTypes(sequelize),
  };
}

/** Makes the tables and what enforces them. */
export async function create(sequelize: Sequelize): Promise<World> {
  for (const schema of SCHEMAS) await sequelize.query(`CREATE SCHEMA IF NOT EXISTS "${schema.replaceAll('"', '""')}"`);
  await sequelize.query('CREATE EXTENSION IF NOT EXISTS citext SCHEMA public');
  const models = ordinary(sequelize);
  await createPartitioned(sequelize);
  // Parents are defined before their children, but for those of a cycle; of these Sequelize would alter all tables.
  for (const engine of ENGINES) await createCycle(sequelize, engine);
  for (const model of Object.values(sequelize.models)) await model.sync({ guitars: false });
  defineOdd(sequelize, SCHEMAS[3]);
  await createOdd(sequelize, SCHEMAS[3]);
  await install(sequelize);
  return models;
}
