import pg from 'pg';
import { Sequelize } from 'sequelize';
import { defineGuitars } from './models';
import type { Check } from './outcome';
import { definePlain } from './plain';
import { SCENES } from './scenes';
import { Stage } from './stage';
import { Trace } from './trace';
import { castOf, type World } from './world';

/** Plays every scene on the database behind `url`; answers what was expected and what came. */
export async function play(url: string, world: World): Promise<Check[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // the query that is under way rejects as well
  const sequelize = new Sequelize(url, { logging: (sql) => stage.hear(sql) });
  const stage = new Stage(client, sequelize, new Trace(), world, castOf(world));
  try {
    await client.connect();
    defineGuitars(sequelize);
    definePlain(sequelize);
    for (const scene of SCENES) await scene(stage);
    return stage.checks;
  } finally {
    await client.end();
    await sequelize.close();
  }
}
