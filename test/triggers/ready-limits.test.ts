import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { DefinitionError, Guitar } from '../../lib';
import {
  anyChange,
  changes,
  composer,
  fresh,
  fsm,
  ignoreTriggers,
  insert,
  old,
  plpgsql,
  ReadOnlyError,
  raw,
  readOnly,
  searchVector,
  sql,
  TransitionError,
  table,
  trigger,
  update,
} from '../../lib/triggers';
import { checkTrigger } from '../../lib/triggers/check';
import { refusal, rows, sqlstate } from '../contract/world';
import { ATTRIBUTES, useTriggers } from './world';

describe('ready-made triggers at their limits', () => {
  const { db, item, query } = useTriggers();
  const sets = (field: string, value: string) =>
    trigger({
      ...{ name: 'zz sets', when: 'before', operation: update, order: 998 },
      body: plpgsql`${fresh(field)} := ${value};`,
    });
  const logging = (level: 'row' | 'statement') =>
    composer({
      ...{ name: 'log', operation: update, level, condition: anyChange({ fields: ['name'] }) },
      body: plpgsql`INSERT INTO ${sql`log`} SELECT ${old('name')}, ${fresh('name')} FROM ${changes};`,
    });
  beforeEach(() => query('DROP TABLE IF EXISTS log; CREATE TABLE log (was text, now text)'));
  const logged = () => rows(db.sequelize, 'SELECT was, now FROM log');

  it('readOnly and fsm see what other triggers make of the row', async () => {
    const Fixed = await item([readOnly({ fields: ['name'] }), sets('name', 'other')]);
    await Fixed.create({ name: 'a', price: 1 });
    expect(await refusal(Fixed.update({ price: 2 }, { where: {} }))).to.be.instanceOf(ReadOnlyError);
    const Moving = await item([fsm({ field: 'status', transitions: { a: ['b'] } }), sets('status', 'zzz')]);
    await Moving.create({ name: 'a', status: 'a', price: 1 });
    expect(await refusal(Moving.update({ price: 2 }, { where: {} }))).to.be.instanceOf(TransitionError);
  });

  it('readOnly, fsm and composer hold for a row that goes to another partition', async () => {
    const attributes = {
      id: { type: DataTypes.INTEGER, primaryKey: true },
      region: { type: DataTypes.TEXT, primaryKey: true },
      name: DataTypes.TEXT,
      status: DataTypes.TEXT,
    };
    const checks = [readOnly({ fields: ['name'] }), fsm({ field: 'status', transitions: { new: ['old'] } })];
    for (const [name, triggers] of Object.entries({ moved: checks, logged: [logging('statement')] })) {
      await query(`CREATE TABLE ${name} (id int, region text, name text, status text, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
        CREATE TABLE ${name}_a PARTITION OF ${name} FOR VALUES IN ('a'); CREATE TABLE ${name}_b PARTITION OF ${name} FOR VALUES IN ('b');
        INSERT INTO ${name} VALUES (1, 'a', 'x', 'new')`);
      const sequelize = db.connect();
      sequelize.define(name, attributes, { tableName: name, timestamps: false, triggers });
      await sequelize.sync();
    }
    const move = (table: string, also = '') => sqlstate(query(`UPDATE ${table} SET region = 'b'${also}`));
    expect(await move('moved', `, name = 'y'`)).to.equal('23U02');
    expect(await move('moved', `, status = 'gone'`)).to.equal('23U03');
    expect(await move('logged')).to.equal('0A000');
    await query(`UPDATE moved SET region = 'b', status = 'old'`);
  });

  it('composer refuses to have keys changed, which would pair old and new rows wrongly; for each row it does not', async () => {
    const Item = await item([logging('statement')]);
    await Item.bulkCreate([
      { name: 'one', price: 1 },
      { name: 'two', price: 1 },
    ]);
    const shift = `UPDATE ${Item.table} SET id = id - 1`;
    const error = await refusal(Item.sequelize?.query(shift) as Promise<unknown>);
    expect(error).to.have.nested.property('parent.code', '0A000');
    expect(error).to.have.nested.property('parent.constraint', 'log');
    expect(error)
      .to.have.nested.property('parent.hint')
      .that.matches(/set \{ level: "row" \}/);
    await query(`UPDATE ${Item.table} SET id = id, name = upper(name) WHERE name = 'one'`);
    expect(await logged()).to.deep.equal([{ was: 'one', now: 'ONE' }]);
    await Item.sequelize?.transaction((transaction) =>
      ignoreTriggers('log', { transaction }, () => Item.update({ id: 7 }, { where: { name: 'two' }, transaction })),
    );
    const Rows = await item([logging('row')]);
    await Rows.bulkCreate([
      { name: 'a', price: 1 },
      { name: 'b', price: 1 },
    ]);
    await query(`UPDATE ${Rows.table} SET id = id - 1, name = upper(name) WHERE name = 'b' OR id = 1`);
    expect(await logged())
      .to.deep.include({ was: 'b', now: 'B' })
      .and.to.have.length(3);
  });

  it('composer names tables in its condition', async () => {
    const Other = await item([]);
    const condition = raw`EXISTS (SELECT FROM ${table(Other)})`;
    const body = plpgsql`INSERT INTO ${sql`log`} SELECT NULL, ${fresh('name')} FROM ${changes}`;
    const Item = await item([composer({ name: 'c', operation: insert, condition, body })]);
    await Item.create({ name: 'a', price: 1 });
    await Other.create({ name: 'b', price: 1 });
    await Item.create({ name: 'c', price: 1 });
    expect(await logged()).to.deep.equal([{ was: null, now: 'c' }]);
    expect(() => composer({ name: 'c', operation: insert, body: 'x' as never })).to.throw(DefinitionError, /"body"/);
  });

  it('searchVector finds a configuration without a schema, under any search_path, cascades of ours included', async () => {
    await query('CREATE TEXT SEARCH CONFIGURATION "My config" (COPY = pg_catalog.simple)');
    const sequelize = db.connect();
    class Shelf extends Guitar(Model) {}
    Shelf.init({ name: DataTypes.TEXT }, { sequelize, tableName: 'shelf' });
    class Book extends Guitar(Model) {
      declare words: string;
    }
    const search = searchVector({ field: 'words', from: ['name'], config: '"My config"' });
    Book.init(
      { name: DataTypes.TEXT, words: DataTypes.TSVECTOR },
      { sequelize, tableName: 'book', triggers: [search] },
    );
    Shelf.hasMany(Book, { foreignKey: 'shelfId', onDelete: 'CASCADE' });
    Book.belongsTo(Shelf, { foreignKey: 'shelfId', onDelete: 'CASCADE' });
    await sequelize.sync();
    const shelf = await Shelf.create({ name: 's' } as never);
    await Book.create({ name: 'the lutes', shelfId: shelf.get('id') } as never);
    expect((await Book.findOne())?.words).to.equal(`'lutes':2 'the':1`);
    await shelf.destroy();
    expect(await Book.count()).to.equal(0);
    const Own = await item([searchVector({ field: 'name', from: ['status'], config: 'none' })]);
    expect(await sqlstate(query(`INSERT INTO ${Own.table} (name) VALUES ('a')`))).to.equal('42704');
  });

  it('refuses what a BEFORE trigger cannot see, and columns that there are not', () => {
    const sequelize = db.connect();
    const full = { type: "text GENERATED ALWAYS AS (name || '!') STORED" };
    const attributes = { ...ATTRIBUTES, full, words: DataTypes.TSVECTOR };
    const search = searchVector({ field: 'words', from: ['full'] });
    const defining = () => sequelize.define('thing', attributes, { timestamps: false, triggers: [search] });
    expect(defining).to.throw(DefinitionError, /the body of .*"full", which is generated/);
    const Thing = sequelize.define('thing', attributes, { timestamps: false });
    const check = (each: Parameters<typeof checkTrigger>[1]) => () => checkTrigger(Thing as never, each);
    expect(check(search)).to.throw(DefinitionError, /the body of .*"full", which is generated/);
    expect(check(searchVector({ field: 'nope', from: ['name'] }))).to.throw(DefinitionError, /sets "nope"/);
    for (const each of fsm({ field: 'nope', transitions: { a: ['b'] } }))
      expect(check(each)).to.throw(DefinitionError, /is of "nope"/);
  });

  it('readOnly leaves the version to Sequelize, which counts it', async () => {
    const versioned = { version: true, timestamps: true };
    const Item = await item([readOnly({ exclude: ['name'] })], ATTRIBUTES, versioned);
    const one = await Item.create({ name: 'a', price: 1 });
    await one.update({ name: 'b' });
    expect(await refusal(one.update({ price: 2 }))).to.be.instanceOf(ReadOnlyError);
    const wrong = await refusal(item([readOnly({ fields: ['version'] })], ATTRIBUTES, versioned));
    expect(wrong)
      .to.be.instanceOf(DefinitionError)
      .with.property('message')
      .that.matches(/"version" is kept for the model/);
  });
});
