import { expect } from 'chai';
import { DataTypes, Model, Sequelize } from 'sequelize';
import { audit, Guitar } from '../../lib';
import { sharedFunctions } from '../../lib/enforcement/shared';
import { migrations } from '../../migrations';
import { useDatabase } from '../support/database';

function define(sequelize: Sequelize, schema?: string) {
  class Lute extends Guitar(Model) {}
  class Event extends Guitar(Model) {}
  const init = (name: string) => ({ sequelize, modelName: name, tableName: name, ...(schema ? { schema } : {}) });
  Lute.init({ name: DataTypes.TEXT }, init('lute'));
  Event.init(
    { id: { type: DataTypes.INTEGER, primaryKey: true } },
    { ...init('event'), guitar: { engine: 'trigger', partitionKey: ['id'] } },
  );
}

const TIMES =
  '_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz';

describe('audit of partitions, roles, settings and versions', () => {
  const db = useDatabase();
  const query = (sql: string) => db.sequelize.query(sql);
  const found = async (sequelize = db.sequelize) => {
    const { findings, warnings } = await audit(sequelize);
    return [findings, warnings].map((list) => list.map(({ kind }) => kind));
  };
  const owner = async (): Promise<string> => {
    const [[row]] = await query(`SELECT current_user AS owner`);
    return (row as { owner: string }).owner;
  };

  before(async () => {
    await query(`CREATE TABLE event (id int PRIMARY KEY, ${TIMES}) PARTITION BY RANGE (id)`);
    await query('CREATE TABLE event_low PARTITION OF event FOR VALUES FROM (0) TO (9) PARTITION BY RANGE (id)');
    await query('CREATE TABLE event_lowest PARTITION OF event_low FOR VALUES FROM (0) TO (3)');
    define(db.sequelize);
    await db.sequelize.sync();
  });

  it('a trigger that is off on one partition, on any level', async () => {
    expect(await found()).to.deep.equal([[], ['role']]);
    await query('ALTER TABLE event_lowest DISABLE TRIGGER guitars_archive');
    const { findings } = await audit(db.sequelize);
    expect(findings.map(({ kind, model, remedy }) => [kind, model, remedy])).to.deep.equal([
      ['disabled', 'event', 'ALTER TABLE "app"."event_lowest" ENABLE TRIGGER "guitars_archive";'],
    ]);
    await query(String(findings[0]?.remedy));
    expect(await found()).to.deep.equal([[], ['role']]);
  });

  it('a trigger of ours on a partition that nobody called for', async () => {
    await query(
      'CREATE TRIGGER guitars_more BEFORE TRUNCATE ON event_lowest EXECUTE FUNCTION guitars.refuse_truncate()',
    );
    const { findings } = await audit(db.sequelize);
    expect(findings.map(({ kind, model }) => [kind, model])).to.deep.equal([['unexpected', 'event']]);
    await query('DROP TRIGGER guitars_more ON event_lowest');
  });

  it('a superuser, an owner, and a role that owns nothing', async () => {
    const admin = await db.admin();
    const as = async (url: string) => {
      const sequelize = new Sequelize(url, { logging: false });
      define(sequelize, 'app');
      try {
        return (await audit(sequelize)).warnings.map(({ message }) => message);
      } finally {
        await sequelize.close();
      }
    };
    const { rows } = await admin.query('SELECT rolsuper AS superuser FROM pg_roles WHERE rolname = current_user');
    if (rows[0].superuser) expect(await as(db.server.url(db.name, 'admin'))).to.match(/is a superuser/);
    const role = `guest_${db.name}`;
    await admin.query(`CREATE ROLE "${role}" LOGIN PASSWORD 'guest'; GRANT USAGE ON SCHEMA app TO "${role}";
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO "${role}"`);
    try {
      const url = new URL(db.url);
      Object.assign(url, { username: role, password: 'guest' });
      expect(await as(url.href)).to.deep.equal([]);
      await admin.query(`GRANT "${await owner()}" TO "${role}"`);
      expect((await as(url.href)).join()).to.match(/owns lute, event, or may become their owner/);
    } finally {
      await admin.query(`DROP OWNED BY "${role}"; DROP ROLE "${role}"`);
    }
  });

  it('doors that defaults leave open: of the database, of another role, of the connection', async () => {
    const admin = await db.admin();
    await admin.query(`ALTER DATABASE "${db.name}" SET session_replication_role = replica`);
    const { findings } = await audit(db.sequelize);
    expect(
      findings.map(({ kind, message }) => [
        kind,
        /replica as a default, so triggers and rules do not fire/.test(message),
      ]),
    ).to.deep.equal([['open_door', true]]);
    await admin.query(String(findings[0]?.remedy));
    const admins = (await admin.query('SELECT current_user AS name')).rows[0].name;
    await admin.query(`ALTER ROLE "${admins}" IN DATABASE "${db.name}" SET guitars.keep_timestamps = on`);
    const other = await audit(db.sequelize);
    expect([other.ok, other.warnings.map(({ kind }) => kind)]).to.deep.equal([true, ['open_door', 'role']]);
    await admin.query(String(other.warnings[0]?.remedy));
    expect(await found()).to.deep.equal([[], ['role']]);
    const open = db.connect({ dialectOptions: { options: '-c guitars.hard_delete=on' } });
    define(open);
    const [finding] = (await audit(open)).findings;
    expect(finding?.message).to.match(
      /connections begin with guitars\.hard_delete = on.*Take it out of the connection's options/,
    );
  });

  it('shared functions of a newer package cannot be judged', async () => {
    await query(`CREATE OR REPLACE FUNCTION guitars.version() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 99'`);
    const { ok, warnings } = await audit(db.sequelize);
    expect([ok, warnings.map(({ kind }) => kind)]).to.deep.equal([true, ['shared_function', 'role']]);
    expect(warnings[0]?.message).to.match(/version 99, newer than this package.*Upgrade sequelize-guitars/);
  });

  it('every shared function is known by its signature, body and settings', async () => {
    const text = migrations.flatMap(({ up }) => up).join('\n');
    const names = [...text.matchAll(/FUNCTION guitars\.(\w+)/g)].map(([, name]) => name);
    const known = sharedFunctions();
    expect(new Set(known.map(({ name }) => name))).to.deep.equal(
      new Set(names.filter((name) => /\w/.test(String(name)))),
    );
    const planned = ['note_move', 'take_move', 'stayed', 'forget_move'];
    for (const { name, settings, language } of known)
      if (language === 'plpgsql')
        expect(settings, name).to.equal(
          `search_path=pg_catalog, pg_temp${planned.includes(name) ? ';enable_seqscan=off' : ''}`,
        );
  });
});
