import { expect } from 'chai';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { audit, configureGuitars, Guitar, type GuitarOptions } from '../../lib';
import { held, live, rows } from '../contract/world';
import { useDatabase } from '../support/database';

// With a schema: `alter` looks for the columns of a table that names none in `public`.
const define = (sequelize: Sequelize, name: string, more = {}, guitar: GuitarOptions = {}) => {
  class Made extends Guitar(Model) {}
  Made.init(
    { title: DataTypes.STRING(20), ...more },
    {
      sequelize,
      modelName: name,
      tableName: name,
      schema: 'app',
      guitar,
      indexes: 'parentId' in more ? [{ fields: ['parentId'] }] : [],
    },
  );
  return Made;
};

describe('sync', () => {
  const db = useDatabase();
  const clean = async (sequelize: Sequelize) => expect((await audit(sequelize)).findings).to.deep.equal([]);

  it('installs, of one model and of all', async () => {
    const sequelize = db.connect();
    const One = define(sequelize, 'one');
    define(sequelize, 'two');
    await One.sync();
    expect((await audit(sequelize)).findings.map(({ kind, model }) => [kind, model])).to.deep.equal([
      ['no_table', 'two'],
    ]);
    await sequelize.sync();
    await clean(sequelize);
  });

  it('does not install when told not to: by the call, by the model, by the project', async () => {
    const sequelize = db.connect();
    define(sequelize, 'told', {}, { sync: false });
    configureGuitars({ sync: false });
    define(sequelize, 'whole');
    configureGuitars({});
    define(sequelize, 'called');
    await sequelize.sync({ guitars: false });
    const missing = async () => [
      ...new Set((await audit(sequelize)).findings.filter((f) => f.kind === 'missing').map((f) => f.model)),
    ];
    expect(await missing()).to.deep.equal(['told', 'whole', 'called']);
    await sequelize.sync();
    expect(await missing()).to.deep.equal(['told', 'whole']);
  });

  it('{ alter: true } changes columns that triggers name, keeps rows and marks, and enforces afterwards', async () => {
    const before = db.connect();
    define(before, 'parent');
    define(before, 'child', {
      parentId: {
        type: DataTypes.INTEGER,
        references: { model: { tableName: 'parent', schema: 'app' }, key: 'id' },
        onDelete: 'CASCADE',
      },
    });
    await before.sync();
    await before.query(`INSERT INTO parent (title) VALUES ('a')`);
    await before.query('INSERT INTO child ("parentId") VALUES (1), (1)');
    await before.query('DELETE FROM parent');
    const marks = () => rows(before, 'SELECT id, _deletion, _deleted_at FROM child ORDER BY id');
    const marked = await marks();

    const after = db.connect();
    define(after, 'parent', { title: DataTypes.TEXT, added: DataTypes.INTEGER });
    define(after, 'child', {
      parentId: {
        type: DataTypes.BIGINT,
        references: { model: { tableName: 'parent', schema: 'app' }, key: 'id' },
        onDelete: 'CASCADE',
      },
    });
    await after.sync({ alter: true });
    await clean(after);
    expect(await marks()).to.deep.equal(marked);
    await after.query('UPDATE parent SET _deleted_at = NULL');
    expect([await live(after, 'child'), await held(after, 'child')]).to.deep.equal([2, 2]);
  });

  it('{ alter: true } that fails leaves enforcement in place', async () => {
    const before = db.connect();
    define(before, 'stays');
    await before.sync();
    await before.query(`INSERT INTO stays (title) VALUES ('not a number')`);
    const after = db.connect();
    define(after, 'stays', { title: DataTypes.INTEGER });
    const failed = await after.sync({ alter: true }).then(
      () => false,
      () => true,
    );
    expect(failed).to.equal(true);
    await clean(before);
  });

  it('{ force: true } makes the table anew, enforced', async () => {
    const sequelize = db.connect();
    define(sequelize, 'anew');
    await sequelize.sync();
    await sequelize.query(`INSERT INTO anew (title) VALUES ('a')`);
    await sequelize.sync({ force: true });
    expect(await held(sequelize, 'anew')).to.equal(0);
    await clean(sequelize);
  });

  it('tables whose keys form a cycle', async () => {
    const sequelize = db.connect();
    const Team = define(sequelize, 'team');
    const Player = define(sequelize, 'player');
    Team.hasMany(Player, { foreignKey: 'teamId', onDelete: 'CASCADE' });
    Player.belongsTo(Team, { foreignKey: 'teamId', onDelete: 'CASCADE' });
    Team.belongsTo(Player, { as: 'captain', foreignKey: 'captainId', onDelete: 'SET NULL' });
    await sequelize.sync();
    expect((await audit(sequelize)).findings.filter(({ kind }) => kind !== 'unindexed_key')).to.deep.equal([]);
    await sequelize.query(`INSERT INTO team (title) VALUES ('a')`);
    await sequelize.query('INSERT INTO player ("teamId") VALUES (1)');
    await sequelize.query('DELETE FROM team');
    expect(await live(sequelize, 'player')).to.equal(0);
  });

  it('in a schema of the model’s own', async () => {
    const sequelize = db.connect();
    await sequelize.createSchema('elsewhere', {});
    class Made extends Guitar(Model) {}
    Made.init({ title: DataTypes.TEXT }, { sequelize, modelName: 'made', tableName: 'made', schema: 'elsewhere' });
    await sequelize.sync();
    await clean(sequelize);
    await sequelize.query(`INSERT INTO elsewhere.made (title) VALUES ('a')`);
    await sequelize.query('DELETE FROM elsewhere.made');
    expect(await rows(sequelize, 'SELECT title FROM elsewhere.made WHERE _deleted_at IS NOT NULL')).to.have.length(1);
  });
});
