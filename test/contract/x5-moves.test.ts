import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { Guitar, install } from '../../lib';
import { useDatabase } from '../support/database';
import { number, rows } from './world';

const TIMES = `_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz`;

describe('X5 rows that move to another partition', () => {
  const db = useDatabase();
  const query = (sql: string) => db.sequelize.query(sql);

  /** Pages that an UPDATE of n rows looked at. */
  async function pages(n: number, update: string): Promise<number> {
    await query('BEGIN; SET LOCAL guitars.hard_delete = on; TRUNCATE visit; COMMIT');
    await query(`INSERT INTO visit SELECT n, 1, 1 FROM generate_series(1, ${n}) AS n`);
    // As autovacuum does: the table has no pages then, and a new session plans by that.
    await query('VACUUM guitars.moving');
    const client = await db.client();
    const { rows } = await client.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${update}`);
    return rows[0]['QUERY PLAN'][0].Plan['Shared Hit Blocks'];
  }

  const left = () => number(db.sequelize, 'SELECT count(*) AS n FROM guitars.moving');

  before(async () => {
    await query(`CREATE TABLE visit (id int, day int, seen int, ${TIMES}, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
      CREATE TABLE visit_early PARTITION OF visit FOR VALUES FROM (0) TO (100);
      CREATE TABLE visit_late PARTITION OF visit FOR VALUES FROM (100) TO (200)`);
    class Visit extends Guitar(Model) {}
    const key = { type: DataTypes.INTEGER, primaryKey: true };
    Visit.init(
      { id: key, day: { ...key }, seen: DataTypes.INTEGER },
      { sequelize: db.sequelize, tableName: 'visit', guitar: { engine: 'trigger', partitionKey: ['day'] } },
    );
    await install(db.sequelize);
  });

  for (const [what, update] of [
    ['to another partition', 'UPDATE visit SET day = 150'],
    ['within their own', 'UPDATE visit SET day = 50'],
  ] as const) {
    it(`X5 many at once cost in proportion: ${what}`, async () => {
      const [few, many] = [await pages(400, update), await pages(4000, update)];
      expect(many / few, `${few} pages, ${many} pages`).to.be.below(15);
      expect(await left()).to.equal(0);
    });
  }

  it('D3 through the open door no word is left either, which a DELETE might be taken for once it is closed', async () => {
    await query('BEGIN; SET LOCAL guitars.hard_delete = on; TRUNCATE visit; COMMIT');
    await query('INSERT INTO visit VALUES (1, 1, 1), (2, 1, 1)');
    await query('BEGIN; SET LOCAL guitars.hard_delete = on; UPDATE visit SET day = 150; COMMIT');
    expect(await left()).to.equal(0);
    // No statement trigger of ours is on a partition that came after the installation.
    await query('CREATE TABLE visit_new PARTITION OF visit FOR VALUES FROM (200) TO (300)');
    await query(`DO $$ BEGIN
      INSERT INTO visit VALUES (1, 201, 1);
      PERFORM set_config('guitars.hard_delete', 'on', true);
      UPDATE visit SET day = 1 WHERE day = 201;
      TRUNCATE visit_new;
      PERFORM set_config('guitars.hard_delete', 'off', true);
      INSERT INTO visit VALUES (2, 201, 1);
      DELETE FROM visit_new WHERE id = 2;
    END $$`);
    const kept = 'SELECT count(*) AS n FROM visit WHERE id = 2 AND _deleted_at IS NOT NULL';
    expect(await number(db.sequelize, kept)).to.equal(1);
    await query('BEGIN; SET LOCAL guitars.hard_delete = on; DROP TABLE visit_new; COMMIT');
  });

  it('X5 a foreign key that changes the key leaves no word behind either', async () => {
    await query('BEGIN; SET LOCAL guitars.hard_delete = on; TRUNCATE visit; COMMIT');
    await query(`CREATE TABLE day (n int PRIMARY KEY); INSERT INTO day VALUES (1), (2); INSERT INTO visit VALUES (1, 1, 1), (2, 2, 1);
      ALTER TABLE visit ADD CONSTRAINT visit_day_fkey FOREIGN KEY (day) REFERENCES day ON UPDATE CASCADE`);
    await query('UPDATE day SET n = n + 50 WHERE n = 1; UPDATE day SET n = n + 150 WHERE n = 2');
    const places = await rows(db.sequelize, 'SELECT tableoid::regclass::text AS place, day FROM visit ORDER BY day');
    expect(places).to.deep.equal([
      { place: 'visit_early', day: 51 },
      { place: 'visit_late', day: 152 },
    ]);
    expect(await left()).to.equal(0);
    await query('ALTER TABLE visit DROP CONSTRAINT visit_day_fkey');
  });

  it('X5 word of a move is not left behind, where a trigger changes the key or keeps the row, too', async () => {
    await query('BEGIN; SET LOCAL guitars.hard_delete = on; TRUNCATE visit; COMMIT');
    await query('INSERT INTO visit VALUES (1, 1, 1), (2, 1, 1), (3, 1, 1)');
    await query(`CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.day := NEW.seen; RETURN NEW; END';
      CREATE TRIGGER seen BEFORE UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION seen()`);
    await query('UPDATE visit SET seen = 2 WHERE id < 3');
    expect(await left(), 'a trigger that changes the key').to.equal(0);
    await query('UPDATE visit SET seen = 120 WHERE id = 3');
    expect(await left(), 'one that moves the row').to.equal(0);
    await query('DROP TRIGGER seen ON visit');
    await query(`CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER zzz BEFORE UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION keep()`);
    const client = await db.client();
    await client.query('UPDATE visit SET day = 150 WHERE id = 1');
    await client.query('DELETE FROM visit WHERE id = 2');
    expect(await left(), 'the next DELETE of the session finds it').to.equal(0);
    await query('DROP TRIGGER zzz ON visit');
  });
});
