import { expect } from 'chai';
import { copyIn } from '../support/copy';
import { eachEngine, held, live, rows, sqlstate, useWorld } from './world';

eachEngine('X5 statements that worked before keep working', (engine) => {
  const world = useWorld(engine);
  const query = (sql: string) => world.db.sequelize.query(sql);
  beforeEach(async () => {
    await query(`INSERT INTO country (id, name) VALUES (1, 'a')`);
    await query(`INSERT INTO region (id, name, country_id) VALUES (1, 'r', 1), (2, 's', 1)`);
  });

  it('X5 INSERT … ON CONFLICT, with RETURNING', async () => {
    const [updated] = await query(
      `INSERT INTO region (id, name, country_id) VALUES (1, 'x', 1), (3, 'y', 1) ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name
       RETURNING id, name, _updated_at = now() AS stamped`,
    );
    expect(updated).to.deep.equal([
      { id: 1, name: 'x', stamped: true },
      { id: 3, name: 'y', stamped: true },
    ]);
    await query(`INSERT INTO region (id, name) VALUES (1, 'z') ON CONFLICT DO NOTHING`);
  });

  it('X5 COPY, believed where it says and filled where it does not', async () => {
    const client = await world.db.client();
    await copyIn(client, 'COPY region (id, name, country_id) FROM STDIN', '8\tcopied\t1\n9\tcopied\t\\N\n');
    await copyIn(
      client,
      'COPY city (id, name, region_id, _created_at, _deleted_at) FROM STDIN',
      '5\tcopied\t8\t2001-01-01 00:00:00+00\t2002-01-01 00:00:00+00\n',
    );
    const [row] = await rows(
      world.db.sequelize,
      `SELECT _created_at::text AS c, _deleted_at::text AS d FROM city WHERE id = 5`,
    );
    expect(row).to.deep.equal({ c: '2001-01-01 00:00:00+00', d: '2002-01-01 00:00:00+00' });
    await query('DELETE FROM country');
    expect(await live(world.db.sequelize, 'region')).to.equal(1);
    expect(await sqlstate(copyIn(client, 'COPY city (id, region_id) FROM STDIN', '7\t8\n'))).to.equal('23503');
  });

  it('X5 bulk updates, UPDATE … FROM, and a data-modifying WITH', async () => {
    await query(
      `UPDATE region SET name = v.name FROM (VALUES (1, 'p'), (2, 'q')) AS v(id, name) WHERE region.id = v.id`,
    );
    await query(
      `WITH touched AS (UPDATE region SET name = 'w' RETURNING id) INSERT INTO city (id, region_id) SELECT id, id FROM touched`,
    );
    expect(await live(world.db.sequelize, 'city')).to.equal(2);
  });

  it('X5 an UPDATE of a parent’s key reaches its children, archived ones too', async () => {
    await query('DELETE FROM region WHERE id = 2');
    await query('UPDATE country SET id = 7');
    const [links] = await query('SELECT array_agg(country_id) AS links FROM region');
    expect(links).to.deep.equal([{ links: [7, 7] }]);
  });

  const special = {
    'DELETE … RETURNING': 'DELETE FROM region WHERE id = 1 RETURNING id',
    'WITH … DELETE': 'WITH gone AS (DELETE FROM region WHERE id = 1 RETURNING id) SELECT * FROM gone',
    MERGE: 'MERGE INTO region USING (VALUES (1)) AS v(id) ON region.id = v.id WHEN MATCHED THEN DELETE',
  };
  for (const [what, sql] of Object.entries(special)) {
    it(`X5 ${what}: ${engine === 'rule' ? 'a loud error that loses nothing' : 'archives, RETURNING is empty'}`, async function () {
      if (what === 'MERGE' && world.db.server.versionNum < 150000) return this.skip(); // there is none before 15
      if (engine === 'rule') expect(await sqlstate(query(sql))).to.be.oneOf(['0A000', '42P10']);
      else expect((await query(sql))[0] ?? []).to.deep.equal([]);
      expect(await held(world.db.sequelize, 'region')).to.equal(2);
      expect(await live(world.db.sequelize, 'region')).to.equal(engine === 'rule' ? 2 : 1);
    });
  }
});
