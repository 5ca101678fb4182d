import { expect } from 'chai';
import { DataTypes, Op, type Sequelize } from 'sequelize';
import { DefinitionError } from '../../lib';
import {
  anyChange,
  appendOnly,
  changes,
  composer,
  del,
  fresh,
  fsm,
  ignoreTriggers,
  insert,
  notify,
  old,
  ProtectedError,
  plpgsql,
  protect,
  ReadOnlyError,
  readOnly,
  searchVector,
  softDelete,
  sql,
  TransitionError,
  update,
  when,
} from '../../lib/triggers';
import { refusal, rows } from '../contract/world';
import { ATTRIBUTES, useTriggers } from './world';

describe('ready-made triggers', () => {
  const { db, item, query } = useTriggers();

  it('protect refuses a DELETE, and with it TRUNCATE; the rows of its condition only', async () => {
    const Item = await item([protect({ condition: when({ old: { status: 'paid' } }) })]);
    await Item.bulkCreate([
      { name: 'a', status: 'paid', price: 1 },
      { name: 'b', status: null, price: 1 },
    ]);
    expect(await Item.destroy({ where: { name: 'b' } })).to.equal(1);
    const error = (await refusal(Item.destroy({ where: {} }))) as ProtectedError;
    expect(error).to.be.instanceOf(ProtectedError);
    expect(error).to.include({
      code: '23U01',
      constraint: 'protect',
      schema: 'app',
      table: Item.table,
      name: 'ProtectedError',
    });
    expect((error.cause as { parent: unknown }).parent).to.have.property('code', '23U01');
    expect(error.message).to.match(/DELETE on table "item_\d+" is refused by "protect"\. Leave the row/);
    expect(await refusal(Item.truncate())).to.be.instanceOf(ProtectedError);
    expect(await Item.count()).to.equal(1);
  });

  it('readOnly names the column; the same value is no change; exclude keeps the times out', async () => {
    const Item = await item([readOnly({ fields: ['status', 'price'] })]);
    const one = await Item.create({ name: 'a', status: 'x', price: 1.5 });
    await one.update({ name: 'b' });
    await query(`UPDATE ${Item.table} SET "item status" = 'x', price = 1.50`);
    const error = (await refusal(query(`UPDATE ${Item.table} SET price = NULL`))) as ReadOnlyError;
    expect(error.message).to.match(/column "price" of table/);
    const mine = (await refusal(one.update({ status: null }))) as ReadOnlyError;
    expect(mine).to.be.instanceOf(ReadOnlyError);
    expect(mine).to.include({ code: '23U02', column: 'item status', constraint: 'readOnly' });
    const Other = await item([readOnly({ exclude: ['name'] })], ATTRIBUTES, { timestamps: true });
    const other = await Other.create({ name: 'a', price: 1 });
    await other.update({ name: 'b' });
    expect(await refusal(other.update({ price: 2 }))).to.be.instanceOf(ReadOnlyError);
  });

  it('fsm lets listed transitions through, of text with commas, quotes, braces and of NULL; and checks the beginning', async () => {
    const odd = `it's {a, "b"} \\ ; $$`;
    const Item = await item([
      fsm({
        field: 'status',
        initial: ['draft', null],
        transitions: [
          ['draft', odd],
          [odd, null],
          [null, 'draft'],
        ],
      }),
    ]);
    const one = await Item.create({ name: 'a', status: 'draft', price: 1 });
    for (const status of [odd, null, null, 'draft']) await one.update({ status });
    const error = (await refusal(one.update({ status: null }))) as TransitionError;
    expect(error).to.be.instanceOf(TransitionError);
    expect(error).to.include({ code: '23U03', column: 'item status', constraint: 'fsm' });
    expect(error.message).to.include(`item status of table "${Item.table}" may not go from 'draft' to NULL`);
    const begun = await refusal(Item.create({ name: 'b', status: odd, price: 1 }));
    expect(begun).to.be.instanceOf(TransitionError);
    expect(begun.message).to.match(/may not begin with.*Begin with one of: draft, null/);
    await one.update({ status: odd });
    // An upsert of a row that is there begins nothing.
    await query(
      `INSERT INTO ${Item.table} (id, "item status") VALUES (${one.id}, 'elsewhere') ON CONFLICT (id) DO UPDATE SET name = 'c'`,
    );
    expect(await Item.count({ where: { name: 'c' } })).to.equal(1);
  });

  it('fsm of integers and enums; a state that the enum does not have is refused at once', async () => {
    const Counted = await item([
      fsm({
        field: 'stock',
        transitions: [
          [1, 2],
          [2, 3],
        ],
      }),
    ]);
    const one = await Counted.create({ name: 'a', stock: 1, price: 1 });
    await one.update({ stock: 2 });
    expect(await refusal(one.update({ stock: 1 }))).to.be.instanceOf(TransitionError);
    const attributes = { ...ATTRIBUTES, status: DataTypes.ENUM('draft', 'done') };
    const Enum = await item([fsm({ field: 'status', transitions: { draft: ['done'] } })], attributes);
    const two = await Enum.create({ name: 'a', status: 'draft', price: 1 });
    await two.update({ status: 'done' });
    expect(await refusal(two.update({ status: 'draft' }))).to.be.instanceOf(TransitionError);
    const error = await refusal(item([fsm({ field: 'status', transitions: { draft: ['gone'] } })], attributes));
    expect(error).to.be.instanceOf(DefinitionError);
    expect(error.message).to.match(/fsm\(\) knows the state "gone", which "status" cannot have\. Use: draft, done\./);
  });

  it('softDelete sets a value or a time, once; ignored, the row goes', async () => {
    const Item = await item([softDelete({ field: 'status', value: `it's "gone"` })]);
    await Item.bulkCreate([
      { name: 'a', price: 1 },
      { name: 'b', price: 1 },
    ]);
    await query(`DELETE FROM ${Item.table} WHERE name = 'a'`);
    expect((await Item.findAll({ order: ['id'] })).map(({ status }) => status)).to.deep.equal([`it's "gone"`, null]);
    await Item.sequelize?.transaction((transaction) =>
      ignoreTriggers({ model: Item, kind: 'softDelete' }, { transaction }, () =>
        Item.destroy({ where: {}, transaction }),
      ),
    );
    expect(await Item.count()).to.equal(0);
    const Timed = await item([softDelete({ field: 'gone' })], { ...ATTRIBUTES, gone: DataTypes.DATE });
    await Timed.create({ name: 'a', price: 1 });
    const gone = () => rows<{ gone: Date }>(db.sequelize, `SELECT gone FROM ${Timed.table}`);
    await query(`DELETE FROM ${Timed.table}`);
    const [first] = await gone();
    expect(first?.gone).to.be.instanceOf(Date);
    await query(`DELETE FROM ${Timed.table}`);
    expect(await gone()).to.deep.equal([first]);
  });

  it('appendOnly refuses UPDATE, DELETE and TRUNCATE, and lets an INSERT … ON CONFLICT DO NOTHING through', async () => {
    const Item = await item([appendOnly()]);
    await Item.create({ id: 1, name: 'a', price: 1 });
    for (const sql of ['UPDATE % SET name = name', 'DELETE FROM %', 'TRUNCATE %'])
      expect(await refusal((Item.sequelize as Sequelize).query(sql.replace('%', Item.table)))).to.be.instanceOf(
        ProtectedError,
      );
    await query(`INSERT INTO ${Item.table} (id) VALUES (1) ON CONFLICT DO NOTHING`);
    await query(`UPDATE ${Item.table} SET name = 'b' WHERE false`);
  });

  it('searchVector follows its columns', async () => {
    const Item = await item([searchVector({ field: 'search', from: { name: 'A', status: 'B' } })], {
      ...ATTRIBUTES,
      search: DataTypes.TSVECTOR,
    });
    await Item.create({ name: 'Guitars and lutes', price: 1 });
    await query(`UPDATE ${Item.table} SET "item status" = 'broken'`);
    expect(await rows(db.sequelize, `SELECT search::text FROM ${Item.table}`)).to.deep.equal([
      { search: `'broken':4B 'guitar':1A 'lute':3A` },
    ]);
  });

  it('notify tells of rows when the transaction commits, and leaves out what is too long', async () => {
    const Item = await item([notify({ channel: 'odd "channel"', fields: ['name', 'status'] })]);
    const client = await db.client();
    const heard: unknown[] = [];
    client.on('notification', ({ payload }) => heard.push(JSON.parse(payload ?? '')));
    await client.query('LISTEN "odd ""channel"""');
    await query(`INSERT INTO ${Item.table} (name) VALUES ('a')`);
    await query(`UPDATE ${Item.table} SET "item status" = repeat('x', 9000)`);
    await query(`DELETE FROM ${Item.table}`);
    await client.query('SELECT 1');
    const about = { schema: 'app', table: Item.table, key: { id: 1 } };
    expect(heard).to.deep.equal([
      { operation: 'INSERT', ...about, new: { name: 'a', status: null } },
      { operation: 'UPDATE', ...about, truncated: true },
      { operation: 'DELETE', ...about, truncated: true },
    ]);
  });

  for (const level of ['row', 'statement'] as const) {
    it(`composer serves with one body for each ${level}`, async () => {
      await query('DROP TABLE IF EXISTS log');
      await query(`CREATE TABLE log (what text, id int, was numeric, now numeric)`);
      const body = (what: string) =>
        what === 'insert'
          ? plpgsql`INSERT INTO ${sql`log`} SELECT 'insert', ${fresh('id')}, NULL, ${fresh('price')} FROM ${changes};`
          : what === 'update'
            ? plpgsql`INSERT INTO ${sql`log`} SELECT 'update', ${fresh('id')}, ${old('price')}, ${fresh('price')} FROM ${changes};`
            : plpgsql`INSERT INTO ${sql`log`} SELECT 'delete', ${old('id')}, ${old('price')}, NULL FROM ${changes};`;
      const Item = await item([
        composer({ name: 'i', level, operation: insert, body: body('insert') }),
        composer({
          name: 'u',
          level,
          operation: update,
          condition: anyChange({ fields: ['price'] }),
          body: body('update'),
        }),
        composer({
          name: 'd',
          level,
          operation: del,
          condition: when({ old: { price: { [Op.gt]: 1 } } }),
          body: body('delete'),
        }),
      ]);
      await Item.bulkCreate([
        { name: 'a', price: 1 },
        { name: 'b', price: 2 },
      ]);
      await query(`UPDATE ${Item.table} SET price = 2`);
      await query(`DELETE FROM ${Item.table} WHERE id = 1`);
      await query(`UPDATE ${Item.table} SET price = 0`);
      await query(`DELETE FROM ${Item.table}`);
      expect(
        (
          await rows<{ line: string }>(
            db.sequelize,
            `SELECT concat_ws(' ', what, id, was, '→', now) AS line FROM log ORDER BY ctid`,
          )
        ).map(({ line }) => line),
      ).to.deep.equal(['insert 1 → 1', 'insert 2 → 2', 'update 1 1 → 2', 'delete 1 2 →', 'update 2 2 → 0']);
    });
  }
});
