import { expect } from 'chai';
import { DataTypes, type Transaction } from 'sequelize';
import { audit, DefinitionError, InstallError, withEnforcementSuspended } from '../../lib';
import { eachEngine, held, live, refusal, rows, sqlstate, useWorld } from '../contract/world';

/** What is ours, and what is not, with its comment and when it fires. */
const CATALOG = `
  SELECT tgrelid::regclass || ' ' || tgname AS name, pg_get_triggerdef(oid) AS definition, tgenabled::text AS firing, obj_description(oid, 'pg_trigger') AS comment
    FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT ev_class::regclass || ' ' || rulename, pg_get_ruledef(oid), ev_enabled::text, obj_description(oid, 'pg_rewrite')
    FROM pg_rewrite WHERE rulename LIKE 'guitars%' ORDER BY name`;

eachEngine('withEnforcementSuspended', (engine) => {
  const world = useWorld(engine);
  const query = (sql: string, transaction?: Transaction) => world.db.sequelize.query(sql, { transaction });
  const catalog = () => rows(world.db.sequelize, CATALOG);
  const suspended = (fn: (transaction: Transaction) => Promise<unknown>, options = {}) => {
    const { Country, Region, City } = world.models;
    return withEnforcementSuspended(world.db.sequelize.getQueryInterface(), [Country, Region, City], fn, options);
  };
  const key = (table: string, column: string, type: string) =>
    `ALTER TABLE ${table} ALTER COLUMN ${column} TYPE ${type}`;

  it('alters a column that ours name, and leaves the catalog as it was', async () => {
    const before = await catalog();
    expect(await sqlstate(query(key('city', 'region_id', 'bigint')))).to.equal('0A000');
    const type = await suspended(async (transaction) => {
      const { City } = world.models;
      const options = { type: DataTypes.BIGINT, allowNull: true };
      await world.db.sequelize.getQueryInterface().changeColumn('city', 'region_id', options, { transaction });
      await query(key('region', 'id', 'bigint'), transaction);
      return City.name;
    });
    expect(type).to.equal('city');
    expect(await catalog()).to.deep.equal(before);
    expect((await audit(world.db.sequelize)).findings).to.deep.equal([]);
    await suspended(async (transaction) => {
      await query(key('city', 'region_id', 'int'), transaction);
      await query(key('region', 'id', 'int'), transaction);
    });
  });

  it('only ours are off, and the unique indexes and _deletion stay', async () => {
    await query(`CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER mine BEFORE UPDATE ON city FOR EACH ROW EXECUTE FUNCTION mine();
      CREATE RULE mine AS ON DELETE TO city WHERE false DO ALSO SELECT 1`);
    const mine = `SELECT oid, xmin FROM pg_trigger WHERE tgname = 'mine' UNION ALL SELECT oid, xmin FROM pg_rewrite WHERE rulename = 'mine'`;
    const columns = `SELECT attrelid::regclass::text, attnum FROM pg_attribute WHERE attname = '_deletion' AND attrelid::regclass::text IN ('city', 'region') ORDER BY 1`;
    const before = [await rows(world.db.sequelize, mine), await rows(world.db.sequelize, columns)];
    await suspended(async (transaction) => {
      const [found] = await query(
        `SELECT tgname AS name FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = 'city'::regclass
          UNION SELECT rulename FROM pg_rewrite WHERE ev_class = 'city'::regclass`,
        transaction,
      );
      expect(found).to.deep.equal([{ name: 'mine' }]);
    });
    expect([await rows(world.db.sequelize, mine), await rows(world.db.sequelize, columns)]).to.deep.equal(before);
    await query('DROP TRIGGER mine ON city; DROP RULE mine ON city');
  });

  it('what was switched off, or edited by hand, is so again', async () => {
    await query(`ALTER TABLE city DISABLE TRIGGER guitars_stamp; ALTER TABLE region ENABLE REPLICA TRIGGER guitars_cascade;
      ALTER TABLE country ENABLE ALWAYS TRIGGER guitars_truncate; COMMENT ON TRIGGER guitars_lock ON country IS 'it''s mine';
      CREATE OR REPLACE TRIGGER guitars_fill BEFORE INSERT ON city FOR EACH ROW WHEN (NEW.name = 'it''s \\edited') EXECUTE FUNCTION mine()`);
    if (engine === 'rule')
      await query(
        'ALTER TABLE city DISABLE RULE guitars_soft_delete; ALTER TABLE region ENABLE ALWAYS RULE guitars_soft_delete',
      );
    const before = await catalog();
    await suspended((transaction) => query(key('city', 'region_id', 'int'), transaction));
    expect(await catalog()).to.deep.equal(before);
    await world.db.sequelize.sync();
    expect((await audit(world.db.sequelize)).findings).to.deep.equal([]);
  });

  it('fn fails: nothing has happened', async () => {
    const before = await catalog();
    const failing = async (transaction: Transaction) => {
      await query('DROP TABLE fan; ALTER TABLE city DROP COLUMN region_id', transaction);
      throw new RangeError('mine');
    };
    expect(await refusal(suspended(failing))).to.be.instanceOf(RangeError);
    await world.db.sequelize.transaction(async (transaction) => {
      expect(await refusal(suspended(failing, { transaction }))).to.be.instanceOf(RangeError);
      await query(`INSERT INTO city (name) VALUES ('committed')`, transaction);
    });
    expect(await sqlstate(suspended((transaction) => query('SELECT nowhere', transaction)))).to.equal('42703');
    expect(await catalog()).to.deep.equal(before);
    expect(await live(world.db.sequelize, 'city')).to.equal(1);
  });

  it('a writer waits, and then meets what is enforced', async () => {
    await query(`INSERT INTO country (name) VALUES ('a'), ('b')`);
    const writer = await world.db.client();
    const observer = await world.db.client();
    let writing: Promise<unknown> | undefined;
    await suspended(async () => {
      writing = writer.query('DELETE FROM country');
      const { rows: blocked } = await observer.query('SELECT pg_backend_pid() AS pid');
      expect(blocked).to.have.length(1);
      for (let waiting = 0; waiting === 0; ) {
        const found = await observer.query(
          `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = 'country'::regclass`,
        );
        waiting = found.rows[0].n;
      }
      await observer.query(`SET lock_timeout = '20ms'`);
      for (const table of ['country', 'region', 'city'])
        expect(await sqlstate(observer.query(`INSERT INTO ${table} (name) VALUES ('x')`))).to.equal('55P03');
    });
    await writing;
    expect([await live(world.db.sequelize, 'country'), await held(world.db.sequelize, 'country')]).to.deep.equal([
      0, 2,
    ]);
  });

  it('a busy table: gives up after lockTimeout', async () => {
    const client = await world.db.client();
    await client.query('BEGIN; LOCK TABLE region IN ROW EXCLUSIVE MODE');
    const error = await refusal(suspended(async () => expect.fail('ran'), { lockTimeout: 50 }));
    expect(error).to.be.instanceOf(InstallError);
    expect(error.message).to.match(/locked by another transaction.*Nothing was changed/s);
    await client.query('ROLLBACK');
  });

  it('an aborted transaction is refused, before and after fn', async () => {
    const before = await catalog();
    for (const inside of [false, true]) {
      const transaction = await world.db.sequelize.transaction();
      const spoil = () => query('SELECT nowhere', transaction).catch(() => undefined);
      if (!inside) await spoil();
      const error = await refusal(suspended(async () => (inside ? spoil() : expect.fail('ran')), { transaction }));
      expect(error).to.be.instanceOf(InstallError);
      expect(error.message).to.match(/^The transaction is aborted: a statement in it has failed before/);
      await transaction.rollback();
      expect((await refusal(suspended(async () => 1, { transaction }))).message).to.match(/^The transaction is over/);
    }
    expect(await catalog()).to.deep.equal(before);
  });

  it('refuses no models and plain ones', async () => {
    const plain = world.db.sequelize.define('plain', {});
    const face = world.db.sequelize.getQueryInterface();
    for (const models of [[], [plain]])
      expect(await refusal(withEnforcementSuspended(face, models, async () => 1))).to.be.instanceOf(DefinitionError);
    world.db.sequelize.modelManager.removeModel(plain);
  });
});
