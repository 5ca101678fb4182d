import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { audit, createUmzug, Guitar, type GuitarOptions, GuitarsError } from '../../lib';
import { loadModule } from '../../lib/migrations/loadModule';
import { makeMigration, writeMigration } from '../../lib/migrations/make';
import { stepsIn } from '../../lib/migrations/make/files';
import type { MigrationFormat } from '../../lib/migrations/make/formats';
import { fold } from '../../lib/migrations/make/recorded';
import { keyOf, told } from '../../lib/migrations/make/step';
import { number } from '../contract/world';
import { useDatabase } from '../support/database';

const define = (sequelize: Sequelize, name: string, guitar: GuitarOptions = {}, more = {}) => {
  class Made extends Guitar(Model) {}
  Made.init(
    { title: { type: DataTypes.TEXT, unique: true }, ...more },
    { sequelize, modelName: name, tableName: name, guitar },
  );
};

describe('makeMigration', () => {
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
  const now = new Date('2026-01-02T03:04:05Z');
  const made = (
    sequelize: Sequelize,
    into: string,
    options: { format?: MigrationFormat; adopt?: boolean; name?: string } = {},
  ) => makeMigration(sequelize, { folder: into, schema: 'app', now, ...options });
  const standing = (into: string) => [...fold(stepsIn(into)).keys()].sort();

  it('the same input makes the same bytes, and what it wrote is read back as it was', () => {
    for (const format of ['ts', 'cjs', 'esm', 'sql'] as const) {
      const [one, other] = [db.connect(), db.connect()];
      for (const sequelize of [one, other])
        define(sequelize, 'odd`$ {name}\\n"', {}, { ['a\\`$'.concat('{b}')]: DataTypes.TEXT });
      const into = folder();
      const first = made(one, into, { format });
      expect(made(other, into, { format }).files).to.deep.equal(first.files);
      writeMigration(first);
      const tidy = (sql: readonly string[]) => sql.map((each) => each.trim()).join(';\n');
      const read = stepsIn(into);
      expect(read.map(({ up, down }) => [tidy(up), tidy(down)])).to.deep.equal(
        first.steps.map(({ up, down }) => [tidy(up), tidy(down)]),
      );
      expect(made(other, into, { format }).steps).to.deep.equal([]);
    }
  });

  it('formats may be mixed in a folder; a migration by hand records nothing', () => {
    const [one, two] = [db.connect(), db.connect()];
    define(one, 'a');
    for (const name of ['a', 'b']) define(two, name);
    const into = folder();
    for (const [name, text] of [
      ['20200101000000-hand.js', 'exports.up = async () => {};'],
      ['20200101000001-steps.js', `const steps = ['SELECT 1'];\nexports.up = async () => {};`],
      ['20200101000002-guitars.up.sql', '-- guitars are what we sell\nCREATE TABLE guitar (id int);'],
      ['20200101000003-sold.up.sql', 'CREATE TABLE sold (id int); -- guitars only'],
    ] as const)
      fs.writeFileSync(path.join(into, name), text);
    writeMigration(made(one, into, { format: 'sql' }));
    const second = made(two, into, { format: 'ts' });
    expect(second.steps.map(({ table }) => table)).to.satisfy((tables: string[]) =>
      tables.every((table) => table === '"app"."b"'),
    );
    expect(path.basename(second.files[0]?.path ?? '')).to.equal('20260102030406-enforcement.ts'); // after the first
    writeMigration(second);
    expect(made(two, into).steps).to.deep.equal([]);
  });

  it('two branches that each made one lose nothing when they are merged', () => {
    const [base, left, right, both] = [1, 2, 3, 4].map(() => db.connect()) as [
      Sequelize,
      Sequelize,
      Sequelize,
      Sequelize,
    ];
    const into = folder();
    define(base, 'a');
    writeMigration(made(base, into));
    for (const [sequelize, names, engine] of [
      [left, ['a', 'l'], 'trigger'],
      [right, ['a', 'r'], 'rule'],
      [both, ['a', 'l', 'r'], 'trigger'],
    ] as const) {
      for (const name of names) define(sequelize, name, { engine });
    }
    const [ofLeft, ofRight] = [made(left, into, { name: 'left' }), made(right, into, { name: 'right' })];
    writeMigration(ofLeft);
    writeMigration(ofRight);
    const merged = made(both, into);
    // Each branch has its own table; what they share and see differently is settled by one more migration.
    expect(merged.steps.filter(({ table }) => table === '"app"."a"')).to.deep.equal([]);
    expect(merged.steps.map(told).join()).to.include('guitars_archive on "app"."r"');
    writeMigration(merged);
    expect(made(both, into).steps).to.deep.equal([]);
    const fresh = folder();
    writeMigration(made(both, fresh));
    const retired = new Set(merged.steps.filter(({ action }) => action === 'retire').map(keyOf));
    expect(standing(into).filter((key) => !retired.has(key))).to.deep.equal(standing(fresh));
  });

  it('a model that goes is retired; the column that marks deletions stays', () => {
    const [one, none] = [db.connect(), db.connect()];
    define(one, 'a');
    define(
      one,
      'b',
      {},
      { a_id: { type: DataTypes.INTEGER, references: { model: 'a', key: 'id' }, onDelete: 'CASCADE' } },
    );
    define(none, 'a');
    const into = folder();
    writeMigration(made(one, into));
    const { steps } = made(none, into);
    const gone = steps
      .filter(({ action, table }) => action === 'retire' && table === '"app"."b"')
      .map(({ kind }) => kind);
    expect([...new Set(gone)]).to.deep.equal(['index', 'rule', 'trigger', 'function', 'sequence']);
  });

  it('refuses a name that is none, a file that was spoilt, and to write over another', () => {
    const sequelize = db.connect();
    define(sequelize, 'a');
    const into = folder();
    expect(() => made(sequelize, into, { name: '../b' })).to.throw(
      GuitarsError,
      /"\.\.\/b" cannot be part of a file’s name|cannot be part/,
    );
    const first = made(sequelize, into);
    writeMigration(first);
    expect(() => writeMigration(first)).to.throw(/EEXIST/);
    const file = first.files[0]?.path ?? '';
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('const steps = [', 'const steps = [ { '));
    expect(() => made(sequelize, into)).to.throw(
      GuitarsError,
      /written by guitars make, and its steps cannot be read.*Restore the file/s,
    );
  });

  it('refuses an .sql file to whose statements lines were added, or of which some were joined', () => {
    const sequelize = db.connect();
    define(sequelize, 'edited');
    for (const [from, to] of [
      ['\nCREATE OR REPLACE TRIGGER', '\n-- reviewed\nCREATE OR REPLACE TRIGGER'],
      [';\nSELECT guitars.seal', '; SELECT guitars.seal'],
    ] as const) {
      const into = folder();
      const first = made(sequelize, into, { format: 'sql' });
      writeMigration(first);
      const file = first.files.find(({ path }) => path.endsWith('.up.sql'))?.path ?? '';
      const text = fs.readFileSync(file, 'utf8');
      expect(text).to.include(from);
      fs.writeFileSync(file, text.replace(from, to));
      expect(() => made(sequelize, into, { format: 'sql' })).to.throw(GuitarsError, /its steps cannot be read/);
    }
  });

  it('runs in an Umzug of createUmzug, and by sequelize-cli', async () => {
    const sequelize = db.connect();
    define(sequelize, 'page');
    await sequelize.sync({ guitars: false });
    await sequelize.query('DROP INDEX page_title_unique');
    const into = folder();
    const { files } = made(sequelize, into);
    writeMigration({ steps: [], files });
    const script = (await loadModule(files[0]?.path ?? '')) as {
      up(argument: object): Promise<void>;
      down(argument: object): Promise<void>;
    };
    const umzug = createUmzug(sequelize, {
      migrations: [{ name: 'page', up: (argument) => script.up(argument), down: (argument) => script.down(argument) }],
    });
    await umzug.up();
    expect((await audit(sequelize)).findings).to.deep.equal([]);
    await umzug.down({ to: 0 });
    expect(await number(sequelize, 'SELECT count(*) AS n FROM pg_trigger WHERE NOT tgisinternal')).to.equal(0);
    const cli = require.resolve('sequelize-cli/lib/sequelize');
    const sequelizeCli = (...args: string[]) =>
      execFileSync(process.execPath, [cli, ...args, '--url', db.url, '--migrations-path', into], {
        encoding: 'utf8',
        cwd: path.join(__dirname, '../..'),
      });
    expect(sequelizeCli('db:migrate')).to.include('migrated');
    expect((await audit(sequelize)).findings).to.deep.equal([]);
    expect(sequelizeCli('db:migrate:undo:all')).to.include('reverted');
    expect(await number(sequelize, 'SELECT count(*) AS n FROM pg_trigger WHERE NOT tgisinternal')).to.equal(0);
  });

  it('--adopt makes an index anew that somebody else has made; without it that is an error', async () => {
    const sequelize = db.connect();
    define(sequelize, 'tag');
    await sequelize.sync();
    await sequelize.query('COMMENT ON INDEX tag_title_unique IS NULL'); // as if somebody else had made it
    const run = async (adopt: boolean) => {
      const { steps } = made(sequelize, folder(), { adopt });
      await sequelize.transaction(async (transaction) => {
        for (const sql of steps.flatMap(({ up }) => up)) await sequelize.query(sql, { transaction });
      });
    };
    expect(
      await run(false).then(
        () => 'ran',
        (error) => error.parent.code,
      ),
    ).to.equal('42P07');
    await run(true);
    expect((await audit(sequelize, { models: [sequelize.models.tag as never] })).findings).to.deep.equal([]);
  });
});
