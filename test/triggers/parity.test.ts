import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { DataTypes, Op, type Sequelize } from 'sequelize';
import { audit, install, uninstall } from '../../lib';
import { makeMigration, writeMigration } from '../../lib/migrations/make';
import {
  allChange,
  allDontChange,
  and,
  anyChange,
  anyDontChange,
  type Condition,
  col,
  distinctFrom,
  fresh,
  ignoreTriggers,
  insert,
  literal,
  not,
  old,
  or,
  ProtectedError,
  plpgsql,
  protect,
  readOnly,
  registerTriggers,
  setConstraints,
  table,
  trigger,
  update,
  when,
} from '../../lib/triggers';
import { refusal, rows, sqlstate } from '../contract/world';
import { ATTRIBUTES, useTriggers } from './world';

// What other tests say only by the way: each is a row of docs/triggers-parity.md.
describe('what django-pgtrigger can do', () => {
  const { db, item, query } = useTriggers();

  /** Which of the conditions hold for an UPDATE from one row to another. */
  async function holding(conditions: Record<string, Condition>, before: object, after: object, options = {}) {
    const note = ([name, condition]: [string, Condition]) =>
      trigger({
        name,
        condition,
        when: 'after',
        operation: update,
        body: plpgsql`INSERT INTO held VALUES (${name});`,
      });
    await query('DROP TABLE IF EXISTS held');
    await query('CREATE TABLE held (name text)');
    const Item = await item(Object.entries(conditions).map(note), ATTRIBUTES, options);
    const one = await Item.create({ name: 'a', price: 1, ...before });
    await one.update(after);
    const found = await rows<{ name: string }>(db.sequelize, 'SELECT name FROM held ORDER BY name');
    return found.map(({ name }) => name);
  }

  it('conditions on values, operators, and columns of either row; and, or, not', async () => {
    const conditions = {
      value: when({ old: { status: null }, new: { status: 'sold' } }),
      operator: when({ new: { price: { [Op.between]: [2, 3] }, name: { [Op.iLike]: 'A%' } } }),
      column: when({ new: { price: { [Op.gt]: old('price') } } }),
      distinct: distinctFrom(old('status'), fresh('status')),
      joined: or(when({ new: { price: 9 } }), and(when({ old: { price: 1 } }), not(when({ old: { name: 'b' } })))),
      no: when({ new: { status: { [Op.ne]: fresh('status') } } }),
      unknown: not(when({ old: { stock: { [Op.gt]: 0 } } })),
      nor: when({ old: { stock: { [Op.lte]: 0 } } }),
    };
    const held = await holding(conditions, { stock: null }, { price: 2, status: 'sold' });
    expect(held).to.deep.equal(['column', 'distinct', 'joined', 'operator', 'unknown', 'value']);
  });

  it('anyChange, allChange, anyDontChange, allDontChange: of fields, of all but some, without the times', async () => {
    const both = { fields: ['name', 'price'] };
    const conditions = {
      anyChange: anyChange(both),
      allChange: allChange(both),
      anyDontChange: anyDontChange(both),
      allDontChange: allDontChange(both),
      'but price': anyChange({ exclude: ['price'], excludeTimestamps: true }),
      'but the times': allDontChange({ exclude: ['name', 'price'], excludeTimestamps: true }),
      times: anyChange({ exclude: ['name', 'price'] }),
    };
    const names = async (after: object) => holding(conditions, {}, after, { timestamps: true });
    const same = ['but the times', 'times'];
    expect(await names({ price: 2 })).to.deep.equal(['anyChange', 'anyDontChange', ...same]);
    expect(await names({ price: 2, name: 'b' })).to.deep.equal(['allChange', 'anyChange', 'but price', ...same]);
    expect(await names({ stock: 2 })).to.deep.equal(['allDontChange', 'anyDontChange', 'but price', 'times']);
  });

  it('a body names tables, columns, rows and values by pieces', async () => {
    const Log = await item([], { id: ATTRIBUTES.id, line: { type: DataTypes.JSONB, field: 'the line' } } as never);
    const Item = await item(
      [
        trigger({
          name: 'log',
          when: 'after',
          operation: update,
          condition: anyChange({ fields: ['status'] }),
          declare: plpgsql`seen jsonb := ${literal({ it: `'s` })};`,
          body: plpgsql`
            IF ${when({ new: { price: { [Op.gt]: 1 } } })} THEN seen := seen || jsonb_build_object(${'was'}, ${old('status')}, 'now', ${fresh('status')}); END IF;
            INSERT INTO ${table(Log)} (${col('line', Log)}) SELECT seen || jsonb_build_object('n', count(*)) FROM ${table()} WHERE ${col('status')} = ANY (${['x', `{"y'`]});`,
        }),
      ],
      ATTRIBUTES,
      {},
      Log.sequelize,
    );
    const one = await Item.create({ name: 'a', status: 'x', price: 1 });
    await one.update({ status: `{"y'` });
    await one.update({ status: 'z', price: 2 });
    const lines = (await Log.findAll({ order: ['id'] })).map((each) => each.get('line' as never));
    expect(lines).to.deep.equal([
      { it: `'s`, n: 1 },
      { it: `'s`, was: `{"y'`, now: 'z', n: 0 },
    ]);
  });

  it('the through table of a belongsToMany takes triggers, and its set and add meet them', async () => {
    const sequelize = db.connect();
    const Post = sequelize.define('post', {}, { timestamps: false });
    const Tag = sequelize.define('tag', {}, { timestamps: false });
    Post.belongsToMany(Tag, { through: 'post_tag', timestamps: false });
    registerTriggers(sequelize.model('post_tag'), [protect()]);
    await sequelize.sync();
    const post = (await Post.create()) as unknown as Record<'addTag' | 'setTags', (tags: unknown) => Promise<unknown>>;
    await post.addTag(await Tag.create());
    expect(await refusal(post.setTags([]))).to.be.instanceOf(ProtectedError);
  });

  it('one model in several schemas: installed, ignored and put off in each', async () => {
    const sequelize = db.connect({ pool: { max: 1 } });
    const late = trigger({
      name: 'late',
      when: 'after',
      operation: insert,
      timing: 'immediate',
      condition: when({ new: { name: 'b' } }),
      body: plpgsql`RAISE EXCEPTION 'no';`,
    });
    const attributes = { id: ATTRIBUTES.id, name: DataTypes.TEXT };
    const Note = sequelize.define('note', attributes, {
      tableName: 'note',
      timestamps: false,
      triggers: [protect(), late],
    });
    for (const schema of ['north', 'south']) {
      await sequelize.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.note (id serial PRIMARY KEY, name text)`);
      await sequelize.query(`SET search_path TO ${schema}`);
      await install(sequelize);
    }
    for (const schema of ['north', 'south']) {
      await sequelize.query(`SET search_path TO ${schema}`);
      expect((await audit(sequelize)).findings).to.deep.equal([]);
      await Note.create({ name: 'a' });
      expect(await refusal(Note.destroy({ where: {} }))).to.be.instanceOf(ProtectedError);
      expect((await refusal(Note.create({ name: 'b' }))).message).to.equal('no');
      await sequelize.transaction(async (transaction) => {
        await setConstraints('deferred', 'late', { transaction });
        await ignoreTriggers(['protect', 'late'], { transaction }, async () => {
          await Note.create({ name: 'b' }, { transaction });
          expect(await Note.destroy({ where: {}, transaction })).to.equal(2);
        });
      });
    }
  });

  it('migrations carry the SQL of triggers as it is, once; a change makes a step, and retires what is gone', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-triggers-'));
    const made = (...triggers: Parameters<typeof item>[0]) => {
      const sequelize = db.connect();
      const attributes = { id: ATTRIBUTES.id, name: DataTypes.TEXT, price: DataTypes.DECIMAL };
      sequelize.define('migrated', attributes, { tableName: 'migrated', timestamps: false, triggers });
      const migration = makeMigration(sequelize, { folder, schema: 'app', format: 'sql' });
      writeMigration(migration);
      return { sequelize, ...migration };
    };
    const told = ({ steps }: ReturnType<typeof made>) =>
      steps.flatMap(({ up }) => up.map((sql) => sql.match(/^(?:CREATE|DROP|DO).*?(?:FUNCTION|TRIGGER)/s)?.[0]));
    const apply = async (steps: ReturnType<typeof made>['steps'], way: 'up' | 'down') => {
      for (const sql of steps.flatMap((step) => step[way])) await query(sql);
    };
    try {
      await install(db.sequelize);
      await query('CREATE TABLE migrated (id serial PRIMARY KEY, name text, price numeric)');
      const first = made(protect(), readOnly({ fields: ['name'] }));
      expect(first.files.map(({ text }) => text).join()).to.include(
        'CREATE OR REPLACE TRIGGER "guitars__500_protect" BEFORE DELETE ON "app"."migrated"',
      );
      await apply(first.steps, 'up');
      expect((await audit(first.sequelize)).findings).to.deep.equal([]);
      expect(made(protect(), readOnly({ fields: ['name'] })).steps).to.deep.equal([]);
      const second = made(protect({ condition: when({ old: { name: 'a' } }) }));
      expect(told(second)).to.not.be.empty;
      await apply(second.steps, 'up');
      expect((await audit(second.sequelize)).findings).to.deep.equal([]);
      await query(`INSERT INTO migrated (name) VALUES ('a'), ('b')`);
      expect(await sqlstate(query(`DELETE FROM migrated WHERE name = 'a'`))).to.equal('23U01');
      await query(`DELETE FROM migrated WHERE name = 'b'; UPDATE migrated SET name = 'c'`);
      await apply([...second.steps].reverse(), 'down');
      expect((await audit(first.sequelize)).findings).to.deep.equal([]);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  it('uninstall takes them off, install brings them back', async () => {
    const Item = await item([protect()]);
    const sequelize = Item.sequelize as Sequelize;
    await uninstall(sequelize);
    await query(`DELETE FROM ${Item.table}`);
    await install(sequelize);
    await query(`INSERT INTO ${Item.table} (name) VALUES ('a')`);
    expect(await sqlstate(query(`DELETE FROM ${Item.table}`))).to.equal('23U01');
  });
});
