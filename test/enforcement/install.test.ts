import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { audit, Guitar, InstallError, install, plan, uninstall } from '../../lib';
import { refuseOlderThan14 } from '../../lib/enforcement/session';
import { defineWorld, eachEngine, held, live, number, refusal, rows } from '../contract/world';
import { useDatabase } from '../support/database';

/** Everything in the catalog that an installer may have made, with its identity: a replaced object is seen too. */
const CATALOG = `
  SELECT 'trigger' AS kind, tgname::text AS name, xmin::text AS version FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'rule', rulename::text, xmin::text FROM pg_rewrite WHERE rulename LIKE 'guitars%'
  UNION ALL SELECT 'function', proname::text, xmin::text FROM pg_proc WHERE pronamespace = to_regnamespace('guitars')
  UNION ALL SELECT 'relation', relname::text, xmin::text FROM pg_class
    WHERE relnamespace IN (to_regnamespace('guitars'), to_regnamespace('app')) AND relkind IN ('i', 'S')
  ORDER BY kind, name, version`;

eachEngine('install', (engine) => {
  const db = useDatabase();
  const query = (sql: string) => db.sequelize.query(sql);
  before(async () => {
    defineWorld(db.sequelize, engine);
    await db.sequelize.sync({ guitars: false });
  });
  afterEach(async () => {
    await uninstall(db.sequelize);
    await query('DELETE FROM country');
  });

  it('installs what the plan holds, and once', async () => {
    const { objects } = plan(db.sequelize, { schema: 'app' });
    const first = await install(db.sequelize);
    expect(first.installed.map(({ name }) => name)).to.deep.equal(objects.map(({ name }) => name));
    const before = await rows(db.sequelize, CATALOG);
    const again = await install(db.sequelize);
    expect([again.installed, again.retired]).to.deep.equal([[], []]);
    expect(again.unchanged).to.have.length(objects.length);
    expect(await rows(db.sequelize, CATALOG)).to.deep.equal(before);
  });

  it('two installers at once end alike', async () => {
    const pools = [db.sequelize, ...[1, 2, 3].map(() => db.connect())];
    for (const pool of pools.slice(1)) defineWorld(pool, engine);
    const reports = await Promise.all(pools.map((pool) => install(pool)));
    expect(reports.filter(({ installed }) => installed.length > 0)).to.have.length(1);
    expect((await audit(db.sequelize)).findings).to.deep.equal([]);
  });

  it('waits for a busy table no longer than lockTimeout, and then changes nothing', async () => {
    const client = await db.client();
    await client.query('BEGIN; LOCK TABLE fan IN SHARE MODE');
    const before = await rows(db.sequelize, CATALOG);
    const error = await refusal(install(db.sequelize, { lockTimeout: 50 }));
    expect(error).to.be.instanceOf(InstallError);
    expect(error.message).to.match(/locked by another transaction.*Nothing was changed\. Run it again/s);
    expect(await rows(db.sequelize, CATALOG)).to.deep.equal(before);
    await client.query('ROLLBACK');
    await install(db.sequelize, { lockTimeout: 50 });
  });

  it('works in a transaction of the caller, and goes with it; its lock_timeout comes back', async () => {
    const transaction = await db.sequelize.transaction();
    await db.sequelize.query(`SET LOCAL lock_timeout = '1234ms'`, { transaction });
    await install(db.sequelize, { transaction });
    const [[setting]] = await db.sequelize.query(`SELECT current_setting('lock_timeout') AS t`, { transaction });
    expect(setting).to.deep.equal({ t: '1234ms' });
    await transaction.rollback();
    expect((await audit(db.sequelize)).ok).to.equal(false);
  });

  it('uninstall takes everything off and leaves the rows', async () => {
    await install(db.sequelize);
    await query(`INSERT INTO country (id, name) VALUES (1, 'a'), (2, 'b')`);
    await query('DELETE FROM country WHERE id = 1');
    const { removed } = await uninstall(db.sequelize);
    expect(removed.length).to.be.greaterThan(10);
    const left = `SELECT count(*) AS n FROM (${CATALOG}) AS c WHERE kind IN ('trigger', 'rule') OR kind = 'function' AND name ~ '_[0-9a-f]{8}$'`;
    expect(await number(db.sequelize, left)).to.equal(0);
    expect([await live(db.sequelize, 'country'), await held(db.sequelize, 'country')]).to.deep.equal([1, 2]);
    await query('DELETE FROM country');
    expect(await held(db.sequelize, 'country')).to.equal(0);
    expect((await uninstall(db.sequelize)).removed).to.deep.equal([]);
  });

  it('another engine, or none, retires the objects of the one before', async () => {
    await install(db.sequelize);
    const other = db.connect();
    defineWorld(other, engine === 'rule' ? 'trigger' : 'rule');
    const { retired } = await install(other);
    expect(retired.join()).to.include(engine === 'rule' ? 'guitars_soft_delete on' : 'guitars_archive on');
    expect((await audit(other)).findings).to.deep.equal([]);
    expect((await audit(db.sequelize)).ok).to.equal(false);
    await query(`INSERT INTO country (id, name) VALUES (5, 'e')`);
    await query('DELETE FROM country');
    expect([await live(db.sequelize, 'country'), await held(db.sequelize, 'country')]).to.deep.equal([0, 1]);
    await query('BEGIN; SET LOCAL guitars.hard_delete = on; DELETE FROM country; COMMIT');
  });

  it('for some models: those alone, with the objects that all would call for', async () => {
    const models = [db.sequelize.models.city as never];
    const all = plan(db.sequelize, { schema: 'app' }).objects.map(({ digest }) => digest);
    const { objects, needs } = plan(db.sequelize, { schema: 'app', models });
    const { installed, unchanged } = await install(db.sequelize, { models });
    const digests = [...unchanged, ...installed].map(({ digest }) => digest);
    expect(digests).to.have.members([...needs, ...objects].map(({ digest }) => digest));
    expect(all).to.include.members(digests);
    expect(new Set(objects.map(({ model }) => model))).to.deep.equal(new Set(['city']));
    // A column outlives uninstall: it says which deletion archived a row.
    expect(new Set(unchanged.map(({ kind }) => kind))).to.deep.equal(new Set(['column']));
  });
});

