import { expect } from 'chai';
import { audit, install } from '../../lib';
import { useDatabase } from '../support/database';
import { dump, pgDumpServes, pipeDump, restore } from '../support/dump';
import { defineWorld, eachEngine, held, live, rows, sqlstate, useWorld } from './world';

const TABLES = ['country', 'region', 'city', 'club', 'fan'];
const OBJECTS = `
  SELECT 'trigger ' || tgname AS name, pg_get_triggerdef(oid) AS definition FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'rule ' || rulename, pg_get_ruledef(oid) FROM pg_rewrite WHERE rulename LIKE 'guitars%'
  UNION ALL SELECT 'function ' || proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'guitars'::regnamespace
  UNION ALL SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'app' ORDER BY name, definition`;

eachEngine('X2 dump and restore', (engine) => {
  const world = useWorld(engine);
  const copy = useDatabase();
  const query = (sql: string) => world.db.sequelize.query(sql);
  const contents = (sequelize: typeof world.db.sequelize) =>
    Promise.all(
      TABLES.map((table) => rows(sequelize, `SELECT to_jsonb(t)::text AS row FROM ${table} AS t ORDER BY id`)),
    );

  beforeEach(async () => {
    await query(`INSERT INTO country (id, name) VALUES (1, 'a'), (2, 'b')`);
    await query(`INSERT INTO region (id, name, country_id) VALUES (1, 'r', 1), (2, 's', 1), (3, 't', 2)`);
    await query('INSERT INTO city (id, region_id) SELECT n, 1 + n % 3 FROM generate_series(1, 30) AS n');
    await query('INSERT INTO fan (id, city_id) VALUES (1, 1), (2, 2)');
    await query('INSERT INTO club (id, city_id) VALUES (1, 2)');
    await query(
      `BEGIN; SET LOCAL guitars.keep_timestamps = on; UPDATE city SET _created_at = '2001-01-01 00:00:00.123456+00'; COMMIT`,
    );
    await query('DELETE FROM city WHERE id = 4');
    await query('DELETE FROM region WHERE id = 2');
    await query('DELETE FROM country WHERE id = 1');
  });
  afterEach(async () => {
    const admin = await copy.admin();
    await admin.query('DROP SCHEMA IF EXISTS guitars CASCADE; DROP SCHEMA app CASCADE; CREATE SCHEMA app');
    const { user } = new (await import('pg')).default.Client({ connectionString: copy.url });
    await admin.query(`ALTER SCHEMA app OWNER TO "${user}"`);
  });

  /** By pg_dump where there is one for this server, by what the catalog says where there is none. */
  const real = () => pgDumpServes(world.db.server.versionNum);

  it('X2 a dump reproduces rows, times and enforcement', async () => {
    if (real()) {
      await copy.sequelize.query('DROP SCHEMA app CASCADE');
      pipeDump(world.db.url, copy.url);
    } else {
      const { before, data, after } = await dump(world.db);
      const client = await copy.client();
      await restore(client, before, data);
      await restore(client, after);
    }
    expect(await contents(copy.sequelize)).to.deep.equal(await contents(world.db.sequelize));
    expect(await rows(copy.sequelize, OBJECTS)).to.deep.equal(await rows(world.db.sequelize, OBJECTS));
    const there = copy.connect();
    defineWorld(there, engine);
    expect((await audit(there)).findings).to.deep.equal([]);
    await there.query('UPDATE country SET _deleted_at = NULL WHERE id = 1');
    // Region 2 was archived apart, with its ten cities less one; city 4, in region 2 as well, earlier still.
    expect([await live(there, 'region'), await live(there, 'city')]).to.deep.equal([2, 20]);
    expect(await sqlstate(there.query('INSERT INTO city (id, region_id) VALUES (99, 2)'))).to.equal('23503');
    await there.query('DELETE FROM club');
    await there.query('DELETE FROM country');
    expect([await live(there, 'city'), await held(there, 'city')]).to.deep.equal([0, 30]);
  });

  it('X2 a data-only restore, with the triggers on, loses no time', async () => {
    const there = copy.connect();
    defineWorld(there, engine);
    await there.sync({ guitars: false });
    await install(there);
    if (real()) pipeDump(world.db.url, copy.url, '--data-only', '--schema=app');
    else await restore(await copy.client(), [], (await dump(world.db)).data);
    expect(await contents(there)).to.deep.equal(await contents(world.db.sequelize));
    await there.query('UPDATE country SET _deleted_at = NULL WHERE id = 1');
    expect([await live(there, 'region'), await live(there, 'city')]).to.deep.equal([2, 20]);
  });
});
