import { expect } from 'chai';
import { eachEngine, held, live, number, sqlstate, useWorld } from './world';

eachEngine('F3 no live orphan, whatever else writes to the parent', (engine) => {
  const world = useWorld(engine);
  const query = (sql: string) => world.db.sequelize.query(sql);
  beforeEach(async () => {
    await query(`INSERT INTO country (id, name) VALUES (1, 'live'), (2, 'archived')`);
    await query(`INSERT INTO region (id, name, country_id) VALUES (1, 'r', 1)`);
    await query('DELETE FROM country WHERE id = 2');
  });

  it('F3 a trigger of somebody’s own that archives the row after guitars_stamp is told so', async () => {
    await query(`CREATE FUNCTION close() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.name = 'closed' THEN NEW._deleted_at := '2001-01-01'; END IF; RETURN NEW; END $$`);
    await query('CREATE TRIGGER set_deleted BEFORE UPDATE ON country FOR EACH ROW EXECUTE FUNCTION close()');
    expect(await sqlstate(query(`UPDATE country SET name = 'closed' WHERE id = 1`))).to.equal('27000');
    expect(await live(world.db.sequelize, 'region')).to.equal(1);
    await query('ALTER TRIGGER set_deleted ON country RENAME TO a_set_deleted');
    await query(`UPDATE country SET name = 'closed' WHERE id = 1`);
    expect(await live(world.db.sequelize, 'region')).to.equal(0);
    expect(
      await number(world.db.sequelize, `SELECT count(*) AS n FROM country WHERE _deleted_at < '2002-01-01'`),
    ).to.equal(0);
    await query(`UPDATE country SET name = 'open', _deleted_at = NULL WHERE id = 1`);
    expect(await live(world.db.sequelize, 'region')).to.equal(1);
    await query('DROP FUNCTION close CASCADE');
  });

  it('F3 an archived row cannot take the key that a live child refers to', async () => {
    await query('ALTER TABLE region DROP CONSTRAINT region_country_id_fkey');
    await query(
      'ALTER TABLE region ADD CONSTRAINT region_country_id_fkey FOREIGN KEY (country_id) REFERENCES country ON DELETE CASCADE',
    );
    const swap = 'UPDATE country SET id = CASE id WHEN 1 THEN 3 ELSE 1 END';
    expect(await sqlstate(query(swap))).to.equal('23503');
    await query('DELETE FROM region');
    await query(swap);
    expect([await live(world.db.sequelize, 'country'), await held(world.db.sequelize, 'country')]).to.deep.equal([
      1, 2,
    ]);
  });
});
