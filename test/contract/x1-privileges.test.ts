import { expect } from 'chai';
import { eachEngine, held, live, number, rows, sqlstate, useWorld } from './world';

eachEngine('X1 nothing needs a superuser, an extension or a setting', (engine) => {
  const world = useWorld(engine);

  it('X1 what these tests run as is an ordinary role, on a server with nothing added', async () => {
    const { sequelize } = world.db;
    const [role] = await rows(
      sequelize,
      `SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = current_user`,
    );
    expect(Object.values(role ?? {})).to.deep.equal([false, false, false, false, false]);
    expect(await rows(sequelize, 'SELECT extname FROM pg_extension')).to.deep.equal([{ extname: 'plpgsql' }]);
    const settings = `SELECT count(*) AS n FROM pg_settings WHERE name LIKE 'guitars%' OR (name LIKE '%preload_libraries' AND setting <> '')`;
    expect(await number(sequelize, settings)).to.equal(0);
  });

  it('X1 a role with rights on the tables alone writes under all of it', async () => {
    const { sequelize } = world.db;
    const admin = await world.db.admin();
    const role = `writer_${engine}_${world.db.name}`;
    await admin.query(`CREATE ROLE "${role}"`);
    const app = new URL(world.db.url).username;
    try {
      await admin.query(`GRANT "${role}" TO "${app}"`);
      await sequelize.query(`GRANT USAGE ON SCHEMA app TO "${role}"`);
      await sequelize.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO "${role}"`);
      await sequelize.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA app TO "${role}"`);
      const client = await world.db.client();
      await client.query(`SET ROLE "${role}"`);
      await client.query(`INSERT INTO country (id, name) VALUES (1, 'a')`);
      await client.query(`INSERT INTO region (id, name, country_id) VALUES (1, 'r', 1)`);
      await client.query('INSERT INTO city (region_id) VALUES (1), (1)');
      await client.query(`UPDATE city SET _updated_at = '2001-01-01'`);
      expect(await number(sequelize, `SELECT count(*) AS n FROM city WHERE _updated_at < '2002-01-01'`)).to.equal(0);
      await client.query('DELETE FROM country');
      expect([await live(sequelize, 'city'), await held(sequelize, 'city')]).to.deep.equal([0, 2]);
      await client.query('UPDATE country SET _deleted_at = NULL');
      expect(await live(sequelize, 'city')).to.equal(2);
      for (const level of ['REPEATABLE READ', 'SERIALIZABLE']) {
        await client.query(
          `BEGIN ISOLATION LEVEL ${level}; INSERT INTO city (region_id) VALUES (1); DELETE FROM region; ROLLBACK`,
        );
      }
      expect(await sqlstate(client.query('ALTER TABLE city DISABLE TRIGGER USER'))).to.equal('42501');
      expect(await sqlstate(client.query('DELETE FROM guitars.archive_queue'))).to.equal('42501');
      await client.query('BEGIN; SET LOCAL guitars.hard_delete = on; DELETE FROM country; COMMIT');
      expect(await held(sequelize, 'city')).to.equal(0);
      await client.query('RESET ROLE');
    } finally {
      await admin.query(`DROP OWNED BY "${role}"; DROP ROLE "${role}"`);
    }
  });
});
