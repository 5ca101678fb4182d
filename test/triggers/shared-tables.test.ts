import { expect } from 'chai';
import { DataTypes, Model, type ModelStatic, type Sequelize } from 'sequelize';
import { audit, Guitar, install, Setar, uninstall, withEnforcementSuspended } from '../../lib';
import { pruneObjects } from '../../lib/enforcement/objects/change';
import {
  ignoreTriggers,
  ProtectedError,
  plpgsql,
  protect,
  registerTriggers,
  setConstraints,
  softDelete,
  trigger,
  update,
} from '../../lib/triggers';
import { held, refusal, rows } from '../contract/world';
import { useDatabase } from '../support/database';

describe('tables that models, applications and schemas share', () => {
  const db = useDatabase();
  const triggers = async (table: string) =>
    (
      await rows<{ name: string }>(
        db.sequelize,
        `SELECT tgname AS name FROM pg_trigger WHERE tgrelid = '${table}'::regclass AND NOT tgisinternal ORDER BY 1`,
      )
    ).map(({ name }) => name);
  const soft = (sequelize: Sequelize, name: string) => {
    class Soft extends Guitar(Model) {}
    Soft.init({ title: DataTypes.TEXT }, { sequelize, modelName: `${name}Soft`, tableName: name });
    return Soft;
  };
  const plain = (sequelize: Sequelize, name: string, list: ReturnType<typeof protect> = []) =>
    sequelize.define(
      `${name}Plain`,
      { title: DataTypes.TEXT },
      { tableName: name, timestamps: false, triggers: [list] },
    );
  const keeps = async (table: string) => {
    await db.sequelize.query(`INSERT INTO ${table} (title) VALUES ('x'); DELETE FROM ${table}`);
    expect(await held(db.sequelize, table)).to.be.greaterThan(0);
  };

  it('an application that knows a table as a plain one leaves the enforcement of another application alone', async () => {
    const [mine, other] = [db.connect(), db.connect()];
    await soft(mine, 'art').sync();
    const before = await triggers('art');
    plain(other, 'art', protect({ name: 'theirs' }));
    await install(other);
    await pruneObjects(other, {});
    expect((await audit(other)).findings).to.deep.equal([]);
    const all = await triggers('art');
    expect(all).to.include.members(before);
    await uninstall(other);
    expect(await triggers('art')).to.deep.equal(before);
    await keeps('art');
  });

  it('two models of one table, one of which keeps its rows: what is done for one is done for the table', async () => {
    const sequelize = db.connect();
    const Soft = soft(sequelize, 'piece');
    const Plain = plain(sequelize, 'piece', protect({ name: 'guard' }));
    await Soft.sync();
    await install(sequelize);
    const before = await triggers('piece');
    for (const models of [[Plain], [Soft], undefined]) {
      await install(sequelize, { models });
      expect(await triggers('piece')).to.deep.equal(before);
      expect((await audit(sequelize, { models })).findings).to.deep.equal([]);
    }
    await keeps('piece');
    await uninstall(sequelize, { models: [Plain] });
    expect(await triggers('piece')).to.deep.equal(before.filter((name) => !name.includes('guard')));
    await keeps('piece');
    await install(sequelize);
    await uninstall(sequelize, { models: [Soft] });
    expect(await triggers('piece')).to.deep.equal(before.filter((name) => name.includes('guard')));
  });

  it('a model whose times are kept, on a view, is none of install’s business; audit says so', async () => {
    const sequelize = db.connect();
    await db.sequelize.query('CREATE TABLE base (id int); CREATE VIEW seen AS SELECT id FROM base');
    class Seen extends Setar(Model) {}
    class Gone extends Guitar(Model) {}
    Seen.init({ id: { type: DataTypes.INTEGER, primaryKey: true } }, { sequelize, tableName: 'seen' });
    Gone.init(
      { id: { type: DataTypes.INTEGER, primaryKey: true } },
      { sequelize, tableName: 'seen', modelName: 'Gone' },
    );
    expect((await install(sequelize, { models: [Gone] })).installed).to.deep.equal([]);
    expect((await audit(sequelize, { models: [Gone] })).findings.map(({ kind }) => kind)).to.deep.equal(['no_table']);
  });

  it('one model in several schemas: a name, and the model, mean it in all of them', async () => {
    await db.sequelize.query('CREATE SCHEMA tenant_a; CREATE SCHEMA tenant_b');
    const sequelize = db.connect();
    const late = trigger({
      name: 'late',
      when: 'after',
      operation: update,
      timing: 'immediate',
      body: plpgsql`RAISE EXCEPTION 'late';`,
    });
    const Base = sequelize.define(
      'lodger',
      { title: DataTypes.TEXT },
      { tableName: 'lodger', timestamps: false, triggers: [protect(), late] },
    );
    const tenants = ['tenant_a', 'tenant_b'].map((schema) => Base.schema(schema) as ModelStatic<Model>);
    for (const each of tenants) {
      await each.sync({ guitars: false });
      await install(sequelize, { models: [each] });
      await each.create({ title: 'a' });
      expect(await refusal(each.destroy({ where: {} }))).to.be.instanceOf(ProtectedError);
      for (const selection of ['protect', { model: Base, kind: 'protect' }, { model: each }])
        await sequelize.transaction((transaction) =>
          ignoreTriggers(selection, { transaction }, () => each.destroy({ where: {}, transaction })),
        );
    }
    const [one, two] = tenants as [ModelStatic<Model>, ModelStatic<Model>];
    await two.create({ title: 'a' });
    const error = await refusal(
      sequelize.transaction(async (transaction) => {
        await setConstraints('deferred', { model: one, name: 'late' }, { transaction });
        await two.update({ title: 'b' }, { where: {}, transaction });
        throw new Error('not reached: the other schema was put off too');
      }),
    );
    expect(error.message).to.equal('late');
  });

  it('a model that declares its triggers no more may be suspended while its table has them', async () => {
    const [before, now] = [db.connect(), db.connect()];
    await plain(before, 'former', protect()).sync();
    const Now = plain(now, 'former');
    await withEnforcementSuspended(now.getQueryInterface(), [Now], async (transaction) => {
      await now.query('INSERT INTO former (title) VALUES (1)', { transaction });
      await now.query('DELETE FROM former', { transaction });
    });
    expect(await triggers('former')).to.have.length(2);
    await db.sequelize.query(
      'DROP TRIGGER guitars__500_protect ON former; DROP TRIGGER "guitars__500_protect truncate" ON former',
    );
    const nothing = withEnforcementSuspended(now.getQueryInterface(), [Now], async () => undefined);
    expect((await refusal(nothing)).message).to.match(/the database keeps nothing for formerPlain/);
  });

  it('softDelete refuses to work in a partition, where a move would be taken for a DELETE', async () => {
    await db.sequelize.query(`CREATE TABLE moved (id int, region text, gone timestamptz, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
      CREATE TABLE moved_a PARTITION OF moved FOR VALUES IN ('a'); CREATE TABLE moved_b PARTITION OF moved FOR VALUES IN ('b')`);
    const sequelize = db.connect();
    const key = { primaryKey: true, type: DataTypes.TEXT };
    const attributes = { id: { ...key, type: DataTypes.INTEGER }, region: key, gone: DataTypes.DATE };
    const Moved = sequelize.define('moved', attributes, {
      tableName: 'moved',
      timestamps: false,
      triggers: [softDelete({ field: 'gone' })],
    });
    await install(sequelize);
    await Moved.create({ id: 1, region: 'a' });
    for (const sql of [`UPDATE moved SET region = 'b'`, 'DELETE FROM moved'])
      expect((await refusal(sequelize.query(sql))).message).to.match(
        /cannot tell a DELETE in the partition "moved_a" from a move/,
      );
    expect(await Moved.count({ where: { region: 'a', gone: null } })).to.equal(1);
  });

  it('a trigger that another copy of the package has made is one', () => {
    const sequelize = db.connect();
    const Made = plain(sequelize, 'copied');
    const [mine] = protect();
    const copy = Object.assign(
      Object.create(null),
      Object.fromEntries(Reflect.ownKeys(mine as object).map((key) => [key, (mine as never)[key]])),
      { name: 'copy', options: mine?.options },
    );
    registerTriggers(Made, [copy as never]);
  });
});
