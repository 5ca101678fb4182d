import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { Column, Table, Model as TsModel, Sequelize as TsSequelize } from 'sequelize-typescript';
import { audit, Guitar, install } from '../../lib';
import {
  del,
  insert,
  ProtectedError,
  plpgsql,
  protect,
  readOnly,
  registerTriggers,
  sql,
  type Trigger,
  trigger,
  triggersOf,
  truncate,
  update,
  updateOf,
  when,
} from '../../lib/triggers';
import { refusal, rows } from '../contract/world';
import { ATTRIBUTES, useTriggers } from './world';

describe('declaring triggers', () => {
  const { db, item, query } = useTriggers();
  const lines = (sql: string) => rows<{ line: string }>(db.sequelize, sql).then((all) => all.map(({ line }) => line));

  it('on a model’s init, in define, through registerTriggers, and by sequelize-typescript; sync installs them', async () => {
    const sequelize = db.connect();
    const Defined = sequelize.define(
      'defined',
      { name: DataTypes.TEXT },
      { tableName: 'defined', timestamps: false, triggers: [protect()] },
    );
    const Through = sequelize.define('through', { name: DataTypes.TEXT }, { tableName: 'through', timestamps: false });
    registerTriggers(Through, [protect()]);
    registerTriggers(Through, [readOnly({ fields: ['name'] })]);
    await sequelize.sync();
    for (const each of [Defined, Through]) {
      await each.create({ name: 'a' });
      expect(await refusal(each.destroy({ where: {} }))).to.be.instanceOf(ProtectedError);
    }
    await sequelize.sync({ alter: true });
    expect(await refusal(Through.destroy({ where: {} }))).to.be.instanceOf(ProtectedError);
    @Table({ tableName: 'decorated', timestamps: false, triggers: [protect()] })
    class Decorated extends TsModel {
      @Column(DataTypes.TEXT)
      declare name: string;
    }
    const other = new TsSequelize(db.url, { logging: false, models: [Decorated] });
    try {
      await other.sync();
      await Decorated.create({ name: 'a' });
      expect(await refusal(Decorated.destroy({ where: {} }))).to.be.instanceOf(ProtectedError);
    } finally {
      await other.close();
    }
  });

  it('a base class’s triggers are inherited, and one of the same name takes the place', async () => {
    const sequelize = db.connect();
    class Base extends Guitar(Model) {
      static triggers: readonly (Trigger | readonly Trigger[])[] = [protect(), readOnly({ fields: ['title'] })];
    }
    class Child extends Base {}
    class Loose extends Base {}
    Child.init({ title: DataTypes.TEXT }, { sequelize, tableName: 'child' });
    Loose.init({ title: DataTypes.TEXT }, { sequelize, tableName: 'loose', triggers: [readOnly({ fields: ['id'] })] });
    expect(triggersOf(Loose).map(({ name }) => name)).to.have.members(['protect', 'protect truncate', 'readOnly']);
    await sequelize.sync();
    for (const each of [Child, Loose]) await each.create({ title: 'a' });
    expect((await refusal(Child.update({ title: 'b' }, { where: {} }))).name).to.equal('ReadOnlyError');
    await Loose.update({ title: 'b' }, { where: {} });
    // A soft delete is an UPDATE; the row itself may not go.
    expect(await Child.destroy({ where: {} })).to.equal(1);
    expect(await refusal(Child.hardDelete({ where: {} }))).to.be.instanceOf(ProtectedError);
  });

  for (const engine of ['rule', 'trigger'] as const)
    it(`a trigger on DELETE fires for rows that go, not for those that are archived (${engine})`, async () => {
      const sequelize = db.connect();
      class Kept extends Guitar(Model) {}
      const name = `kept_${engine}`;
      await query(`CREATE TABLE ${name}_log (line text)`);
      const note = (when: 'before' | 'after') =>
        trigger({
          name: `note ${when}`,
          when,
          operation: [del, update],
          body: plpgsql`INSERT INTO ${engine === 'rule' ? sql`kept_rule_log` : sql`kept_trigger_log`} VALUES (${when} || ' ' || TG_OP);`,
        });
      Kept.init(
        { title: DataTypes.TEXT },
        { sequelize, modelName: name, tableName: name, guitar: { engine }, triggers: [note('before'), note('after')] },
      );
      await Kept.sync();
      await Kept.create({ title: 'a' });
      await sequelize.query(`DELETE FROM ${name}`);
      await Kept.hardDelete({ where: {} });
      expect(await lines(`SELECT line FROM ${name}_log ORDER BY ctid`)).to.deep.equal([
        'before UPDATE',
        'after UPDATE',
        'before DELETE',
        'after DELETE',
      ]);
      expect((await audit(sequelize, { models: [Kept] })).findings).to.deep.equal([]);
    });

  it('order, then name, says which fires first; before those of ours', async () => {
    const append = (name: string, order?: number) =>
      trigger({
        name,
        order,
        when: 'before',
        operation: insert,
        body: plpgsql`NEW.name := concat(NEW.name, ${name});`,
      });
    const Item = await item([append('b'), append('z', 1), append('a'), append('y', 999)]);
    await query(`INSERT INTO ${Item.table} (name) VALUES ('')`);
    expect((await Item.findOne())?.name).to.equal('zaby');
  });

  it('names of any text and length, columns and tables of any name, two that agree in 63 bytes', async () => {
    const long = 'x'.repeat(80);
    const names = ['with-hyphen', `it's "quoted" $$ \\ ; --`, 'ünïcode 🎸', `${long}1`, `${long}2`, '%s %I'];
    const attributes = { id: ATTRIBUTES.id, name: { type: DataTypes.TEXT, field: 'odd % näme' } };
    const one = (name: string) =>
      trigger({
        name,
        when: 'before',
        operation: [insert, updateOf('name')],
        condition: when({ new: { name } }),
        body: plpgsql`RAISE EXCEPTION USING MESSAGE = ${name};`,
      });
    const Item = await item(names.map(one), attributes as never);
    for (const name of names) expect((await refusal(Item.create({ name } as never))).message).to.equal(name);
    await Item.create({ name: 'other' } as never);
    expect((await audit(Item.sequelize as never)).findings).to.deep.equal([]);
  });

  it('updateOf fires for its columns, and unions merge', async () => {
    await query('CREATE TABLE fired (line text)');
    const say = (name: string, operation: unknown) =>
      trigger({
        name,
        when: 'after',
        operation: operation as never,
        body: plpgsql`INSERT INTO fired VALUES (${name});`,
      });
    const Item = await item([
      say('of', [updateOf('status'), updateOf('price', 'status')]),
      say('all', [updateOf('name'), update, insert]),
    ]);
    await query(`INSERT INTO ${Item.table} (name) VALUES ('a')`);
    await query(`UPDATE ${Item.table} SET name = 'b'`);
    await query(`UPDATE ${Item.table} SET "item status" = 'b'`);
    expect(await lines('SELECT line FROM fired ORDER BY ctid')).to.deep.equal(['all', 'all', 'all', 'of']);
  });

  it('a statement’s trigger with transition tables, declarations, and TRUNCATE', async () => {
    await query('CREATE TABLE statements (line text)');
    const Item = await item([
      trigger({
        name: 'sum',
        when: 'after',
        operation: update,
        level: 'statement',
        referencing: { old: 'was', new: 'is now' },
        declare: plpgsql`difference numeric;`,
        body: plpgsql`SELECT (SELECT sum(price) FROM "is now") - (SELECT sum(price) FROM was) INTO difference; INSERT INTO statements VALUES (difference::text);`,
      }),
      trigger({
        name: 'empty',
        when: 'before',
        operation: truncate,
        level: 'statement',
        body: plpgsql`INSERT INTO statements VALUES (TG_OP);`,
      }),
    ]);
    await Item.bulkCreate([
      { name: 'a', price: 1 },
      { name: 'b', price: 2 },
    ]);
    await query(`UPDATE ${Item.table} SET price = price * 2`);
    await query(`TRUNCATE ${Item.table}`);
    expect(await lines('SELECT line FROM statements ORDER BY ctid')).to.deep.equal(['3', 'TRUNCATE']);
  });

  it('instead of, on a view', async () => {
    await query(
      'CREATE TABLE behind (id serial PRIMARY KEY, name text); CREATE VIEW front AS SELECT id, upper(name) AS name FROM behind',
    );
    const sequelize = db.connect();
    const Front = sequelize.define(
      'front',
      { id: ATTRIBUTES.id, name: DataTypes.TEXT },
      {
        tableName: 'front',
        timestamps: false,
        triggers: [
          trigger({
            name: 'write',
            when: 'instead of',
            operation: insert,
            body: plpgsql`INSERT INTO behind (name) VALUES (NEW.name) RETURNING id INTO NEW.id;`,
          }),
        ],
      },
    );
    await install(sequelize);
    const made = await Front.create({ name: 'a' });
    expect(made.get('id')).to.equal(1);
    expect((await audit(sequelize)).findings).to.deep.equal([]);
  });
});
