import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { DataTypes, Model, type ModelAttributes, type ModelOptions, Op } from 'sequelize';
import { audit, Guitar, InstallError, install, plan, uninstall, withEnforcementSuspended } from '../../lib';
import { HistoryError } from '../../lib/history/errors';
import type { VersionedOptions } from '../../lib/history/options';
import { Versioned } from '../../lib/history/versioned';
import { makeMigration, writeMigration } from '../../lib/migrations/make';
import type { Step } from '../../lib/migrations/make/step';
import { refusal } from '../contract/world';
import { type Article, ATTRIBUTES, useHistory } from './world';

type Made = typeof Article & { table: string };
type Loose = Record<string, unknown>;

describe('history: schemas that change', () => {
  const { db, article, entries, query } = useHistory();
  const folders: string[] = [];
  after(() => {
    for (const each of folders) fs.rmSync(each, { recursive: true, force: true });
  });
  /** The model of a table as it is after a change. */
  const again = (
    table: string,
    attributes: ModelAttributes,
    options: VersionedOptions = {},
    init: ModelOptions = {},
  ) => {
    class Again extends Versioned(Guitar(Model), options) {}
    const sequelize = db.connect();
    Again.init(attributes as never, { sequelize, modelName: table, tableName: table, ...init } as never);
    return Object.assign(Again as unknown as typeof Article, { table }) as Made;
  };
  const installed = (model: Made) => install(model.sequelize as never, { models: [model as never] });
  const findings = async (model: Made) =>
    (await audit(model.sequelize as never, { models: [model as never] })).findings.map(({ message }) => message);
  const seen = async (table: string, ...columns: string[]) =>
    (await entries(table)).map((each) => [each._operation, ...columns.map((column) => each[column])]);
  const run = (steps: readonly Pick<Step, 'up' | 'down'>[], direction: 'up' | 'down') =>
    db.sequelize.transaction(async (transaction) => {
      const ordered = direction === 'up' ? steps : [...steps].reverse();
      for (const sql of ordered.flatMap((step) => step[direction])) await db.sequelize.query(sql, { transaction });
    });
  const make = (model: Made, folder: string, name: string) => {
    const made = makeMigration(model.sequelize as never, { folder, schema: 'app', name });
    if (made.steps.length > 0) writeMigration(made);
    return made.steps;
  };
  const folder = () => {
    folders.push(fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-evolution-')));
    return folders.at(-1) as string;
  };

  it('make writes a step for a column whose type changes', async () => {
    const into = folder();
    const One = again('typed', { ...ATTRIBUTES(), n: DataTypes.INTEGER });
    await One.sync({ guitars: false } as never);
    await run(make(One, into, 'one'), 'up');
    const row = await One.create({ title: 'a', n: 5 } as never);
    await query('ALTER TABLE typed ALTER n TYPE bigint');
    const Two = again('typed', { ...ATTRIBUTES(), n: DataTypes.BIGINT });
    const steps = make(Two, into, 'two');
    expect(steps.map(({ action, kind, name }) => `${action} ${kind} ${name}`)).to.deep.equal([
      'replace table typed_history',
    ]);
    await run(steps, 'up');
    expect(await findings(Two)).to.deep.equal([]);
    await Two.update({ n: '9999999999' } as never, { where: { id: row.id } });
    expect(await seen('typed', 'n')).to.deep.equal([
      ['insert', '5'],
      ['update', '9999999999'],
    ]);
    expect(make(Two, into, 'three')).to.deep.equal([]);
  });

  it('down leaves the numbers where there is a history, and up goes on from them', async () => {
    const Article = await article();
    const { table } = Article;
    const { up, down } = plan(db.sequelize, { models: [Article], schema: 'app' });
    const row = await Article.create({ title: 'a' });
    await row.update({ title: 'b' });
    await run([{ up, down }], 'down');
    await query(`UPDATE ${table} SET title = 'c'`);
    await query(`INSERT INTO ${table} (title) VALUES ('new')`);
    await run([{ up, down }], 'up');
    await query(`UPDATE ${table} SET title = 'd' WHERE id = ${row.id}`);
    expect(await seen(table, '_version', 'title')).to.deep.equal([
      ['insert', 1, 'a'],
      ['update', 2, 'b'],
      ['baseline', 2, 'c'],
      ['baseline', 1, 'new'],
      ['update', 3, 'd'],
    ]);
    // Even where the column is gone: no trigger sees that it is counted anew.
    await run([{ up, down }], 'down');
    const [[before]] = (await query(`SELECT _updated_at FROM ${table} WHERE id = ${row.id}`)) as [Loose[], unknown];
    await query(`ALTER TABLE ${table} DROP COLUMN _version`);
    await run([{ up, down }], 'up');
    expect((await seen(table, '_version', 'title')).slice(5)).to.have.deep.members([
      ['baseline', 4, 'd'],
      ['baseline', 2, 'new'],
    ]);
    const [[now]] = (await query(`SELECT _updated_at FROM ${table} WHERE id = ${row.id}`)) as [Loose[], unknown];
    expect(now).to.deep.equal(before);
    expect((await row.reload())._version).to.equal(4);
  });

  it('down takes the numbers along where nothing was kept', async () => {
    const Article = await article();
    const { down } = plan(db.sequelize, { models: [Article], schema: 'app' });
    await run([{ up: [], down }], 'down');
    const [columns] = await query(
      `SELECT FROM pg_attribute WHERE attrelid = '${Article.table}'::regclass AND attname = '_version'`,
    );
    expect(columns).to.deep.equal([]);
  });

  it('two suspensions in one transaction: both take in what was written meanwhile', async () => {
    const Article = await article();
    const { table } = Article;
    await Article.bulkCreate([{ title: 'a' }, { title: 'b' }]);
    await db.sequelize.transaction(async (transaction) => {
      for (const sql of [
        `UPDATE ${table} SET title = 'aa' WHERE title = 'a'`,
        `UPDATE ${table} SET title = 'bb' WHERE title = 'b'`,
        `INSERT INTO ${table} (title) VALUES ('c')`,
        `DELETE FROM ${table} WHERE title = 'c'`,
        `TRUNCATE ${table}`,
      ]) {
        await withEnforcementSuspended(
          db.sequelize.getQueryInterface(),
          [Article as never],
          () => db.sequelize.query(sql, { transaction }),
          { transaction },
        );
      }
    });
    expect(await seen(table, 'title')).to.deep.equal([
      ['insert', 'a'],
      ['insert', 'b'],
      ['baseline', 'aa'],
      ['baseline', 'bb'],
      ['baseline', 'c'],
      ['delete', 'c'],
      ['delete', 'aa'],
      ['delete', 'bb'],
    ]);
  });

  it('uninstall, write, install, twice in one transaction', async () => {
    const Article = await article();
    await db.sequelize.transaction(async (transaction) => {
      const models = [Article as never];
      for (const title of ['a', 'b']) {
        await uninstall(db.sequelize, { models, transaction });
        await db.sequelize.query(`INSERT INTO ${Article.table} (title) VALUES ('${title}')`, { transaction });
        await install(db.sequelize, { models, transaction });
      }
    });
    expect(await seen(Article.table, 'title')).to.deep.equal([
      ['baseline', 'a'],
      ['baseline', 'b'],
    ]);
  });

  it('an enum is text in the history, and reads and goes back as what it is', async () => {
    const attributes = {
      ...ATTRIBUTES(),
      state: DataTypes.ENUM('new', 'old'),
      tags: DataTypes.ARRAY(DataTypes.ENUM('x', 'y')),
    };
    const Article = await article({}, { attributes });
    const row = await Article.create({ title: 'a', state: 'new', tags: ['x', 'y'] } as never);
    await row.update({ state: 'old', tags: ['y'] } as never);
    const [first] = await row.versions();
    expect(first?.values).to.deep.include({ state: 'new', tags: ['x', 'y'] });
    const then = first?.at as Date;
    const at = (where: Loose) => Article.asOf(then, { where, order: ['state'] } as never);
    expect((await at({ state: 'new' })).map((each) => each.toJSON())).to.have.length(1);
    expect(await at({ state: { [Op.in]: ['new', 'old'] } })).to.have.length(1);
    expect(await at({ state: 'old' })).to.have.length(0);
    await row.revertTo(1);
    expect(row.toJSON()).to.deep.include({ state: 'new', tags: ['x', 'y'] });
    await row.undo();
    expect(row.toJSON()).to.deep.include({ state: 'old', tags: ['y'] });
    await row.hardDelete();
    const back = await Article.undelete(row.id);
    expect((await back.reload()).toJSON()).to.deep.include({ state: 'old', tags: ['y'] });
    expect(await findings(Article as Made)).to.deep.equal([]);
    await Article.sync({ force: true });
    await Article.create({ title: 'b', state: 'old' } as never);
    await Article.drop({});
    expect((await entries(Article.table)).map(({ state }) => state).slice(-2)).to.deep.equal(['old', 'old']);
  });

  it('an enum that a history has already becomes text', async () => {
    const attributes = { ...ATTRIBUTES(), state: DataTypes.ENUM('new', 'old') };
    const Article = await article({}, { attributes });
    const { table } = Article;
    await Article.create({ title: 'a', state: 'new' } as never);
    const [[{ type }]] = (await query(
      `SELECT atttypid::regtype AS type FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attname = 'state'`,
    )) as unknown as [[{ type: string }]];
    await query(`ALTER TABLE ${table}_history ALTER state TYPE ${type} USING state::${type}`);
    expect((await findings(Article as Made)).join('\n')).to.match(/as the table has them: state/);
    await installed(Article as Made);
    await Article.drop({});
    expect(await seen(table, 'state')).to.deep.equal([['insert', 'new']]);
  });

  it('a column gained with a default: known from then on, and left alone by the way back', async () => {
    const Article = await article();
    const { table } = Article;
    const row = await Article.create({ title: 'a' });
    await query(`ALTER TABLE ${table} ADD COLUMN k text DEFAULT 'given'`);
    const Later = again(table, { ...ATTRIBUTES(), k: { type: DataTypes.TEXT, defaultValue: 'given' } });
    await installed(Later);
    await installed(Later);
    expect(await seen(table, 'k')).to.deep.equal([
      ['insert', null],
      ['baseline', 'given'],
    ]);
    expect((await Later.asOf(new Date()))[0]?.toJSON()).to.include({ k: 'given' });
    const one = (await Later.findByPk(row.id)) as Article & { k?: string };
    await one.update({ title: 'b' });
    const [first, second] = await one.versions();
    expect(first?.values).to.not.have.property('k');
    expect(second?.changes()).to.deep.equal({});
    expect(await one.diff(first as never, (await one.versions()).at(-1) as never)).to.have.all.keys('title');
    expect((await Later.changes()).rows[0]?.values).to.not.have.property('k');
    await one.revertTo(first as never);
    expect(one.toJSON()).to.include({ title: 'a', k: 'given' });
    expect(await refusal(one.revertFields({ k: first } as never))).to.be.instanceOf(HistoryError);
    // Null, where it was null.
    await one.update({ k: null } as never);
    const empty = (await one.versions()).at(-1);
    await one.update({ k: 'x' } as never);
    await one.revertTo(empty as never);
    expect(one.toJSON()).to.include({ k: null });
  });

  it('a type that old values do not fit: they stay beside, and are unknown', async () => {
    const attributes = {
      kind: DataTypes.STRING(50),
      cc: DataTypes.STRING(50),
      n: DataTypes.DECIMAL(10, 2),
      m: DataTypes.DECIMAL(10, 2),
    };
    const Article = await article({}, { attributes: { ...ATTRIBUTES(), ...attributes } });
    const { table } = Article;
    const row = await Article.create({ title: 'x', kind: 'small', cc: 'a long value', n: '12.75', m: '3.00' } as never);
    await row.update({ kind: '1', cc: 'ab', n: 1 } as never);
    await query(
      `ALTER TABLE ${table} ALTER kind TYPE integer USING kind::integer, ALTER cc TYPE varchar(5), ALTER n TYPE integer, ALTER m TYPE integer`,
    );
    const changed = { kind: DataTypes.INTEGER, cc: DataTypes.STRING(5), n: DataTypes.INTEGER, m: DataTypes.INTEGER };
    const Later = again(table, { ...ATTRIBUTES(), ...changed });
    await installed(Later);
    expect(await findings(Later)).to.deep.equal([]);
    const all = await entries(table);
    const last = all[1]?._entry;
    expect(all[0]).to.include({
      [`kind_before_${last}`]: 'small',
      [`cc_before_${last}`]: 'a long value',
      [`n_before_${last}`]: '12.75',
    });
    expect(all[0]).to.include({ kind: null, cc: null, n: null, m: 3 });
    expect(all[2]).to.include({ _operation: 'baseline', kind: 1, cc: 'ab', n: 1, m: 3 });
    const one = (await Later.findByPk(row.id)) as Article;
    await one.revertTo(1);
    expect(one.toJSON()).to.include({ kind: 1, cc: 'ab', n: 1 });
  });

  it('names of columns that make way keep to 63 bytes, and are told apart', async () => {
    const [one, two] = [`${'ü'.repeat(30)}_1`, `${'ü'.repeat(30)}_2`];
    const Article = await article(
      {},
      { attributes: { ...ATTRIBUTES(), [one]: DataTypes.TEXT, [two]: DataTypes.TEXT } },
    );
    const { table } = Article;
    await Article.create({ title: 'x', [one]: 'a', [two]: 'b' } as never);
    await query(`UPDATE ${table} SET "${one}" = NULL, "${two}" = NULL`);
    await query(`ALTER TABLE ${table} ALTER "${one}" TYPE integer USING NULL, ALTER "${two}" TYPE integer USING NULL`);
    const Later = again(table, { ...ATTRIBUTES(), [one]: DataTypes.INTEGER, [two]: DataTypes.INTEGER });
    await installed(Later);
    const [first] = await entries(table);
    const names = Object.keys(first ?? {}).filter((name) => name.includes('_before_'));
    expect(names.map((name) => first?.[name])).to.have.members(['a', 'b']);
    expect(Math.max(...names.map((name) => Buffer.byteLength(name)))).to.be.at.most(63);
  });

  it('filter given up, or given: markers and values stay apart', async () => {
    const attributes = { ...ATTRIBUTES(), pin: DataTypes.INTEGER };
    const Article = await article({ filter: ['secret', 'pin'] }, { attributes });
    const { table } = Article;
    const row = await Article.create({ title: 'x', secret: 'real', pin: 1234 } as never);
    const Open = again(table, attributes);
    expect((await findings(Open)).join()).to.match(/as the table has them: the secret, pin/);
    await installed(Open);
    expect(await findings(Open)).to.deep.equal([]);
    const one = (await Open.findByPk(row.id)) as Article;
    await one.update({ title: 'y' });
    await one.revertTo(1);
    expect(one.toJSON()).to.include({ title: 'x', secret: 'real', pin: 1234 });
    await one.hardDelete();
    expect((await Open.undelete(row.id)).toJSON()).to.include({ secret: 'real', pin: 1234 });
    const Shut = again(table, attributes, { filter: ['secret'] });
    await installed(Shut);
    expect(await findings(Shut)).to.deep.equal([]);
    expect((await seen(table, 'the secret', 'pin')).at(-1)).to.deep.equal(['insert', null, 1234]);
  });

  it('a relation that is no history has its name', async () => {
    await query(`CREATE TABLE note_history (id integer, body text); INSERT INTO note_history VALUES (1, 'mine')`);
    const Note = again('note', { title: DataTypes.TEXT });
    await Note.sync({ guitars: false } as never);
    const refused = await refusal(installed(Note));
    expect(refused).to.be.instanceOf(InstallError);
    expect(refused.message).to.match(/note_history.*ALTER TABLE "app"."note_history" RENAME TO/s);
    const [found] = (await audit(Note.sequelize as never, { models: [Note as never] })).findings.filter(({ message }) =>
      /table note_history/.test(message),
    );
    expect(found?.remedy).to.match(/^ALTER TABLE/);
    const { up } = plan(Note.sequelize as never, { models: [Note as never], schema: 'app' });
    expect((await refusal(run([{ up, down: [] }], 'up'))).message).to.match(/cannot be the history of/);
    await query('ALTER TABLE note_history RENAME TO note_history_before');
    await installed(Note);
    await Note.create({ title: 'q' });
    expect(await seen('note', 'title')).to.deep.equal([['insert', 'q']]);
  });

  it('partition, for a history that was made without', async () => {
    const Article = await article();
    const Later = again(Article.table, ATTRIBUTES(), { partition: 'month' });
    const refused = await refusal(installed(Later));
    expect(refused).to.be.instanceOf(InstallError);
    expect(refused.message).to.match(/without partitions.*"partition"/s);
  });
});
