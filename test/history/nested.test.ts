import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { Setar } from '../../lib';
import { refusal } from '../contract/world';
import { ATTRIBUTES, useHistory } from './world';

describe('history: triggers that write the table that they are on', () => {
  const { db, article, entries, query } = useHistory();
  const told = async (table: string, column = 'title') =>
    (await entries(table)).map((each) => `${each._operation} ${each.id} ${each._version} ${each[column]}`);
  const on = (table: string, name: string, event: string, level: string, body: string) =>
    query(`CREATE FUNCTION ${name}_${table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN NULL; END $$;
      CREATE TRIGGER ${name} AFTER ${event} ON ${table} FOR EACH ${level} EXECUTE FUNCTION ${name}_${table}()`);
  /** What history tells of the present is the present. */
  const truth = async (Article: Awaited<ReturnType<typeof article>>) => {
    const brief = (rows: InstanceType<typeof Article>[]) => rows.map((row) => row.get({ plain: true }));
    const then = await Article.asOf(new Date(Date.now() + 1000), { order: ['id'] });
    const columns = Object.keys(ATTRIBUTES()).concat('_version');
    const pick = (row: object) => columns.map((name) => (row as Record<string, unknown>)[name]);
    expect(brief(then as never).map(pick)).to.deep.equal(brief(await Article.findAll({ order: ['id'] })).map(pick));
  };

  it('a row trigger that updates its row', async () => {
    const Article = await article();
    const { table } = Article;
    await on(table, 'aa', 'INSERT', 'ROW', `UPDATE ${table} SET title = title || '!' WHERE id = NEW.id;`);
    const one = await Article.create({ title: 'x' });
    expect(await told(table)).to.deep.equal(['insert 1 1 x', 'update 1 2 x!']);
    await query(`INSERT INTO ${table} (title) VALUES ('y'), ('z')`);
    expect((await told(table)).slice(2)).to.have.members([
      'insert 2 1 y',
      'insert 3 1 z',
      'update 2 2 y!',
      'update 3 2 z!',
    ]);
    await truth(Article);
    expect((await one.versions()).map(({ number }) => number)).to.deep.equal([1, 2]);
    expect((await Article.changes()).rows.at(-1)?.version).to.equal(2);
    await one.reload();
    await one.undo();
    expect(one.title).to.equal('x');
  });

  it('a statement trigger; one that is set off by another; those that were rolled back in between', async () => {
    const Article = await article();
    const { table } = Article;
    await on(
      table,
      'aa',
      'UPDATE',
      'STATEMENT',
      `IF pg_trigger_depth() < 4 THEN
      BEGIN UPDATE ${table} SET title = 'never'; RAISE 'no'; EXCEPTION WHEN raise_exception THEN NULL; END;
      UPDATE ${table} SET title = title || '!'; END IF;`,
    );
    await query(`INSERT INTO ${table} (title) VALUES ('x')`);
    await query(`UPDATE ${table} SET title = 'y'`);
    const first = ['insert 1 1 x', 'update 1 2 y', 'update 1 3 y!', 'update 1 4 y!!', 'update 1 5 y!!!'];
    expect(await told(table)).to.deep.equal(first);
    await db.sequelize.transaction(async (transaction) => {
      const send = (sql: string) => db.sequelize.query(sql, { transaction });
      await send(`UPDATE ${table} SET title = 'z'; SAVEPOINT s; UPDATE ${table} SET title = 'gone'; ROLLBACK TO s`);
      await send(`DELETE FROM ${table}; UPDATE ${table} SET title = 'zz'`);
    });
    const versions = (await entries(table)).map(({ _version }) => _version);
    expect(versions).to.deep.equal(versions.map((_, n) => n + 1));
    await truth(Article);
  });

  it('a counter of the same table', async () => {
    const attributes = { ...ATTRIBUTES(), n: { type: DataTypes.INTEGER, defaultValue: 0 }, parent: DataTypes.INTEGER };
    const Article = await article({}, { attributes });
    const { table } = Article;
    await on(table, 'cc', 'INSERT OR UPDATE OF parent', 'ROW', `UPDATE ${table} SET n = n + 1 WHERE id = NEW.parent;`);
    await query(`INSERT INTO ${table} (id, title) VALUES (1, 'root')`);
    await query(`INSERT INTO ${table} (id, title, parent) VALUES (2, 'kid', 1), (3, 'kid', 2), (4, 'kid', 2)`);
    const second = (await told(table, 'n')).filter((each) => each.includes(' 2 '));
    expect(second.filter((each) => / 2 \d /.test(each))).to.deep.equal([
      'insert 2 1 0',
      'update 2 2 1',
      'update 2 3 2',
    ]);
    await truth(Article);
  });

  it('rows that go and come within a statement', async () => {
    const Article = await article({}, { base: Setar(Model) });
    const { table } = Article;
    const again = `INSERT INTO ${table} (id, title) VALUES (OLD.id, OLD.title || '!');`;
    await on(table, 'aa', 'DELETE', 'ROW', `IF pg_trigger_depth() = 1 THEN ${again} END IF;`);
    await query(`INSERT INTO ${table} (title) VALUES ('x'), ('y')`);
    await query(`DELETE FROM ${table} WHERE id = 1`);
    expect((await told(table)).slice(2)).to.deep.equal(['delete 1 1 x', 'insert 1 1 x!']);
    await on(table, 'bb', 'INSERT', 'ROW', `IF NEW.title = 'out' THEN DELETE FROM ${table} WHERE id = NEW.id; END IF;`);
    await query(`ALTER TABLE ${table} DISABLE TRIGGER aa`);
    await query(`INSERT INTO ${table} (id, title) VALUES (9, 'out')`);
    expect((await told(table)).slice(4)).to.deep.equal(['insert 9 1 out', 'delete 9 1 out']);
    await query(
      `BEGIN; DELETE FROM ${table} WHERE id = 2; INSERT INTO ${table} (id, title) VALUES (2, 'new'), (5, 'out'); COMMIT`,
    );
    expect((await told(table)).filter((each) => each.includes(' 2 1 '))).to.deep.equal([
      'insert 2 1 y',
      'delete 2 1 y',
      'insert 2 1 new',
    ]);
    await truth(Article);
  });

  it('a changed key; ON CONFLICT; filters and months; another role', async () => {
    const Article = await article({ filter: ['secret'], partition: 'month' });
    const { table } = Article;
    await on(
      table,
      'aa',
      'INSERT OR UPDATE',
      'ROW',
      `IF pg_trigger_depth() = 1 THEN UPDATE ${table} SET title = title || '!' WHERE id = NEW.id; END IF;`,
    );
    await query(`INSERT INTO ${table} (title) VALUES ('x')`);
    await query(
      `INSERT INTO ${table} (id, title) VALUES (1, 'u'), (2, 'n') ON CONFLICT (id) DO UPDATE SET title = excluded.title`,
    );
    await query(`UPDATE ${table} SET id = 7, "the secret" = 's' WHERE id = 1`);
    const all = await told(table);
    const of = (id: number) => all.filter((each) => each.split(' ')[1] === String(id));
    expect(of(1)).to.deep.equal(['insert 1 1 x', 'update 1 2 x!', 'update 1 3 u', 'update 1 4 u!', 'delete 1 4 u!']);
    expect(of(2)).to.deep.equal(['insert 2 1 n', 'update 2 2 n!']);
    expect(of(7)).to.deep.equal(['update 7 5 u!', 'update 7 6 u!!']);
    const admin = await db.admin();
    await admin.query(`CREATE ROLE nested_clerk; GRANT USAGE ON SCHEMA app TO nested_clerk;
      GRANT SELECT, INSERT, UPDATE ON app.${table} TO nested_clerk; GRANT USAGE ON ALL SEQUENCES IN SCHEMA app TO nested_clerk`);
    try {
      await admin.query(
        `SET SESSION AUTHORIZATION nested_clerk; SET search_path = app; INSERT INTO ${table} (id, title) VALUES (20, 'c')`,
      );
    } finally {
      await admin.query(
        'RESET SESSION AUTHORIZATION; RESET search_path; DROP OWNED BY nested_clerk; DROP ROLE nested_clerk',
      );
    }
    expect((await told(table)).slice(-2)).to.deep.equal(['insert 20 1 c', 'update 20 2 c!']);
    expect(await refusal(query(`UPDATE ${table}_history SET title = ''`))).to.have.property('code', '23U01');
  });

  it('plain statements look for nothing', async () => {
    const Article = await article({}, { base: Setar(Model) });
    const { table } = Article;
    const calls = () =>
      db.sequelize.transaction(async (transaction) => {
        const send = async (sql: string) => (await db.sequelize.query(sql, { transaction }))[0] as { nested: string }[];
        await send(
          `INSERT INTO ${table} (title) SELECT 'x' FROM generate_series(1, 1000); UPDATE ${table} SET title = 'y'; DELETE FROM ${table}`,
        );
        return send(`SELECT nextval(pg_get_serial_sequence('${table}_history', '_entry')) AS nested`);
      });
    expect((await calls())[0]?.nested).to.equal('3001');
  });
});
