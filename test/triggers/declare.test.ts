import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { Column, Table, Model as TsModel, Sequelize as TsSequelize } from 'sequelize-typescript';
import { audit, DefinitionError, Guitar, install, plan } from '../../lib';
import {
  anyChange,
  del,
  insert,
  literal,
  ProtectedError,
  plpgsql,
  protect,
  readOnly,
  registerTriggers,
  softDelete,
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

const body = plpgsql`NEW.name := NEW.name;`;

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

  const refusals: [string, () => unknown, RegExp][] = [
    ['no name', () => trigger({ name: '', when: 'before', operation: insert, body }), /needs a "name"/],
    ['no operation', () => trigger({ name: 'x', when: 'before', operation: [], body }), /"x" needs an "operation"/],
    [
      'a when that there is not',
      () => trigger({ name: 'x', when: 'later' as never, operation: insert, body }),
      /has the when "later"\. Use one of: before, after, instead of/,
    ],
    [
      'an unknown option',
      () => trigger({ name: 'x', when: 'before', operation: insert, body, bodi: 1 } as never),
      /has no option "bodi"/,
    ],
    [
      'a body of text',
      () => trigger({ name: 'x', when: 'before', operation: insert, body: 'RETURN NEW' as never }),
      /needs a "body": plpgsql/,
    ],
    [
      'TRUNCATE for each row',
      () => trigger({ name: 'x', when: 'before', operation: truncate, body }),
      /TRUNCATE, which has no rows\. Set \{ level: "statement" \}/,
    ],
    [
      'a timing before',
      () => trigger({ name: 'x', when: 'before', operation: insert, timing: 'deferred', body }),
      /has a timing, which is for those that fire after/,
    ],
    [
      'transition tables of two operations',
      () => trigger({ name: 'x', when: 'after', operation: [insert, update], referencing: { new: 'n' }, body }),
      /one of insert, update and del/,
    ],
    [
      'old rows of an insert',
      () => trigger({ name: 'x', when: 'after', operation: insert, referencing: { old: 'o' }, body }),
      /old rows of an insert/,
    ],
    [
      'instead of with a condition',
      () => trigger({ name: 'x', when: 'instead of', operation: update, condition: anyChange(), body }),
      /cannot have a condition/,
    ],
    [
      'instead of that could be ignored',
      () => trigger({ name: 'x', when: 'instead of', operation: update, ignorable: true, body }),
      /cannot be ignored: without it nothing would be written/,
    ],
    [
      'an order out of range',
      () => trigger({ name: 'x', when: 'before', operation: insert, order: 1000, body }),
      /an "order" from 0 to 999/,
    ],
    [
      'an option that protect does not know',
      () => protect({ operatoin: del } as never),
      /protect\(\) has no option "operatoin"/,
    ],
    ['a when() of nothing', () => when({}), /when\(\) takes \{ old: \{ … \}, new: \{ … \} \}/],
    [
      'a value without a form in SQL',
      () => literal(new Map()) && plpgsql`${new Map() as never}`,
      /A value of the class Map has no form in SQL/,
    ],
    ['a NUL', () => plpgsql`${'a\0b'}`, /a NUL or half a surrogate pair/],
    ['half a surrogate pair', () => plpgsql`${'a\ud800b'}`, /a NUL or half a surrogate pair/],
  ];
  for (const [what, make, message] of refusals)
    it(`refuses ${what}`, () => {
      expect(make).to.throw(DefinitionError, message);
    });

  const misfits: [string, readonly (Trigger | readonly Trigger[])[], RegExp][] = [
    [
      'a column that there is not',
      [readOnly({ fields: ['nmae'] })],
      /names "nmae", which is no column of .*Use one of: id, name, status, price, stock/,
    ],
    ['two of one name', [protect(), protect()], /has two triggers called "protect"/],
    [
      'the old row of an insert',
      [trigger({ name: 'x', when: 'before', operation: insert, condition: anyChange(), body })],
      /looks at the old row, which an insert does not have/,
    ],
    [
      'the new row of a delete',
      [trigger({ name: 'x', when: 'before', operation: del, condition: when({ new: { name: 'a' } }), body })],
      /the new row, which a delete does not have/,
    ],
    [
      'a row of a statement',
      [trigger({ name: 'x', when: 'after', operation: update, level: 'statement', condition: anyChange(), body })],
      /a statement has none\. Use composer\(\)/,
    ],
    ['softDelete of a number without a value', [softDelete({ field: 'stock' })], /needs a "value" for "stock"/],
    [
      'what is no trigger',
      [{ name: 'x' } as never],
      /"triggers" is a list of what trigger\(\), protect\(\) and the like answer/,
    ],
  ];
  for (const [what, triggers, message] of misfits)
    it(`refuses ${what}, when the model is known`, () => {
      const sequelize = db.connect();
      const define = () => {
        sequelize.define('misfit', ATTRIBUTES, { timestamps: false, triggers });
        plan(sequelize);
      };
      expect(define).to.throw(DefinitionError, message);
    });

  it('softDelete refuses a key that would dangle, and a model that is soft-deletable already', async () => {
    const sequelize = db.connect();
    const Parent = sequelize.define('parent', { name: DataTypes.TEXT });
    const Child = sequelize.define('orphan', { gone: DataTypes.DATE }, { triggers: [softDelete({ field: 'gone' })] });
    Child.belongsTo(Parent, { foreignKey: 'parentId', onDelete: 'CASCADE' });
    expect(() => plan(sequelize)).to.throw(
      DefinitionError,
      /keeps the row when its parent by "parentId" is deleted, so the key would lead nowhere\. Set \{ onDelete: 'RESTRICT' \}/,
    );
    class Soft extends Guitar(Model) {}
    expect(() =>
      Soft.init({ gone: DataTypes.DATE }, { sequelize, triggers: [softDelete({ field: 'gone' })] }),
    ).to.throw(DefinitionError, /not soft-deletable already/);
  });
});
