import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { assertEnforced, audit, DefinitionError, Guitar, install, plan, purge, Setar, uninstall } from '../../lib';
import { withRevision } from '../../lib/history/revision';
import { Versioned } from '../../lib/history/versioned';
import { ProtectedError, RevisionRequiredError } from '../../lib/triggers/errors';
import { refusal } from '../contract/world';
import { ATTRIBUTES, useHistory } from './world';

describe('history: enforced objects', () => {
  const { db, article, entries, query } = useHistory();
  const operations = async (table: string) => (await entries(table)).map((each) => each._operation);
  const kinds = async (models: unknown) => {
    const { findings } = await audit(db.sequelize, { models: models as never });
    return findings.map(({ kind, message }) => `${kind}: ${message}`);
  };

  it('are in the plan, and audited like the others', async () => {
    const Article = await article();
    await assertEnforced(db.sequelize, { models: [Article], rebuild: true });
    expect(await kinds([Article])).to.deep.equal([]);
    const { objects } = plan(db.sequelize, { models: [Article], schema: 'app' });
    expect(objects.map(({ name }) => name)).to.include.members([
      '_version',
      `${Article.table}_history`,
      'guitars_version',
      'guitars_history_insert',
      'guitars_history_update',
      'guitars_history_delete',
      'guitars_history_truncate',
      'guitars_history_key',
      'guitars_history_guard',
    ]);
    await query(`ALTER TABLE ${Article.table} DISABLE TRIGGER guitars_history_update`);
    await query(`DROP TRIGGER guitars_history_delete ON ${Article.table}`);
    await query(`ALTER TABLE ${Article.table}_history DROP COLUMN title`);
    const found = await kinds([Article]);
    expect(found).to.have.length(3);
    expect(found.join('\n'))
      .to.match(/disabled.*guitars_history_update/)
      .and.match(/missing.*guitars_history_delete/);
    expect(found.join('\n')).to.match(/drifted.*does not hold these as the table has them: title/);
    await install(db.sequelize, { models: [Article] });
    expect(await kinds([Article])).to.deep.equal([]);
  });

  it('rows that were there are taken in, once; so is what happened while nobody looked', async () => {
    class Late extends Setar(Model) {}
    const init = { sequelize: db.connect(), modelName: 'late', tableName: 'late' };
    Late.init(ATTRIBUTES(), init);
    await Late.sync();
    await Late.bulkCreate([{ title: 'a' }, { title: 'b' }, { title: 'c' }]);
    class Kept extends Versioned(Setar(Model)) {}
    Kept.init(ATTRIBUTES(), { ...init, sequelize: db.connect() });
    const models = [Kept] as never;
    const sequelize = Kept.sequelize as never;
    await install(sequelize, { models });
    expect(await operations('late')).to.deep.equal(['baseline', 'baseline', 'baseline']);
    await install(sequelize, { models });
    await query('ALTER TABLE late DISABLE TRIGGER ALL').catch(() => query('ALTER TABLE late DISABLE TRIGGER USER'));
    await query(
      `DELETE FROM late WHERE title = 'a'; UPDATE late SET title = 'bb' WHERE title = 'b'; INSERT INTO late (title) VALUES ('d')`,
    );
    await install(sequelize, { models });
    const seen = (await entries('late')).slice(3).map((each) => `${each._operation} ${each.title}`);
    expect(seen).to.have.members(['delete a', 'baseline bb', 'baseline d']);
    await Kept.update({ title: 'x' }, { where: { title: 'c' } });
    expect((await entries('late')).slice(6)).to.have.length(1);
  });

  it('columns follow the table: gained, lost, of another type', async () => {
    const before = db.connect();
    const name = { modelName: 'shape', tableName: 'shape', timestamps: false };
    class One extends Versioned(Model) {}
    One.init({ a: DataTypes.INTEGER, b: DataTypes.TEXT }, { ...name, sequelize: before });
    await One.sync();
    await One.create({ a: 1, b: 'x' });
    await query('ALTER TABLE shape ALTER COLUMN a TYPE bigint');
    await query('ALTER TABLE shape ADD COLUMN c text');
    const after = db.connect();
    class Two extends Versioned(Model) {}
    Two.init({ a: DataTypes.BIGINT, c: DataTypes.TEXT }, { ...name, sequelize: after });
    const { findings } = await audit(after, { models: [Two] as never });
    expect(findings.map(({ message }) => message).join('\n')).to.match(
      /does not hold these as the table has them: a, c/,
    );
    await install(after, { models: [Two] as never });
    await query('ALTER TABLE shape DROP COLUMN b');
    await Two.create({ a: '99999999999', c: 'y' });
    const [first, second] = await entries('shape');
    expect(first).to.include({ a: '1', b: 'x', c: null });
    expect(second).to.include({ a: '99999999999', b: null, c: 'y' });
  });

  it('is append-only, but through its door', async () => {
    const Article = await article();
    await Article.create({ title: 'a' });
    const history = `${Article.table}_history`;
    for (const sql of [`UPDATE ${history} SET title = 'forged'`, `DELETE FROM ${history}`, `TRUNCATE ${history}`]) {
      const error = await refusal(query(sql));
      expect(error).to.be.instanceOf(ProtectedError);
      expect(error).to.include({ code: '23U01', constraint: 'append-only history' });
    }
    await db.sequelize.transaction(async (transaction) => {
      await db.sequelize.query(`SET LOCAL guitars.edit_history = on`, { transaction });
      await db.sequelize.query(`DELETE FROM ${history}`, { transaction });
      await db.sequelize.query(`INSERT INTO ${Article.table} (title) VALUES ('unseen')`, { transaction });
    });
    expect(await entries(Article.table)).to.deep.equal([]);
  });

  it('another role writes the table and reads the history, and can do no more there', async () => {
    const Article = await article();
    const admin = await db.admin();
    await admin.query(`CREATE ROLE history_clerk; GRANT USAGE ON SCHEMA app TO history_clerk;
      GRANT SELECT, INSERT, UPDATE, DELETE ON app.${Article.table} TO history_clerk;
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA app TO history_clerk;
      GRANT SELECT ON app.${Article.table}_history TO history_clerk`);
    try {
      await admin.query(
        `SET ROLE history_clerk; INSERT INTO app.${Article.table} (title) VALUES ('a'); UPDATE app.${Article.table} SET title = 'b'`,
      );
      expect(await operations(Article.table)).to.deep.equal(['insert', 'update']);
      const forged = `INSERT INTO app.${Article.table}_history (_operation, _at, _transaction) VALUES ('insert', now(), 1)`;
      for (const sql of [`SET guitars.edit_history = on; DELETE FROM app.${Article.table}_history`, forged])
        expect(await refusal(admin.query(sql))).to.have.property('code', '42501');
    } finally {
      await admin.query('RESET ROLE; DROP OWNED BY history_clerk; DROP ROLE history_clerk');
    }
  });

  it('its door is the owner’s: to others it stays closed, but for a DELETE that they were granted', async () => {
    const Article = await article({ requireRevision: true });
    const table = `app.${Article.table}`;
    const admin = await db.admin();
    await admin.query(`CREATE ROLE door_clerk; GRANT USAGE ON SCHEMA app TO door_clerk;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO door_clerk;
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA app TO door_clerk;
      GRANT SELECT, UPDATE, DELETE ON ${table}_history TO door_clerk`);
    try {
      await admin.query('SET SESSION AUTHORIZATION door_clerk; SET guitars.edit_history = on');
      expect(await refusal(admin.query(`INSERT INTO ${table} (title) VALUES ('a')`))).to.have.property('code', '23U05');
      await admin.query(`SET guitars.revision = '{"actor":"clerk"}'; INSERT INTO ${table} (title) VALUES ('a')`);
      await admin.query(`UPDATE ${table} SET title = 'b'`);
      await admin.query(`DELETE FROM ${table}`);
      await admin.query(`SET guitars.hard_delete = on; DELETE FROM ${table}`);
      expect(await operations(Article.table)).to.deep.equal(['insert', 'update', 'archive', 'delete']);
      expect(await refusal(admin.query(`UPDATE ${table}_history SET title = 'c'`))).to.have.property('code', '23U01');
      await admin.query(`DELETE FROM ${table}_history WHERE _operation = 'update'`);
      expect(await operations(Article.table)).to.deep.equal(['insert', 'archive', 'delete']);
      await admin.query('SET guitars.edit_history = off');
      expect(await refusal(admin.query(`DELETE FROM ${table}_history`))).to.have.property('code', '23U01');
    } finally {
      await admin.query('RESET SESSION AUTHORIZATION; DROP OWNED BY door_clerk; DROP ROLE door_clerk');
    }
  });

  it('requireRevision: one that says nothing is none', async () => {
    const Article = await article({ requireRevision: true });
    const under = (said: string) =>
      db.sequelize.transaction(async (transaction) => {
        await db.sequelize.query(`SET LOCAL guitars.revision = '${said}'`, { transaction });
        await db.sequelize.query(`INSERT INTO ${Article.table} (title) VALUES ('a')`, { transaction });
      });
    for (const said of ['{}', '[]', '5', 'null', '{"context":{}}', '{"actor":null}', '{"ticket":1}'])
      expect(await refusal(under(said)), said).to.be.instanceOf(RevisionRequiredError);
    for (const said of ['{"actor":"ann"}', '{"comment":"why"}', '{"context":{"ticket":1}}']) await under(said);
    expect(await operations(Article.table)).to.deep.equal(['insert', 'insert', 'insert']);
  });

  it('exclude is never stored; of filter, a marker is', async () => {
    const Article = await article({ exclude: ['meta'], filter: ['secret'] });
    const one = await Article.create({ title: 'a', meta: { a: 1 } });
    await one.update({ secret: 'x' });
    await one.update({ title: 'b' });
    const all = await entries(Article.table);
    expect(all.map((each) => each['the secret'])).to.deep.equal([null, '[filtered: changed]', '[filtered]']);
    expect(all[0]).not.to.have.property('meta');
    await assertEnforced(db.sequelize, { models: [Article] });
  });

  it('requireRevision: nothing is written without one', async () => {
    const Article = await article({ requireRevision: true });
    const error = await refusal(Article.create({ title: 'a' }));
    expect(error).to.be.instanceOf(RevisionRequiredError);
    expect((error as Error).message).to.match(
      /INSERT on table "article_\d+" without a revision is refused.*withRevision/,
    );
    await db.sequelize.transaction(async (transaction) => {
      await db.sequelize.query(
        `SELECT set_config('guitars.revision', '{"actor":"ann","comment":"why","context":{"a":1}}', true)`,
        { transaction },
      );
      await Article.create({ title: 'a' }, { transaction });
    });
    const [entry] = await entries(Article.table);
    expect(entry).to.include({ _actor: 'ann', _comment: 'why' }).and.to.have.deep.property('_context', { a: 1 });
    expect(await refusal(query(`UPDATE ${Article.table} SET title = 'b'`))).to.be.instanceOf(RevisionRequiredError);
    expect(await refusal(query(`DELETE FROM ${Article.table}`))).to.be.instanceOf(RevisionRequiredError);
  });

  it('requireRevision: a purge says who it is, where nobody does', async () => {
    const Article = await article({ requireRevision: true });
    await withRevision({ actor: 'ann' }, async () => {
      const all = await Article.bulkCreate([{ title: 'a' }, { title: 'b' }]);
      for (const one of all) await one.destroy();
    });
    const left = `UPDATE ${Article.table} SET _deleted_at = now() - interval '9 days' WHERE title`;
    const archivedBefore = '1d';
    await query(`BEGIN; SET LOCAL guitars.revision = '{"actor":"x"}'; SET LOCAL guitars.keep_timestamps = on;
      ${left} = 'a'; COMMIT`);
    expect(await purge(db.sequelize, Article, { archivedBefore })).to.include({ left: 0 });
    await query(`BEGIN; SET LOCAL guitars.revision = '{"actor":"x"}'; SET LOCAL guitars.keep_timestamps = on;
      ${left} = 'b'; COMMIT`);
    await withRevision({ actor: 'ben' }, () => purge(db.sequelize, Article, { archivedBefore }));
    const gone = (await entries(Article.table)).filter(({ _operation }) => _operation === 'delete');
    expect(gone.map(({ title, _actor }) => [title, _actor])).to.deep.equal([
      ['a', 'guitars purge'],
      ['b', 'ben'],
    ]);
  });

  it('uninstall takes the triggers and leaves what was written', async () => {
    const Article = await article();
    await Article.create({ title: 'a' });
    await uninstall(db.sequelize, { models: [Article] });
    await query(`UPDATE ${Article.table} SET title = 'b'`);
    expect(await operations(Article.table)).to.deep.equal(['insert']);
    await install(db.sequelize, { models: [Article] });
    expect(await operations(Article.table)).to.deep.equal(['insert', 'baseline']);
  });

  it('mistakes', async () => {
    for (const options of [
      { exlude: [] },
      { exclude: 'a' },
      { limit: 0 },
      { keep: 'long' },
      { partition: 'day' },
      { requireRevision: 'yes' },
    ])
      expect(() => Versioned(Model, options as never)).to.throw(DefinitionError, /Versioned\(Model, …\): /);
    const init = (options: object, attributes: object = ATTRIBUTES()) => {
      class Wrong extends Versioned(Guitar(Model), options) {}
      return () => Wrong.init(attributes as never, { sequelize: db.connect(), modelName: 'wrong' });
    };
    expect(init({ exclude: ['nothing'] })).to.throw(DefinitionError, /names? "nothing", which is no column/);
    expect(init({ filter: ['id'] })).to.throw(DefinitionError, /"id", which history cannot do without/);
    expect(init({ filter: ['title'], exclude: ['title'] })).to.throw(DefinitionError, /in both/);
    expect(init({}, { ...ATTRIBUTES(), _version: DataTypes.TEXT })).to.throw(DefinitionError, /"_version" is taken/);
    expect(init({}, { ...ATTRIBUTES(), version: DataTypes.TEXT })).to.throw(DefinitionError, /"version" would hide/);
    class Odd extends Versioned(Model) {}
    Odd.init(
      { ...ATTRIBUTES(), at: { type: DataTypes.DATE, field: '_at' } },
      { sequelize: db.connect(), modelName: 'odd' },
    );
    expect(() => plan(Odd.sequelize as never)).to.throw(
      DefinitionError,
      /"_at" has the name of one that every history has/,
    );
  });
});
