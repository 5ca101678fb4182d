import { expect } from 'chai';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { DefinitionError, install, Tracked } from '../../lib';
import {
  ignoreTriggers,
  plpgsql,
  registerTriggers,
  TogetherError,
  table,
  together,
  trigger,
  update,
} from '../../lib/triggers';
import { refusal } from '../contract/world';
import { useTriggers } from './world';

describe('together', () => {
  const { item, query } = useTriggers();
  const group = ['status', 'price'];

  it('refuses a raw UPDATE that sets half a group, and lets through all of it and none', async () => {
    const Item = await item([together(group)]);
    const one = await Item.create({ name: 'a', status: 'x', price: 1 });
    for (const set of [`"item status" = 'y', price = 2`, `name = 'b'`, `price = price, "item status" = "item status"`])
      await query(`UPDATE ${Item.table} SET ${set}`);
    const error = await refusal(query(`UPDATE ${Item.table} SET price = 3, name = 'c'`));
    expect(error).to.have.nested.property('parent.code', '23U04');
    const mine = (await refusal(one.update({ status: 'z' }))) as TogetherError;
    expect(mine).to.be.instanceOf(TogetherError);
    expect(mine).to.include({
      code: '23U04',
      constraint: 'together status price',
      table: Item.table,
      detail: 'Set: {"item status"}; missing: {price}',
    });
    expect(mine.message).to.match(/sets \{"item status"\} and not \{price\}\. Set all of them/);
    await one.reload();
    expect([one.status, one.price, one.name]).to.deep.equal(['y', '2', 'b']);
  });

  it('an upsert is an UPDATE; what the statement finds does not matter', async () => {
    const Item = await item([together(group)]);
    const upsert = (set: string) =>
      query(`INSERT INTO ${Item.table} (id, name) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET ${set}`);
    expect(await refusal(upsert('price = 1'))).to.have.nested.property('parent.code', '23U04');
    await upsert('price = 1, "item status" = NULL');
    expect(await refusal(query(`UPDATE ${Item.table} SET price = 1 WHERE false`))).to.be.instanceOf(Error);
  });

  it('each UPDATE of a WITH is judged by itself', async () => {
    const Item = await item([together(group)]);
    await Item.bulkCreate([{ name: 'a' }, { name: 'b' }]);
    const [both, half] = [`price = 1, "item status" = 'x'`, 'price = 2'];
    const within = (first: string, second: string) =>
      query(
        `WITH first AS (UPDATE ${Item.table} SET ${first} WHERE name = 'a' RETURNING 1) UPDATE ${Item.table} SET ${second} WHERE name = 'b'`,
      );
    for (const [first, second] of [
      [both, half],
      [half, both],
      ['stock = 1', half],
      [half, 'stock = 1'],
      [half, `"item status" = 'y'`],
    ] as const)
      expect(await refusal(within(first, second)), `${first}; ${second}`).to.have.nested.property(
        'parent.code',
        '23U04',
      );
    await within(both, both);
    await within('stock = 1', both);
    await within(both, 'stock = 2');
    expect(await refusal(within(both, half)))
      .to.have.property('parent')
      .that.includes({
        constraint: 'together status price',
        detail: 'Set: {price}; missing: {"item status"}',
      });
  });

  it('ignored, of a WITH too', async () => {
    const Item = await item([together(group)]);
    await Item.bulkCreate([{ name: 'a' }, { name: 'b' }]);
    const sequelize = Item.sequelize as Sequelize;
    await sequelize.transaction(async (transaction) => {
      const within = `WITH a AS (UPDATE ${Item.table} SET stock = 1) UPDATE ${Item.table} SET price = 2`;
      await ignoreTriggers('together status price', { transaction }, () => sequelize.query(within, { transaction }));
      expect(await refusal(sequelize.query(within, { transaction }))).to.have.property('code', '23U04');
    });
  });

  it('a limit: of a MERGE, what its UPDATEs set counts together', async function () {
    const [server] = (await query('SHOW server_version_num')) as { server_version_num: string }[];
    if (Number(server?.server_version_num) < 150000) this.skip();
    const Item = await item([together(group)]);
    await Item.bulkCreate([{ name: 'a' }, { name: 'b' }]);
    const merge = (one: string, other: string) =>
      query(
        `MERGE INTO ${Item.table} t USING (VALUES ('a'), ('b')) AS v(name) ON t.name = v.name
         WHEN MATCHED AND v.name = 'a' THEN UPDATE SET ${one} WHEN MATCHED THEN UPDATE SET ${other}`,
      );
    expect(await refusal(merge('price = 1', 'price = 2'))).to.have.nested.property('parent.code', '23U04');
    await merge('price = 1', `"item status" = 'x'`);
    expect(await Item.count({ where: { price: 1, status: null } as never })).to.equal(1);
  });

  it('a key that a deletion sets to NULL is half a group', async () => {
    const Item = await item([together(['stock', 'price'])]);
    await query(`CREATE TABLE ${Item.table}_of (id integer PRIMARY KEY)`);
    await query(`INSERT INTO ${Item.table}_of VALUES (1)`);
    await query(`ALTER TABLE ${Item.table} ADD FOREIGN KEY (stock) REFERENCES ${Item.table}_of ON DELETE SET NULL`);
    await query(`INSERT INTO ${Item.table} (stock, price) VALUES (1, 1)`);
    const error = await refusal(query(`DELETE FROM ${Item.table}_of`));
    expect(error).to.have.nested.property('parent.code', '23U04');
  });

  it('an UPDATE of a partition is judged by its rows', async () => {
    const Item = await item([together(group)]);
    const [{ sequelize }, table] = [Item, `${Item.table}_parts`];
    await query(`CREATE TABLE ${table} (id integer, price numeric, "item status" text) PARTITION BY LIST (id)`);
    await query(`CREATE TABLE ${table}_one PARTITION OF ${table} FOR VALUES IN (1)`);
    await query(`INSERT INTO ${table} VALUES (1, 1, 'x')`);
    const attributes = { status: { type: DataTypes.TEXT, field: 'item status' }, price: DataTypes.DECIMAL };
    const Parts = (sequelize as Sequelize).define('Parts', attributes, { tableName: table, timestamps: false });
    registerTriggers(Parts, [together(group)]);
    await install(sequelize as Sequelize, { models: [Parts] });
    for (const each of [table, `${table}_one`])
      expect(await refusal(query(`UPDATE ${each} SET price = 2`))).to.have.nested.property('parent.code', '23U04');
    await query(`UPDATE ${table}_one SET price = 2, "item status" = 'y'`);
  });

  it('an error leaves no note behind, nor does a statement within a statement', async () => {
    const inner = trigger({
      name: 'inner',
      when: 'before',
      level: 'statement',
      operation: update,
      body: plpgsql`IF pg_trigger_depth() = 1 THEN UPDATE ${table()} SET price = 0, "item status" = 'q' WHERE false; END IF;`,
    });
    const Item = await item([together(group), inner]);
    const sequelize = Item.sequelize;
    await sequelize?.transaction(async (transaction) => {
      const run = (sql: string) => sequelize.query(sql, { transaction });
      await run(`INSERT INTO ${Item.table} (price) VALUES (1)`);
      await run('SAVEPOINT a');
      await refusal(run(`UPDATE ${Item.table} SET price = 2`));
      await run('ROLLBACK TO SAVEPOINT a');
      await refusal(run(`UPDATE ${Item.table} SET price = 1/0, "item status" = 'x'`));
      await run('ROLLBACK TO SAVEPOINT a');
      await run(`UPDATE ${Item.table} SET price = 2, "item status" = 'x'`);
      await run(`UPDATE ${Item.table} SET name = 'x'`);
      expect(await refusal(run(`UPDATE ${Item.table} SET "item status" = 'x'`))).to.have.property('code', '23U04');
      await run('ROLLBACK TO SAVEPOINT a');
    });
  });

  it('two groups, and ignoring one', async () => {
    const Item = await item([together(group), together(['name', 'stock'], { name: 'goods' })]);
    await Item.create({ name: 'a', price: 1 });
    expect(await refusal(Item.update({ name: 'b' }, { where: {} }))).to.have.property('constraint', 'goods');
    await Item.sequelize?.transaction(async (transaction) => {
      await ignoreTriggers('goods', { transaction }, () => Item.update({ name: 'b' }, { where: {}, transaction }));
    });
    expect(await Item.count({ where: { name: 'b' } })).to.equal(1);
  });

  it('agrees with updateTogether of a tracked model', async () => {
    const Plain = await item([together(group)]);
    class Item extends Tracked(Model) {}
    const attributes = { status: { type: DataTypes.TEXT, field: 'item status' }, price: DataTypes.DECIMAL };
    const { sequelize } = Plain;
    Item.init(attributes, {
      sequelize: sequelize as never,
      tableName: Plain.table,
      timestamps: false,
      updateTogether: [group],
    });
    const one = await Item.create({ status: 'x', price: 1 });
    await one.update({ price: 2 });
    expect(await Plain.count({ where: { price: 2, status: 'x' } })).to.equal(1);
  });

  it('mistakes', async () => {
    for (const fields of [[], ['price'], ['price', 'price'], 'price'])
      expect(() => together(fields as string[])).to.throw(DefinitionError, /needs two columns or more/);
    expect(() => together(group, { nam: 'x' } as never)).to.throw(DefinitionError, /has no option "nam"/);
    expect(await refusal(item([together(['price', 'cost'])]))).to.match(
      /together\(\) is of "cost".*Use some of: id, name/,
    );
  });
});
