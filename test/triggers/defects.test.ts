import { expect } from 'chai';
import { DataTypes, Op, type Sequelize } from 'sequelize';
import { audit } from '../../lib';
import {
  allDontChange,
  and,
  fresh,
  fsm,
  ignoreTriggers,
  insert,
  old,
  plpgsql,
  protect,
  ReadOnlyError,
  raw,
  readOnly,
  setConstraints,
  softDelete,
  TransitionError,
  trigger,
  update,
  when,
} from '../../lib/triggers';
import { refusal, rows, sqlstate } from '../contract/world';
import { copyIn } from '../support/copy';
import { ATTRIBUTES, useTriggers } from './world';

// What goes wrong elsewhere: each is a row of docs/triggers-parity.md.
describe('defects that others have, of conditions and recipes', () => {
  const { db, item, query } = useTriggers();
  const body = plpgsql`NEW.name := 'fired';`;
  const names = async (table: string) =>
    (await rows<{ name: string }>(db.sequelize, `SELECT name FROM ${table} ORDER BY id`)).map(({ name }) => name);

  it('a name with a hyphen works everywhere: installed, ignored, put off', async () => {
    const late = trigger({ name: 'is-late', when: 'after', operation: insert, timing: 'deferred', body: plpgsql`` });
    const Item = await item([protect({ name: 'no-delete' }), late]);
    await Item.create({ name: 'a', price: 1 });
    expect(await sqlstate(query(`DELETE FROM ${Item.table}`))).to.equal('23U01');
    await Item.sequelize?.transaction(async (transaction) => {
      await setConstraints('immediate', 'is-late', { transaction });
      await ignoreTriggers(['no-delete', 'is-late'], { transaction }, () => Item.destroy({ where: {}, transaction }));
    });
    expect(await Item.count()).to.equal(0);
    expect((await audit(Item.sequelize as Sequelize)).findings).to.deep.equal([]);
  });

  it('softDelete quotes the column and escapes the value', async () => {
    const odd = `O'Brien's "gone" \\ $$ %s {x}`;
    const attributes = {
      ...ATTRIBUTES,
      status: { type: DataTypes.TEXT, field: 'select from' },
      key: { type: DataTypes.TEXT, primaryKey: true, field: 'order key' },
      id: { type: DataTypes.INTEGER, autoIncrement: true, unique: true },
    };
    const Item = await item([softDelete({ field: 'status', value: odd })], attributes);
    await query(`INSERT INTO ${Item.table} ("order key") VALUES ('1'), ('2')`);
    await query(`DELETE FROM ${Item.table} WHERE "order key" = '1'`);
    expect(await rows(db.sequelize, `SELECT "order key", "select from" FROM ${Item.table} ORDER BY 1`)).to.deep.equal([
      { 'order key': '1', 'select from': odd },
      { 'order key': '2', 'select from': null },
    ]);
  });

  it('(a) OR (b) beside another condition, and beside the ignore check, is parenthesised', async () => {
    const either = raw('(NEW.price = 1) OR (NEW.price = 2)');
    const Item = await item([
      trigger({
        name: 'both',
        when: 'before',
        operation: insert,
        condition: and(either, when({ new: { name: 'a' } })),
        body,
      }),
    ]);
    await Item.bulkCreate([
      { name: 'a', price: 1 },
      { name: 'b', price: 1 },
      { name: 'a', price: 3 },
    ]);
    await Item.sequelize?.transaction((transaction) =>
      ignoreTriggers('both', { transaction }, () => Item.create({ name: 'a', price: 1 }, { transaction })),
    );
    expect(await names(Item.table)).to.deep.equal(['fired', 'b', 'a', 'a']);
  });

  it('OLD. and NEW. inside literals and names are left alone', async () => {
    const text = 'NEW.name OLD.id {x} %(y)s';
    const attributes = { ...ATTRIBUTES, status: { type: DataTypes.TEXT, field: 'OLD.status' } };
    const Item = await item(
      [
        trigger({
          name: 'OLD.trigger',
          when: 'before',
          operation: update,
          condition: when({ old: { status: text }, new: { status: { [Op.ne]: 'NEW.status' } } }),
          body: plpgsql`${fresh('name')} := ${text} || ${old('status')} || 'OLD.status';`,
        }),
      ],
      attributes,
    );
    await Item.create({ name: 'a', status: text, price: 1 });
    await query(`UPDATE ${Item.table} SET price = 2`);
    expect(await names(Item.table)).to.deep.equal([`${text}${text}OLD.status`]);
  });

  it('json and generated columns take part in comparisons, or are left out, without an error', async () => {
    const generated = 'numeric GENERATED ALWAYS AS (price * 2) STORED';
    const attributes = { ...ATTRIBUTES, data: DataTypes.JSON, twice: generated };
    const Item = await item(
      [
        readOnly({ exclude: ['name', 'price', 'status'] }),
        trigger({
          name: 'redundant',
          when: 'before',
          operation: update,
          condition: allDontChange(),
          body: plpgsql`RETURN NULL;`,
        }),
      ],
      attributes as never,
    );
    await query(`INSERT INTO ${Item.table} (price, data) VALUES (1, '{"a": [1, null]}')`);
    const done = async (sql: string) =>
      ((await query(`UPDATE ${Item.table} SET ${sql}`))[1] as { rowCount: number }).rowCount;
    expect(await done(`data = '{"a": [1, null]}'`)).to.equal(0);
    expect(await done('price = 2')).to.equal(1);
    const error = await refusal(
      Item.sequelize?.query(`UPDATE ${Item.table} SET data = '{"a": [1]}'`) as Promise<unknown>,
    );
    expect(error).to.be.instanceOf(ReadOnlyError).and.include({ column: 'data' });
    expect(await sqlstate(query(`UPDATE ${Item.table} SET data = NULL`))).to.equal('23U02');
  });

  it('fsm: any text and NULL are states, and each pair is one transition', async () => {
    const states = ['a,b', `it's`, '{c}', '"d"', '\\', '', 'NULL', null] as const;
    const pairs = states.map((state, n) => [state, states[(n + 1) % states.length] ?? null] as const);
    const Item = await item([fsm({ field: 'status', initial: ['a,b'], transitions: pairs })]);
    const one = await Item.create({ name: 'a', status: 'a,b', price: 1 });
    for (const [from, to] of pairs) {
      for (const wrong of states.filter((state) => state !== to && state !== from))
        expect(await refusal(one.update({ status: wrong })), `${from} → ${wrong}`).to.be.instanceOf(TransitionError);
      await one.reload();
      await one.update({ status: to });
    }
  });

  it('fsm: an INSERT is checked, COPY and INSERT … SELECT as well', async () => {
    const Item = await item([fsm({ field: 'status', initial: ['draft'], transitions: { draft: ['done'] } })]);
    for (const sql of [
      `INSERT INTO ${Item.table} ("item status") VALUES ('draft'), ('done')`,
      `INSERT INTO ${Item.table} (name) SELECT 'no state'`,
    ])
      expect(await sqlstate(query(sql))).to.equal('23U03');
    const copied = copyIn(await db.client(), `COPY ${Item.table} ("item status") FROM STDIN`, 'draft\ndone\n');
    expect(await refusal(copied)).to.have.property('code', '23U03');
    await query(`INSERT INTO ${Item.table} ("item status") SELECT 'draft'`);
    expect(await Item.count()).to.equal(1);
  });

  it('refusals have SQLSTATEs of their own, with schema, table, column and constraint, for any client', async () => {
    const Item = await item([
      protect(),
      readOnly({ fields: ['status'] }),
      fsm({ field: 'price', transitions: [[1, 2]] }),
    ]);
    await Item.create({ name: 'a', status: 's', price: 1 });
    const client = await db.client();
    const about = async (sql: string) => {
      const { code, schema, table, column, constraint } = (await client.query(sql).then(
        () => ({}),
        (error) => error,
      )) as Record<string, string>;
      return [code, schema, table, column, constraint];
    };
    const where = ['app', Item.table];
    expect(await about(`DELETE FROM ${Item.table}`)).to.deep.equal(['23U01', ...where, undefined, 'protect']);
    expect(await about(`UPDATE ${Item.table} SET "item status" = 'x'`)).to.deep.equal([
      '23U02',
      ...where,
      'item status',
      'readOnly',
    ]);
    expect(await about(`UPDATE ${Item.table} SET price = 3`)).to.deep.equal(['23U03', ...where, 'price', 'fsm']);
  });
});
