import { expect } from 'chai';
import { eachEngine, held, live, useWorld } from './world';

eachEngine('X3 what a session sets weakens nothing', (engine) => {
  const world = useWorld(engine);
  const query = (sql: string) => world.db.sequelize.query(sql);
  beforeEach(async () => {
    await query(`INSERT INTO country (id, name) VALUES (1, 'a')`);
    await query(`INSERT INTO region (id, name, country_id) VALUES (1, 'r', 1)`);
  });

  it('X3 a search_path that shadows functions and operators of pg_catalog', async () => {
    const client = await world.db.client();
    await client.query(`
      CREATE SCHEMA evil;
      CREATE FUNCTION evil.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT '2001-01-01'::timestamptz $$;
      CREATE FUNCTION evil.current_setting(text, boolean) RETURNS text LANGUAGE sql AS $$ SELECT 'on' $$;
      CREATE FUNCTION evil.pg_trigger_depth() RETURNS integer LANGUAGE sql AS $$ SELECT 7 $$;
      CREATE FUNCTION evil.no(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT false $$;
      CREATE OPERATOR evil.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.no);
      CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.no)`);
    for (const path of ['evil, pg_catalog, app', 'evil, pg_catalog', 'pg_catalog']) {
      await client.query(`SET search_path = ${path}`);
      await client.query(`UPDATE app.country SET _updated_at = '2001-01-01', _created_at = '2001-01-01'`);
      await client.query('DELETE FROM app.country');
      await client.query('RESET search_path');
      const { rows } = await client.query(
        `SELECT c._deleted_at IS NOT NULL AND r._deleted_at = c._deleted_at AS archived,
          c._created_at > '2020-01-01' AND c._updated_at > '2020-01-01' AND c._deleted_at > '2020-01-01' AS honest
         FROM country c, region r`,
      );
      expect(rows).to.deep.equal([{ archived: true, honest: true }]);
      await client.query(`SET search_path = ${path}`);
      await client.query('UPDATE app.country SET _deleted_at = NULL');
      await client.query('RESET search_path');
      expect(await live(world.db.sequelize, 'region')).to.equal(1);
    }
    await client.query('DROP SCHEMA evil CASCADE');
  });

  it('X3 prepared statements that were planned before a door was opened or closed', async () => {
    const client = await world.db.client();
    const remove = (id: number) =>
      client.query({ name: 'remove', text: 'DELETE FROM country WHERE id = $1', values: [id] });
    for (let n = 0; n < 8; n++) await remove(100 + n);
    await client.query('BEGIN; SET LOCAL guitars.hard_delete = on');
    await remove(1);
    await client.query('ROLLBACK');
    await remove(1);
    expect([await live(world.db.sequelize, 'country'), await held(world.db.sequelize, 'country')]).to.deep.equal([
      0, 1,
    ]);
  });

  it('X3 every function of ours names its search_path or qualifies what it calls', async () => {
    const [loose] = await query(
      `SELECT proname FROM pg_proc WHERE pronamespace = 'guitars'::regnamespace AND prosecdef AND proconfig IS NULL`,
    );
    expect(loose).to.deep.equal([]);
  });
});
