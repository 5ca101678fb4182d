import { expect } from 'chai';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { Guitar, install } from '../../lib';
import { useDatabase } from '../support/database';
import { defineWorld, eachEngine, held, live, sqlstate } from './world';

eachEngine('D5 the hard-delete door leaves no trace on a pooled connection', (engine) => {
  const db = useDatabase();
  let one: Sequelize;
  before(async () => {
    one = db.connect({ pool: { max: 1, min: 1, idle: 60000 } });
    defineWorld(one, engine);
    await one.sync();
  });
  beforeEach(() => one.query(`INSERT INTO country (name) VALUES ('a'), ('b')`));
  afterEach(async () => {
    // The next user of the only connection deletes softly.
    const before = await held(one, 'country');
    await one.query('DELETE FROM country');
    expect([await live(one, 'country'), await held(one, 'country')]).to.deep.equal([0, before]);
    await one.models.country?.destroy({ where: {}, force: true });
  });

  it('committed', () => one.models.country?.destroy({ where: { name: 'a' }, force: true }));

  it('rolled back', async () => {
    const transaction = await one.transaction();
    await one.models.country?.destroy({ where: {}, force: true, transaction });
    await transaction.rollback();
    expect(await held(one, 'country')).to.equal(2);
  });

  it('errored', async () => {
    const where = one.literal('1 / 0 = 1') as never;
    expect(await sqlstate(one.models.country?.destroy({ where, force: true }) as Promise<unknown>)).to.equal('22012');
  });

  it('within a transaction that goes on', async () => {
    await one.transaction(async (transaction) => {
      await one.models.country?.destroy({ where: { name: 'a' }, force: true, transaction });
      await one.query('DELETE FROM country', { transaction });
    });
    expect(await held(one, 'country')).to.equal(1);
  });

  it('cut', async () => {
    const admin = await db.admin();
    const transaction = await one.transaction();
    const [[backend]] = (await one.query('SELECT pg_backend_pid() AS pid', { transaction })) as unknown as [
      [{ pid: number }],
    ];
    await one.query('SET LOCAL guitars.hard_delete = on', { transaction });
    await admin.query('SELECT pg_terminate_backend($1)', [backend.pid]);
    await transaction.rollback().catch(() => undefined);
    await one.query('SELECT 1').catch(() => undefined);
    expect(await held(one, 'country')).to.equal(2);
  });
});

eachEngine('D5 only a named role may delete physically', (engine) => {
  const db = useDatabase();
  it('the check is in the database', async () => {
    const admin = await db.admin();
    const role = `janitor_${engine}_${db.name}`.slice(0, 60);
    await admin.query(`CREATE ROLE "${role}"`);
    try {
      class Ledger extends Guitar(Model) {}
      Ledger.init(
        { amount: DataTypes.INTEGER },
        { sequelize: db.sequelize, modelName: 'ledger', tableName: 'ledger', guitar: { engine, hardDeleteRole: role } },
      );
      await db.sequelize.sync();
      await Ledger.bulkCreate([{ amount: 1 }, { amount: 2 }]);
      expect(await sqlstate(Ledger.hardDelete({ where: {} }))).to.equal('42501');
      expect(await sqlstate(Ledger.destroy({ truncate: true, force: true }))).to.equal('42501');
      const opening = `DELETE FROM ledger WHERE set_config('guitars.hard_delete', 'on', true) = 'on'`;
      if (engine === 'trigger') expect(await sqlstate(db.sequelize.query(opening))).to.equal('42501');
      expect(await held(db.sequelize, 'ledger')).to.equal(2);
      expect(await Ledger.destroy({ where: { amount: 1 } })).to.equal(1);
      const [[{ current_user: app }]] = (await db.sequelize.query('SELECT current_user')) as unknown as [
        [{ current_user: string }],
      ];
      await admin.query(`GRANT "${role}" TO "${app}"`);
      expect(await Ledger.hardDelete({ where: {} })).to.equal(2);
      await install(db.sequelize);
    } finally {
      await admin.query(`DROP ROLE "${role}"`);
    }
  });
});

describe('D6 without enforcement', () => {
  const db = useDatabase();
  it('D6 the ORM’s own delete never removes a row by accident', async () => {
    const { Country } = defineWorld(db.sequelize, 'rule');
    await db.sequelize.sync({ guitars: false });
    const [a] = await Country.bulkCreate([{ name: 'a' }, { name: 'b' }, { name: 'c' }]);
    await a?.destroy();
    expect(a?.isDeleted).to.equal(true);
    expect(await Country.destroy({ where: {} })).to.equal(2);
    expect([await live(db.sequelize, 'country'), await held(db.sequelize, 'country')]).to.deep.equal([0, 3]);
    expect(await Country.restore({ where: {} })).to.equal(3);
  });
});
