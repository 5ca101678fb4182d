import { expect } from 'chai';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { Guitar, InstallError, install } from '../../lib';
import { copyIn } from '../support/copy';
import { useDatabase } from '../support/database';
import { eachEngine, held, live, refusal, rows, sqlstate, useWorld } from './world';

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
    it(`X5 ${what}: ${engine === 'rule' ? 'a loud error that loses nothing' : 'archives, RETURNING is empty'}`, async () => {
      if (engine === 'rule') expect(await sqlstate(query(sql))).to.be.oneOf(['0A000', '42P10']);
      else expect((await query(sql))[0] ?? []).to.deep.equal([]);
      expect(await held(world.db.sequelize, 'region')).to.equal(2);
      expect(await live(world.db.sequelize, 'region')).to.equal(engine === 'rule' ? 2 : 1);
    });
  }
});

describe('X5 partitioned tables', () => {
  const db = useDatabase();
  const define = (sequelize: Sequelize, engine: 'rule' | 'trigger') => {
    class Owner extends Guitar(Model) {}
    class Event extends Guitar(Model) {}
    const init = (name: string) => ({ sequelize, modelName: name, tableName: name, guitar: { engine } });
    Owner.init({ name: DataTypes.TEXT }, init('owner'));
    Event.init({ id: { type: DataTypes.INTEGER, primaryKey: true }, owner_id: DataTypes.INTEGER }, init('event'));
    Event.belongsTo(Owner, { foreignKey: 'owner_id', onDelete: 'CASCADE' });
  };
  before(async () => {
    const times =
      '_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz';
    await db.sequelize.query(`CREATE TABLE owner (id serial PRIMARY KEY, name text, ${times})`);
    await db.sequelize.query(
      `CREATE TABLE event (id int PRIMARY KEY, owner_id int REFERENCES owner ON DELETE CASCADE, ${times}) PARTITION BY RANGE (id)`,
    );
    await db.sequelize.query('CREATE INDEX ON event (owner_id)');
    await db.sequelize.query('CREATE TABLE event_low PARTITION OF event FOR VALUES FROM (0) TO (100)');
    await db.sequelize.query('CREATE TABLE event_high PARTITION OF event FOR VALUES FROM (100) TO (200)');
  });

  it('X5 the rule engine refuses them, with the remedy', async () => {
    const sequelize = db.connect();
    define(sequelize, 'rule');
    const error = await refusal(install(sequelize));
    expect(error).to.be.instanceOf(InstallError);
    expect(error.message).to.match(/event.*partitioned.*engine: 'trigger'/s);
  });

  it('X5 the trigger engine archives through the table and through a partition, and routes rows', async () => {
    define(db.sequelize, 'trigger');
    await install(db.sequelize);
    const query = (sql: string) => db.sequelize.query(sql);
    await query(`INSERT INTO owner (id, name) VALUES (1, 'o')`);
    await query('INSERT INTO event (id, owner_id) SELECT n, 1 FROM generate_series(1, 199, 33) AS n');
    await query('DELETE FROM event WHERE id = 1');
    await query('DELETE FROM event_high WHERE id > 150');
    await query('UPDATE event SET id = id + 100 WHERE id = 34');
    expect([await live(db.sequelize, 'event'), await held(db.sequelize, 'event')]).to.deep.equal([4, 7]);
    await query('DELETE FROM owner');
    expect([await live(db.sequelize, 'event'), await held(db.sequelize, 'event')]).to.deep.equal([0, 7]);
    expect(await sqlstate(query('INSERT INTO event_low (id, owner_id) VALUES (2, 1)'))).to.equal('23503');
    await query('UPDATE owner SET _deleted_at = NULL');
    expect(await live(db.sequelize, 'event')).to.equal(4);
    await query('BEGIN; SET LOCAL guitars.hard_delete = on; DELETE FROM owner; COMMIT');
    expect(await held(db.sequelize, 'event')).to.equal(0);
  });
});
