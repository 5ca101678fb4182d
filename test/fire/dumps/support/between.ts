import type pg from 'pg';
import { Sequelize } from 'sequelize';
import { type PostgresServer, startCluster } from '../../../support/server';
import { create, type World } from '../world';
import { fill } from '../world/rows';
import type { Cursors } from './behaviour';
import { type Picture, picture } from './picture';
import { asked } from './programs';

const FAST = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };

/** A pool whose names are looked for where the world's are. */
export const open = (url: string) =>
  new Sequelize(url, { logging: false, dialectOptions: { options: '-c search_path=app,public' } });

/** A server of a major version, of this test's alone. */
export const serverOf = (major: string) => startCluster({ ...asked(major), settings: FAST });

/** A world that is to be dumped. */
export interface Source {
  readonly server: PostgresServer;
  readonly database: string;
  readonly url: string;
  readonly picture: Picture;
  readonly cursors: Cursors;
}

/** Makes a world on a server, fills it, and looks at it. */
export async function source(server: PostgresServer): Promise<Source> {
  const database = await server.createDatabase();
  const url = server.url(database);
  const sequelize = open(url);
  try {
    const models = await create(sequelize);
    await fill(sequelize, models);
    const cursorOf = ({ versioned }: World, engine: 'rule' | 'trigger') => versioned[engine].Article.cursor();
    const cursors = { rule: await cursorOf(models, 'rule'), trigger: await cursorOf(models, 'trigger') };
    return { server, database, url, picture: await picture(sequelize), cursors };
  } finally {
    await sequelize.close();
  }
}

/** Runs SQL as the administrator of a database. */
export async function asAdmin(server: PostgresServer, database: string, ...statements: string[]): Promise<void> {
  const { default: driver } = await import('pg');
  const client: pg.Client = new driver.Client({ connectionString: server.url(database, 'admin') });
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}
