import { expect } from 'chai';
import { withHardDelete } from '../../lib';
import { eachEngine, held, live, rows, sqlstate, useWorld } from './world';

eachEngine('D deletes', (engine) => {
  const world = useWorld(engine);
  const query = (sql: string) => world.db.sequelize.query(sql);
  const seed = () => query(`INSERT INTO country (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c')`);

  it('D1 a DELETE on a live row archives it; on an archived row it does nothing', async () => {
    await seed();
    await query('DELETE FROM country WHERE id = 1');
    const [first] = await rows(
      world.db.sequelize,
      'SELECT _deleted_at::text, _updated_at::text FROM country WHERE id = 1',
    );
    await query('DELETE FROM country WHERE id = 1');
    const [second] = await rows(
      world.db.sequelize,
      'SELECT _deleted_at::text, _updated_at::text FROM country WHERE id = 1',
    );
    expect(second).to.deep.equal(first);
    expect([await live(world.db.sequelize, 'country'), await held(world.db.sequelize, 'country')]).to.deep.equal([
      2, 3,
    ]);
  });

  it('D1 holds for DELETE … USING, with a subquery, and for prepared statements', async () => {
    await seed();
    await query('DELETE FROM country USING (VALUES (1)) AS v(id) WHERE country.id = v.id');
    await query('DELETE FROM country WHERE id IN (SELECT max(id) FROM country)');
    const client = await world.db.client();
    await client.query({ name: 'delete-one', text: 'DELETE FROM country WHERE id = $1', values: [2] });
    expect([await live(world.db.sequelize, 'country'), await held(world.db.sequelize, 'country')]).to.deep.equal([
      0, 3,
    ]);
  });

  it('D2 the ORM reports how many rows went from live to archived, and the database’s own times', async () => {
    await seed();
    const { Country } = world.models;
    expect(await Country.destroy({ where: { id: [1, 2] } })).to.equal(2);
    expect(await Country.destroy({ where: {} })).to.equal(1);
    expect(await Country.destroy({ where: {} })).to.equal(0);
    expect(await Country.restore({ where: { id: 3 } })).to.equal(1);
    const country = await Country.findByPk(3, { rejectOnEmpty: true });
    await country.destroy();
    const [row] = await rows<{ d: Date; u: Date }>(
      world.db.sequelize,
      'SELECT _deleted_at AS d, _updated_at AS u FROM country WHERE id = 3',
    );
    expect([country.deletedAt, country.updatedAt]).to.deep.equal([row?.d, row?.u]);
  });

  it('D3 nothing closes open: unset, empty, other and rolled-back settings keep the row', async () => {
    await seed();
    const client = await world.db.client();
    for (const value of ['', 'off', 'true', 'ON ', 'yes']) {
      await client.query(`BEGIN; SET LOCAL guitars.hard_delete = '${value}'; DELETE FROM country WHERE id = 1; COMMIT`);
    }
    await client.query('BEGIN; SET LOCAL guitars.hard_delete = on; ROLLBACK');
    await client.query('DELETE FROM country WHERE id = 2');
    await client.query(
      'BEGIN; SAVEPOINT s; SET LOCAL guitars.hard_delete = on; ROLLBACK TO s; DELETE FROM country WHERE id = 3; COMMIT',
    );
    expect([await live(world.db.sequelize, 'country'), await held(world.db.sequelize, 'country')]).to.deep.equal([
      0, 3,
    ]);
  });

  it('D4 TRUNCATE is refused, also by CASCADE from a parent, except through the door', async () => {
    await seed();
    expect(await sqlstate(query('TRUNCATE city CASCADE'))).to.equal('23001');
    await query('CREATE TABLE continent (id int PRIMARY KEY)');
    await query('ALTER TABLE country ADD COLUMN continent_id int REFERENCES continent');
    expect(await sqlstate(query('TRUNCATE continent CASCADE'))).to.equal('23001');
    expect(await held(world.db.sequelize, 'country')).to.equal(3);
    await world.db.sequelize.transaction((transaction) =>
      withHardDelete(transaction, () => world.db.sequelize.query('TRUNCATE continent CASCADE', { transaction })),
    );
    expect(await held(world.db.sequelize, 'country')).to.equal(0);
    await query('ALTER TABLE country DROP COLUMN continent_id');
  });

  it('D5 hard delete removes the row and the cascade children that the database’s keys remove', async () => {
    await seed();
    await query(`INSERT INTO region (id, name, country_id) VALUES (1, 'r', 1), (2, 's', 2)`);
    await query(`INSERT INTO city (id, name, region_id) VALUES (1, 'x', 1), (2, 'y', 1), (3, 'z', 2)`);
    await query('DELETE FROM city WHERE id = 2');
    const { Country } = world.models;
    expect(await Country.hardDelete({ where: { id: 1 } })).to.equal(1);
    const counts = await Promise.all(['country', 'region', 'city'].map((table) => held(world.db.sequelize, table)));
    expect(counts).to.deep.equal([2, 1, 1]);
    const two = await Country.findByPk(2, { rejectOnEmpty: true });
    await two.destroy();
    await two.hardDelete();
    expect(await held(world.db.sequelize, 'city')).to.equal(0);
  });
});
