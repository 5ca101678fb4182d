import { expect } from 'chai';
import { ForeignKeyConstraintError } from 'sequelize';
import { eachEngine, live, number, refusal, rows, useWorld } from './world';

eachEngine('F2 soft delete acts on dependants as the key says', (engine) => {
  const world = useWorld(engine);
  const query = (sql: string) => world.db.sequelize.query(sql);
  beforeEach(async () => {
    await query(`INSERT INTO country (id, name) VALUES (1, 'a'), (2, 'b')`);
    await query(`INSERT INTO region (id, name, country_id) VALUES (1, 'r', 1), (2, 's', 1), (3, 't', 2)`);
    await query(`INSERT INTO city (id, name, region_id) SELECT n, 'c', 1 + n % 3 FROM generate_series(1, 30) AS n`);
  });

  it('F2 CASCADE archives the live children, to any depth, with the parent’s own time', async () => {
    await query('DELETE FROM country WHERE id = 1');
    const counts = await Promise.all(['country', 'region', 'city'].map((table) => live(world.db.sequelize, table)));
    expect(counts).to.deep.equal([1, 1, 10]);
    const times = await rows(
      world.db.sequelize,
      `SELECT DISTINCT _deleted_at FROM (SELECT _deleted_at FROM country UNION ALL SELECT _deleted_at FROM region
        UNION ALL SELECT _deleted_at FROM city) AS all_rows WHERE _deleted_at IS NOT NULL`,
    );
    expect(times).to.have.length(1);
  });

  it('F2 whoever archives: raw DELETE, raw UPDATE, the ORM in bulk and one by one', async () => {
    const { Country, Region } = world.models;
    for (const archive of [
      () => query('UPDATE country SET _deleted_at = now() WHERE id = 1'),
      () => Country.destroy({ where: { id: 1 } }),
      async () => (await Country.findByPk(1))?.destroy(),
    ]) {
      await archive();
      expect(await Region.count()).to.equal(1);
      await Country.restore({ where: { id: 1 } });
      expect(await Region.count()).to.equal(3);
    }
  });

  it('F2 children archived earlier keep their own time', async () => {
    await query('DELETE FROM city WHERE id = 3');
    const [before] = await rows(
      world.db.sequelize,
      'SELECT _deleted_at::text AS d, _updated_at::text AS u FROM city WHERE id = 3',
    );
    await query('DELETE FROM country WHERE id = 1');
    const [after] = await rows(
      world.db.sequelize,
      'SELECT _deleted_at::text AS d, _updated_at::text AS u FROM city WHERE id = 3',
    );
    expect(after).to.deep.equal(before);
  });

  it('F2 RESTRICT with a live child is refused with 23503, naming the constraint; nothing is archived', async () => {
    await query('INSERT INTO club (city_id) VALUES (1)');
    for (const statement of ['DELETE FROM city WHERE id = 1', 'DELETE FROM country']) {
      const error = await refusal(query(statement));
      expect(error).to.be.instanceOf(ForeignKeyConstraintError);
      expect((error as ForeignKeyConstraintError).index).to.equal('club_city_id_fkey');
      expect(error.parent).to.include({ code: '23503', constraint: 'club_city_id_fkey', table: 'club' });
    }
    expect(await number(world.db.sequelize, 'SELECT count(*) AS n FROM city WHERE _deleted_at IS NULL')).to.equal(30);
    await query('DELETE FROM club');
    await query('DELETE FROM country');
    expect(await live(world.db.sequelize, 'city')).to.equal(0);
  });

  it('F2 SET NULL keeps the link, so that a restore loses nothing', async () => {
    await query('INSERT INTO fan (city_id) VALUES (1)');
    await query('DELETE FROM city WHERE id = 1');
    expect(await number(world.db.sequelize, 'SELECT city_id AS n FROM fan WHERE _deleted_at IS NULL')).to.equal(1);
  });

  it('F2 many parents in one statement', async () => {
    await query('DELETE FROM region');
    expect(await live(world.db.sequelize, 'city')).to.equal(0);
    expect(await world.models.Region.restore({ where: {} })).to.equal(3);
    expect(await live(world.db.sequelize, 'city')).to.equal(30);
  });
});