describe('install refuses', () => {
  const db = useDatabase();

  it('a server older than 14', () => {
    expect(() => refuseOlderThan14(130012)).to.throw(InstallError, /PostgreSQL 13.*14 or later; upgrade/s);
    expect(() => refuseOlderThan14(140000)).not.to.throw();
  });

  it('a role without the privileges, with the remedy, and changes nothing', async () => {
    const admin = await db.admin();
    const role = `guest_${db.name}`;
    await admin.query(`CREATE ROLE "${role}" LOGIN PASSWORD 'guest'; GRANT USAGE ON SCHEMA app TO "${role}"`);
    try {
      const url = new URL(db.url);
      Object.assign(url, { username: role, password: 'guest' });
      const owner = db.connect();
      class Page extends Guitar(Model) {}
      Page.init({ title: DataTypes.TEXT }, { sequelize: owner, modelName: 'Page', tableName: 'page' });
      await Page.sync({ guitars: false });
      const { Sequelize } = await import('sequelize');
      const guest = new Sequelize(url.href, { logging: false });
      class Same extends Guitar(Model) {}
      Same.init({ title: DataTypes.TEXT }, { sequelize: guest, modelName: 'Page', tableName: 'page', schema: 'app' });
      const error = await refusal(install(guest));
      await guest.close();
      expect(error).to.be.instanceOf(InstallError);
      expect(error.message).to.match(/may not install.*Nothing was changed\. Connect as the role that owns/s);
      expect(await number(db.sequelize, `SELECT count(*) AS n FROM pg_namespace WHERE nspname = 'guitars'`)).to.equal(
        0,
      );
    } finally {
      await admin.query(`DROP OWNED BY "${role}"; DROP ROLE "${role}"`);
    }
  });

  it('duplicates among live rows, and changes nothing', async () => {
    const sequelize = db.connect();
    class Tag extends Guitar(Model) {}
    Tag.init({ name: { type: DataTypes.TEXT, unique: true } }, { sequelize, modelName: 'tag', tableName: 'tag' });
    await sequelize.query(`CREATE TABLE tag (id serial PRIMARY KEY, name text, _created_at timestamptz NOT NULL DEFAULT now(),
      _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz)`);
    await sequelize.query(`INSERT INTO tag (name) VALUES ('a'), ('a'), ('b')`);
    const error = await refusal(install(sequelize));
    expect(error).to.be.instanceOf(InstallError);
    expect(error.message).to.match(
      /\(name\)=\(a\) is duplicated.*Nothing was changed\. Change or archive all but one/s,
    );
    await sequelize.query(`DELETE FROM tag WHERE id = 1`);
    expect(await number(sequelize, 'SELECT count(*) AS n FROM tag')).to.equal(2);
    await install(sequelize);
  });
});
