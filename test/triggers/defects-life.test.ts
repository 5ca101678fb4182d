import { expect } from 'chai';
import {
  DataTypes,
  type Model,
  type ModelAttributes,
  type ModelOptions,
  type ModelStatic,
  Op,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import { audit, DefinitionError, install, withEnforcementSuspended } from '../../lib';
import {
  anyChange,
  appendOnly,
  del,
  ignoreTriggers,
  insert,
  notify,
  ProtectedError,
  plpgsql,
  protect,
  readOnly,
  registerTriggers,
  trigger,
  truncate,
  update,
  when,
} from '../../lib/triggers';
import { refusal, rows, sqlstate } from '../contract/world';
import { ATTRIBUTES, type Triggers, useTriggers } from './world';

// What goes wrong elsewhere: each is a row of docs/triggers-parity.md.
describe('defects that others have, of installing and ignoring', () => {
  const { db, item, query } = useTriggers();
  const names = async (table: string) =>
    (await rows<{ name: string }>(db.sequelize, `SELECT name FROM ${table} ORDER BY id`)).map(({ name }) => name);
  type Defined = ModelStatic<Model>;
  const syncAll = (model: Defined) => (model.sequelize as Sequelize).sync({ alter: true });
  const define = (name: string, attributes: ModelAttributes, triggers: Triggers, options: ModelOptions = {}) => {
    const sequelize = db.connect();
    return sequelize.define(name, attributes, { tableName: name, timestamps: false, triggers, ...options });
  };

  it('the ignore check is an expression of WHEN, after the condition; an ignored body is not entered', async () => {
    await query('CREATE SEQUENCE entered');
    const condition = when({ new: { price: { [Op.gt]: 5 } } });
    const count = plpgsql`PERFORM nextval('app.entered');`;
    const Item = await item([trigger({ name: 'count', when: 'before', operation: insert, condition, body: count })]);
    const [{ definition } = { definition: '' }] = await rows<{ definition: string }>(
      db.sequelize,
      `SELECT pg_get_triggerdef(oid) AS definition FROM pg_trigger WHERE tgname = 'guitars__500_count'`,
    );
    expect(definition).to.match(/WHEN \(.*new\.price > .* AND .*current_setting\('guitars\.off_[0-9a-f]{8}'/);
    await Item.sequelize?.transaction((transaction) =>
      ignoreTriggers('count', { transaction }, () => Item.create({ name: 'a', price: 6 }, { transaction })),
    );
    await Item.create({ name: 'b', price: 5 });
    await Item.create({ name: 'c', price: 6 });
    expect(await rows(db.sequelize, `SELECT nextval('entered')::int AS n`)).to.deep.equal([{ n: 2 }]);
  });

  it('an INSTEAD OF trigger cannot be ignored, so nothing that is written is lost', async () => {
    await query(
      'CREATE TABLE inside (id serial PRIMARY KEY, name text); CREATE VIEW outside AS SELECT id, name FROM inside',
    );
    const write = trigger({
      name: 'write',
      when: 'instead of',
      operation: insert,
      body: plpgsql`INSERT INTO inside (name) VALUES (NEW.name);`,
    });
    const View = define('outside', { id: ATTRIBUTES.id, name: DataTypes.TEXT }, [write]);
    await install(View.sequelize as Sequelize);
    for (const selection of ['write', { model: View }])
      await View.sequelize?.transaction(async (transaction) => {
        const error = await refusal(ignoreTriggers(selection, { transaction }, async () => undefined));
        expect(error).to.be.instanceOf(DefinitionError);
        expect(error.message).to.match(/"write" of outside cannot be ignored/);
      });
    await query(`INSERT INTO outside (name) VALUES ('a')`);
    expect(await names('inside')).to.deep.equal(['a']);
  });

  it('altering the type of a column that a condition names keeps the comment and what was switched off', async () => {
    const Item = await item([
      readOnly({ fields: ['stock'] }),
      protect({ operation: update, condition: anyChange({ fields: ['price'] }) }),
      trigger({
        name: 'off',
        when: 'before',
        operation: update,
        condition: when({ new: { stock: 1 } }),
        body: plpgsql`RETURN NULL;`,
      }),
    ]);
    await query(`ALTER TABLE ${Item.table} DISABLE TRIGGER guitars__500_off;
      ALTER TABLE ${Item.table} ENABLE ALWAYS TRIGGER guitars__500_protect`);
    const catalog = () =>
      rows<{ comment: string | null }>(
        db.sequelize,
        `SELECT tgname, tgenabled, pg_get_triggerdef(oid) AS definition, obj_description(oid, 'pg_trigger') AS comment
          FROM pg_trigger WHERE tgrelid = '${Item.table}'::regclass ORDER BY 1`,
      );
    const before = await catalog();
    expect(before.every(({ comment }) => comment?.startsWith('guitars '))).to.equal(true);
    const alter = `ALTER TABLE ${Item.table} ALTER COLUMN stock TYPE bigint`;
    expect(await sqlstate(query(alter))).to.equal('0A000');
    const sequelize = Item.sequelize as Sequelize;
    await withEnforcementSuspended(sequelize.getQueryInterface(), [Item], (transaction) =>
      sequelize.query(alter, { transaction }),
    );
    expect(await catalog()).to.deep.equal(before);
  });

  it('sync({ alter: true }) of a plain model: the triggers are back, also when it fails', async () => {
    const schema = 'app'; // Sequelize itself looks for tables that name none in public.
    const Item = await item([readOnly({ fields: ['stock'] })], ATTRIBUTES, { schema });
    await Item.create({ name: 'not a number', price: 1, stock: 1 });
    const sql = `UPDATE ${Item.table} SET stock = stock + 1`;
    const altered = (attributes: ModelAttributes) =>
      define(Item.table, { ...ATTRIBUTES, ...attributes }, [readOnly({ fields: ['stock'] })], { schema });
    for (const sync of [(model: Defined) => model.sync({ alter: true }), syncAll]) {
      const failed = await refusal(sync(altered({ name: { type: DataTypes.INTEGER } })));
      expect(failed.message).to.match(/column "name" cannot be cast automatically/);
      expect(await sqlstate(query(sql))).to.equal('23U02');
      await sync(altered({ stock: { type: DataTypes.BIGINT } }));
      expect(await sqlstate(query(sql))).to.equal('23U02');
    }
  });

  it('TRUNCATE is refused by protect and appendOnly, through a parent’s CASCADE too', async () => {
    const Parent = await item([]);
    const Child = await item([protect()], {
      ...ATTRIBUTES,
      parent: { type: DataTypes.INTEGER, references: { model: Parent.table, key: 'id' } },
    });
    const Ledger = await item([appendOnly()]);
    for (const sql of [`TRUNCATE ${Child.table}`, `TRUNCATE ${Parent.table} CASCADE`, `TRUNCATE ${Ledger.table}`])
      expect(await sqlstate(query(sql))).to.equal('23U01');
  });

  it('TRUNCATE that names a partition is refused where a model of it says so', async () => {
    await query(`CREATE TABLE visits (id int PRIMARY KEY) PARTITION BY RANGE (id);
      CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM (0) TO (10)`);
    const id = () => ({ id: { type: DataTypes.INTEGER, primaryKey: true } });
    const sequelize = db.connect({ define: { timestamps: false } });
    sequelize.define('visit', id(), { tableName: 'visits', triggers: [protect()] });
    sequelize.define('visit1', id(), { tableName: 'visits_1', triggers: [protect({ operation: truncate })] });
    await install(sequelize);
    for (const sql of ['TRUNCATE visits', 'TRUNCATE visits_1']) expect(await sqlstate(query(sql))).to.equal('23U01');
    expect((await audit(sequelize)).findings).to.deep.equal([]);
  });

  it('notify never stands in the way of a write, however long the key is', async () => {
    const key = { type: DataTypes.TEXT, primaryKey: true };
    const Item = await item([notify({ channel: 'long', fields: ['price'] })], { ...ATTRIBUTES, id: key });
    const client = await db.client();
    const heard: string[] = [];
    client.on('notification', ({ payload }) => heard.push(Object.keys(JSON.parse(payload ?? '')).join(' ')));
    await client.query('LISTEN long');
    await query(`INSERT INTO ${Item.table} (id) VALUES (repeat('é', 5000)), ('short')`);
    await client.query('SELECT 1');
    expect(heard).to.deep.equal(['table schema operation truncated', 'key new table schema operation']);
  });

  it('concurrent installs end alike', async () => {
    const make = () =>
      define('busy', { id: ATTRIBUTES.id, name: DataTypes.TEXT }, [protect(), readOnly(), appendOnly()]);
    const models = [make(), make(), make(), make()];
    await models[0]?.sync({ guitars: false });
    await Promise.all(models.map((model) => install(model.sequelize as Sequelize)));
    for (const model of models) expect((await audit(model.sequelize as Sequelize)).findings).to.deep.equal([]);
  });

  it('ignoring side by side in one transaction: no end takes another’s along, and the triggers are back', async () => {
    const Item = await item([protect({ operation: update }), protect({ name: 'keep' })]);
    const [one, two] = await Item.bulkCreate([
      { name: 'a', price: 1 },
      { name: 'b', price: 1 },
    ]);
    const begun = async (work: (transaction: Transaction) => Promise<unknown>) => {
      await Item.sequelize?.transaction(async (transaction) => {
        await work(transaction);
        const again = Item.sequelize?.transaction({ transaction }, (inner) =>
          Item.update({ price: 9 }, { where: {}, transaction: inner }),
        );
        expect(await refusal(again as Promise<unknown>)).to.be.instanceOf(ProtectedError);
      });
    };
    await begun((transaction) => {
      const ignoring = (rows: readonly (typeof one)[], price: number) =>
        ignoreTriggers('protect', { transaction }, async () => {
          for (const row of rows) await row?.update({ price }, { transaction });
        });
      return Promise.all([ignoring([one], 2), ignoring([two, one, two], 3), ignoring([], 0)]);
    });
    expect((await Item.findAll()).map(({ price }) => Number(price))).to.deep.equal([3, 3]);
    expect(await Item.count()).to.equal(2);
  });

  it('registered on a model after it was installed, it is missing until the next install', async () => {
    const Item = await item([]);
    const sequelize = Item.sequelize as Sequelize;
    registerTriggers(Item, [protect({ operation: del })]);
    expect((await audit(sequelize)).findings.map(({ kind }) => kind)).to.include('missing');
    await install(sequelize);
    expect((await audit(sequelize)).findings).to.deep.equal([]);
  });
});
