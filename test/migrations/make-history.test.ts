import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { audit, Guitar } from '../../lib';
import { makeMigration, writeMigration } from '../../lib/migrations/make';
import { stepsIn } from '../../lib/migrations/make/files';
import type { Step } from '../../lib/migrations/make/step';
import { createMigrator } from '../../lib/migrations/run/migrator';
import { number, refusal, rows } from '../contract/world';
import { useDatabase } from '../support/database';

describe('makeMigration, in histories that are not straight', () => {
  const db = useDatabase();
  const folders: string[] = [];
  const folder = () => {
    const made = fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-make-'));
    folders.push(made);
    return made;
  };
  after(() => {
    for (const each of folders) fs.rmSync(each, { recursive: true, force: true });
  });
  const define = (sequelize: Sequelize, name: string, parent?: string) => {
    class Made extends Guitar(Model) {}
    const key = parent && {
      parent: { type: DataTypes.INTEGER, references: { model: parent, key: 'id' }, onDelete: 'CASCADE' },
    };
    const attributes = { title: { type: DataTypes.TEXT, unique: true }, ...(key || {}) };
    Made.init(attributes, {
      sequelize,
      modelName: name,
      tableName: name,
      indexes: parent ? [{ fields: ['parent'] }] : [],
    });
    return Made;
  };
  const make = (sequelize: Sequelize, into: string, name = 'one') => {
    const made = makeMigration(sequelize, { folder: into, schema: 'app', name });
    writeMigration(made);
    return made.steps;
  };
  const run = (steps: readonly Step[], direction: 'up' | 'down') =>
    db.sequelize.transaction(async (transaction) => {
      const ordered = direction === 'up' ? steps : [...steps].reverse();
      for (const sql of ordered.flatMap((step) => step[direction])) await db.sequelize.query(sql, { transaction });
    });
  const clean = async (sequelize: Sequelize) => expect((await audit(sequelize)).findings).to.deep.equal([]);

  it('a model and its table go, and come back; the way back does not stumble over what is gone', async () => {
    const [both, one] = [db.connect(), db.connect()];
    define(both, 'shelf');
    const Book = define(both, 'book', 'shelf');
    define(one, 'shelf');
    await both.sync({ guitars: false });
    await both.query('DROP INDEX shelf_title_unique, book_title_unique');
    const into = folder();
    await run(make(both, into), 'up');
    await clean(both);
    const gone = make(one, into, 'two');
    await run(gone, 'up');
    await db.sequelize.query('DROP TABLE book');
    await clean(one);
    await run(gone, 'down');
    await run(gone, 'up');
    await Book.sync({ guitars: false });
    await both.query('DROP INDEX book_title_unique');
    await run(make(both, into, 'three'), 'up');
    await clean(both);
    await db.sequelize.query(
      `INSERT INTO shelf (title) VALUES ('a'); INSERT INTO book (parent) VALUES (1); DELETE FROM shelf`,
    );
    expect(await number(db.sequelize, 'SELECT count(*) AS n FROM book WHERE _deleted_at IS NOT NULL')).to.equal(1);
    await db.sequelize.query('DROP TABLE book, shelf CASCADE; DROP SCHEMA guitars CASCADE');
  });

  it('two branches made the first migration each: both run, and either goes without the other', async () => {
    const sequelize = db.connect();
    define(sequelize, 'page');
    await sequelize.sync({ guitars: false });
    await sequelize.query('DROP INDEX page_title_unique');
    const [left, right] = [make(sequelize, folder()), make(sequelize, folder())];
    await run(left, 'up');
    await run(right, 'up');
    await clean(sequelize);
    await run(right, 'down');
    await run(left, 'down');
    expect(await number(db.sequelize, `SELECT count(*) AS n FROM pg_namespace WHERE nspname = 'guitars'`)).to.equal(0);
  });

  it('two branches gave one parent a child each: the database is what the files add up to, in whichever order they ran', async () => {
    const models = (...children: string[]) => {
      const sequelize = db.connect();
      define(sequelize, 'shelf');
      for (const child of children) define(sequelize, child, 'shelf');
      return sequelize;
    };
    const all = models('book', 'lamp');
    await all.sync({ guitars: false });
    await all.query('DROP INDEX shelf_title_unique, book_title_unique, lamp_title_unique');
    const [into, left] = [folder(), folder()];
    make(models(), into, 'first');
    fs.cpSync(into, left, { recursive: true });
    make(models('book'), left, 'left');
    const [, late = ''] = fs.readdirSync(left).sort();
    // Made a moment later on another machine.
    const now = new Date(Date.now() + 5000);
    writeMigration(makeMigration(models('lamp'), { folder: into, schema: 'app', name: 'right', now }));
    const migrate = (direction: 'up' | 'down', to?: string) => {
      const { due, exclusively, umzug } = createMigrator(db.sequelize, {
        folder: into,
        tableName: 'guitars_migrations',
        lockTimeout: 1000,
        lockRetries: 1,
      });
      return exclusively(async () => {
        const migrations = await due(direction, { to, all: to === undefined });
        return (await umzug[direction]({ migrations })).map(({ name }) => name);
      });
    };
    const functions = () =>
      rows(
        db.sequelize,
        `SELECT proname, prosrc FROM pg_proc WHERE pronamespace = to_regnamespace('guitars') ORDER BY proname`,
      );
    await migrate('up');
    const right = await functions();
    fs.cpSync(path.join(left, late), path.join(into, late));
    expect(await migrate('up')).to.deep.equal([late]);
    const lateLeft = await functions();
    await migrate('down');
    await migrate('up');
    expect(await functions()).to.deep.equal(lateLeft);
    await migrate('down', late);
    await migrate('up');
    expect(await functions()).to.deep.equal(lateLeft);
    expect(make(all, into, 'merged')).not.to.deep.equal([]);
    await migrate('up');
    await clean(all);
    expect(makeMigration(all, { folder: into, schema: 'app' }).steps).to.deep.equal([]);
    expect(right).not.to.deep.equal(lateLeft);
    await db.sequelize.query('DROP TABLE shelf, book, lamp, guitars_migrations CASCADE; DROP SCHEMA guitars CASCADE');
  });

  it('guards the partitions that there are when it runs', async () => {
    const sequelize = db.connect();
    class Reading extends Guitar(Model) {}
    Reading.init(
      { id: { type: DataTypes.INTEGER, primaryKey: true } },
      {
        sequelize,
        tableName: 'read%ing',
        guitar: { engine: 'trigger', partitionKey: ['id'], hardDeleteRole: 'someone' },
      },
    );
    const into = folder();
    const steps = make(sequelize, into);
    await db.sequelize.query(
      `CREATE TABLE "read%ing" (id int PRIMARY KEY, _created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz) PARTITION BY RANGE (id);
       CREATE TABLE "reading low%" PARTITION OF "read%ing" FOR VALUES FROM (0) TO (9);
       CREATE TABLE reading_high PARTITION OF "read%ing" FOR VALUES FROM (9) TO (19)`,
    );
    await run(steps, 'up');
    await clean(sequelize);
    expect((await refusal(db.sequelize.query('TRUNCATE "reading low%"'))).message).to.match(/TRUNCATE/i);
    await run(steps, 'down');
    expect(await number(db.sequelize, 'SELECT count(*) AS n FROM pg_trigger WHERE NOT tgisinternal')).to.equal(0);
    await run(steps, 'up');
    await db.sequelize.query('DROP TABLE "read%ing"');
    await run(steps, 'down');
  });

  it('names a migration after the last, however the folder counts; refuses a folder where none would be', async () => {
    const sequelize = db.connect();
    define(sequelize, 'page');
    for (const [last, next] of [
      ['0007-things.js', '0008-enforcement.js'],
      ['2020.01.01T00.00.00.things.js', '20260102030405-enforcement.js'],
      ['20250101000000-things.js', '20260102030405-enforcement.js'],
      ['20270101000000-things.js', '20270101000001-enforcement.js'],
      ['00002_things.up.sql', '00003-enforcement.js'],
      ['1767225600000-things.js', '1767225600001-enforcement.js'],
    ] as const) {
      const into = folder();
      fs.writeFileSync(path.join(into, last), '');
      const made = makeMigration(sequelize, { folder: into, schema: 'app', now: new Date('2026-01-02T03:04:05Z') });
      expect(made.files.map((file) => path.basename(file.path))).to.deep.equal([next]);
    }
    const into = folder();
    fs.writeFileSync(path.join(into, '9-things.js'), '');
    expect(() => makeMigration(sequelize, { folder: into })).to.throw(
      /No name that begins with "10" would run after 9-things\.js/,
    );
  });

  it('reads what a checkout has given other ends of lines, and refuses what has lost its end', async () => {
    for (const format of ['cjs', 'sql'] as const) {
      const sequelize = db.connect();
      define(sequelize, 'page');
      const into = folder();
      const made = makeMigration(sequelize, { folder: into, schema: 'app', format });
      writeMigration(made);
      for (const file of made.files) fs.writeFileSync(file.path, file.text.replaceAll('\n', '\r\n'));
      expect(makeMigration(sequelize, { folder: into, schema: 'app' }).steps).to.deep.equal([]);
      // And runs what was written.
      await sequelize.sync({ guitars: false });
      await sequelize.query('DROP INDEX IF EXISTS page_title_unique');
      const { umzug } = createMigrator(sequelize, {
        folder: into,
        tableName: format,
        lockTimeout: 5000,
        lockRetries: 1,
      });
      await umzug.up();
      await clean(sequelize);
      await umzug.down();
    }
    const into = folder();
    fs.writeFileSync(path.join(into, '1-one.js'), '// written by "guitars make".\nconst steps = [\n');
    expect(() => stepsIn(into)).to.throw(/its steps cannot be read: the end of the steps is missing/);
  });

  it('refuses a format that there is not', async () => {
    const sequelize = db.connect();
    define(sequelize, 'page');
    const error = await refusal(
      Promise.resolve().then(() => makeMigration(sequelize, { folder: folder(), format: 'toml' as never })),
    );
    expect(error.message).to.equal('There is no format "toml". Use one of: ts, cjs, esm, sql.');
  });
});
