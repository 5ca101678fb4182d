import { expect } from 'chai';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { memoryStorage, Umzug } from 'umzug';
import { audit, createUmzug, Guitar, guitarsMigrations, install, plan } from '../../lib';
import { migrations } from '../../migrations';
import { held, live, number, rows } from '../contract/world';
import { useDatabase } from '../support/database';

const NAMES = ['guitars-0001-shared', 'guitars-0002-history'];

const functions = (sequelize: Sequelize) =>
  number(sequelize, `SELECT count(*) AS n FROM pg_proc WHERE pronamespace = to_regnamespace('guitars')`);

function define(sequelize: Sequelize) {
  class Author extends Guitar(Model) {}
  class Post extends Guitar(Model) {}
  Author.init({ name: DataTypes.TEXT }, { sequelize, modelName: 'author', tableName: 'author' });
  Post.init(
    { title: DataTypes.TEXT },
    { sequelize, modelName: 'post', tableName: 'post', indexes: [{ fields: ['authorId'] }] },
  );
  Post.belongsTo(Author, { foreignKey: 'authorId', onDelete: 'CASCADE' });
  return { Author, Post };
}

describe('the package’s own migrations', () => {
  const db = useDatabase();

  it('run up once, and down, through createUmzug', async () => {
    const umzug = createUmzug(db.sequelize);
    expect((await umzug.up()).map(({ name }) => name)).to.deep.equal(NAMES);
    const after = await functions(db.sequelize);
    expect(after).to.be.greaterThan(5);
    expect(await umzug.up()).to.deep.equal([]);
    expect(await rows(db.sequelize, 'SELECT name FROM guitars_migrations')).to.deep.equal(
      NAMES.map((name) => ({ name })),
    );
    const version = () => number(db.sequelize, 'SELECT guitars.version() AS n');
    expect(await version()).to.equal(2);
    await umzug.down();
    expect(await version()).to.equal(1);
    await umzug.down();
    expect(await functions(db.sequelize)).to.equal(0);
    await umzug.up();
    expect(await functions(db.sequelize)).to.equal(after);
    await umzug.down({ to: 0 });
  });

  it('run in an Umzug of one’s own', async () => {
    const umzug = new Umzug({
      migrations: guitarsMigrations(),
      context: { sequelize: db.sequelize },
      storage: memoryStorage(),
      logger: undefined,
    });
    await umzug.up();
    expect(await functions(db.sequelize)).to.be.greaterThan(5);
    await umzug.down({ to: 0 });
  });

  it('two deployers at once', async () => {
    const umzugs = [db.sequelize, db.connect(), db.connect()].map(
      (sequelize) =>
        new Umzug({
          migrations: guitarsMigrations(),
          context: { sequelize },
          storage: memoryStorage(),
          logger: undefined,
        }),
    );
    await Promise.all(umzugs.map((umzug) => umzug.up()));
    expect(await functions(db.sequelize)).to.be.greaterThan(5);
    await umzugs[0]?.down({ to: 0 });
  });

  it('are brought up to date by install, from every version before', async () => {
    define(db.sequelize);
    await db.sequelize.sync({ guitars: false });
    const versions = async () => [(await audit(db.sequelize)).findings.length, await functions(db.sequelize)];
    await install(db.sequelize);
    const whole = await versions();
    for (const sql of migrations[1]?.down ?? []) await db.sequelize.query(sql);
    expect((await versions())[1]).to.be.lessThan(whole[1] as number);
    await install(db.sequelize);
    expect(await versions()).to.deep.equal(whole);
    await db.sequelize.drop();
    await db.sequelize.query('DROP SCHEMA guitars CASCADE');
  });

  it('carry an enforcement migration written by hand with plan, up and down', async () => {
    define(db.sequelize);
    const { up, down } = plan(db.sequelize, { schema: 'app' });
    const all = async (sequelize: Sequelize, statements: readonly string[]) => {
      await sequelize.transaction(async (transaction) => {
        for (const sql of statements) await sequelize.query(sql, { transaction });
      });
    };
    const umzug = createUmzug(db.sequelize, {
      tableName: 'my_migrations',
      migrations: [
        { name: '0001-tables', up: () => db.sequelize.sync({ guitars: false }), down: () => db.sequelize.drop() },
        {
          name: '0002-enforcement',
          up: ({ context }) => all(context.sequelize, up),
          down: ({ context }) => all(context.sequelize, down),
        },
      ],
    });
    await umzug.up();
    expect((await audit(db.sequelize)).findings).to.deep.equal([]);
    expect((await install(db.sequelize)).installed).to.deep.equal([]);
    await db.sequelize.query(`INSERT INTO author (name) VALUES ('a')`);
    await db.sequelize.query('INSERT INTO post ("authorId") VALUES (1), (1)');
    await db.sequelize.query('DELETE FROM author');
    expect([await live(db.sequelize, 'post'), await held(db.sequelize, 'post')]).to.deep.equal([0, 2]);
    await umzug.down({ to: '0002-enforcement' });
    expect(await number(db.sequelize, `SELECT count(*) AS n FROM pg_trigger WHERE NOT tgisinternal`)).to.equal(0);
    await db.sequelize.query('DELETE FROM author');
    expect(await held(db.sequelize, 'author')).to.equal(0);
    await umzug.down({ to: 0 });
    expect(await functions(db.sequelize)).to.equal(0);
  });
});
