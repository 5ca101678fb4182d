import { expect } from 'chai';
import { ForeignKeyConstraintError } from 'sequelize';
import { useDatabase } from '../support/database';
import { defineShape } from './shapes';
import { eachEngine, refusal, rows, sqlstate, useWorld, wipe } from './world';

eachEngine('R1 restore is exact', (engine) => {
  const world = useWorld(engine);
  const query = (sql: string) => world.db.sequelize.query(sql);
  const liveIds = async (table: string) =>
    (
      await rows<{ id: number }>(world.db.sequelize, `SELECT id FROM "${table}" WHERE _deleted_at IS NULL ORDER BY id`)
    ).map(({ id }) => id);
  beforeEach(async () => {
    await query(`INSERT INTO country (id, name) VALUES (1, 'a')`);
    await query(`INSERT INTO region (id, name, country_id) VALUES (1, 'r', 1), (2, 's', 1)`);
    await query(`INSERT INTO city (id, name, region_id) VALUES (1, 'x', 1), (2, 'y', 1), (3, 'z', 2), (4, 'w', 2)`);
  });
  const restoreCountry = () => query('UPDATE country SET _deleted_at = NULL WHERE id = 1');

  it('R1 it brings back the row and what its own deletion archived, not what was archived earlier', async () => {
    await query('DELETE FROM city WHERE id = 2');
    await query('DELETE FROM region WHERE id = 2');
    await query('DELETE FROM country');
    await restoreCountry();
    expect([await liveIds('region'), await liveIds('city')]).to.deep.equal([[1], [1]]);
    await query('UPDATE region SET _deleted_at = NULL WHERE id = 2');
    expect(await liveIds('city')).to.deep.equal([1, 3, 4]);
  });

  it('R1 also when both happened in one transaction', async () => {
    await query(`BEGIN; DELETE FROM city WHERE id = 2; DELETE FROM region WHERE id = 2; DELETE FROM country; COMMIT`);
    await restoreCountry();
    expect([await liveIds('region'), await liveIds('city')]).to.deep.equal([[1], [1]]);
  });

  it('R1 also within one transaction, and again and again', async () => {
    await query(`BEGIN; DELETE FROM city WHERE id = 2; DELETE FROM country; UPDATE country SET _deleted_at = NULL; DELETE FROM country;
      UPDATE country SET _deleted_at = NULL; COMMIT`);
    expect([await liveIds('region'), await liveIds('city')]).to.deep.equal([
      [1, 2],
      [1, 3, 4],
    ]);
  });

  it('R1 a row archived apart after it came back once stays archived', async () => {
    await query('DELETE FROM country');
    await restoreCountry();
    await query('DELETE FROM city WHERE id = 1');
    await query('DELETE FROM region WHERE id = 2');
    await query('DELETE FROM country');
    await restoreCountry();
    expect([await liveIds('region'), await liveIds('city')]).to.deep.equal([[1], [2]]);
  });

  it('R1 rows that were archived as roots in one statement come back one by one', async () => {
    await query('DELETE FROM region');
    await query('UPDATE region SET _deleted_at = NULL WHERE id = 1');
    expect(await liveIds('city')).to.deep.equal([1, 2]);
  });

  it('R1 nobody forges the mark of a deletion', async () => {
    await query('DELETE FROM city WHERE id = 2');
    await query('DELETE FROM country');
    await query('UPDATE city SET _deletion = (SELECT _deletion FROM country)');
    await query(`UPDATE city SET _deletion = NULL`);
    await restoreCountry();
    expect(await liveIds('city')).to.deep.equal([1, 3, 4]);
  });

  it('R1 archived rows may be edited meanwhile', async () => {
    await query('DELETE FROM country');
    await query(`UPDATE city SET name = 'edited', region_id = region_id`);
    await restoreCountry();
    expect(await liveIds('city')).to.deep.equal([1, 2, 3, 4]);
  });

  it('F3 restoring a child under an archived parent is refused with a clear error', async () => {
    await query('DELETE FROM country');
    const { City } = world.models;
    const city = await City.all.findByPk(1);
    const error = await refusal((city as InstanceType<typeof City>).restore());
    expect(error).to.be.instanceOf(ForeignKeyConstraintError);
    expect(error.message).to.match(/its parent in table "region" is archived/);
    expect(await sqlstate(City.restore({ where: {} }))).to.equal('23503');
  });

  it('F3 inserting a child under an archived parent, or pointing one at it: 23503', async () => {
    await query('DELETE FROM region WHERE id = 2');
    expect(await sqlstate(query(`INSERT INTO city (id, name, region_id) VALUES (9, 'n', 2)`))).to.equal('23503');
    expect(
      await sqlstate(
        query(`INSERT INTO city (id, name, region_id) SELECT 9 + r, 'n', r FROM (VALUES (1), (2)) AS v(r)`),
      ),
    ).to.equal('23503');
    expect(await sqlstate(query('UPDATE city SET region_id = 2 WHERE id = 1'))).to.equal('23503');
    await query(`INSERT INTO city (id, name, region_id, _deleted_at) VALUES (9, 'import', 2, now())`);
  });
});

eachEngine('R1 with more than one parent', (engine) => {
  const db = useDatabase();
  const query = (sql: string) => db.sequelize.query(sql);
  before(async () => {
    defineShape(db.sequelize, engine, {
      a: {},
      b: {},
      leaf: { a: ['a', 'CASCADE'], b: ['b', 'CASCADE'] },
    });
    await db.sequelize.sync();
  });
  afterEach(() => wipe(db.sequelize));

  it('R1 a restore that would leave a live row under another archived parent is refused as a whole', async () => {
    await query('INSERT INTO a (id) VALUES (1)');
    await query('INSERT INTO b (id) VALUES (1)');
    await query('INSERT INTO leaf (id, a, b) VALUES (1, 1, 1)');
    await query('DELETE FROM a');
    await query('DELETE FROM b');
    const error = await refusal(query('UPDATE a SET _deleted_at = NULL'));
    expect(error.parent).to.include({ code: '23503', table: 'leaf' });
    await query('UPDATE b SET _deleted_at = NULL');
    await query('UPDATE a SET _deleted_at = NULL');
    const [leaf] = await rows(db.sequelize, 'SELECT _deleted_at AS d FROM leaf');
    expect(leaf).to.deep.equal({ d: null });
  });
});
