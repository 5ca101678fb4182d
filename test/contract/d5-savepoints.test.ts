import { expect } from 'chai';
import { withHardDelete } from '../../lib';
import { eachEngine, held, live, refusal, rows, useWorld } from './world';

eachEngine('D5 the hard-delete door and savepoints', (engine) => {
  const world = useWorld(engine);
  const fill = () => world.db.sequelize.query(`INSERT INTO country (id, name) VALUES (1, 'a'), (2, 'b')`);
  const DELETE = 'DELETE FROM country WHERE id = 1';

  it('D5 one that did not open, in a savepoint that had failed, is closed behind it', async () => {
    const { sequelize } = world.db;
    await fill();
    await sequelize.transaction(async (transaction) => {
      const inner = sequelize.transaction({ transaction }, async (nested) => {
        await refusal(sequelize.query('SELECT 1/0', { transaction: nested }));
        await withHardDelete(nested, async () => {});
      });
      expect((await refusal(inner)).parent?.code).to.equal('25P02');
      await sequelize.query(DELETE, { transaction });
    });
    expect([await held(sequelize, 'country'), await live(sequelize, 'country')]).to.deep.equal([2, 1]);
  });

  it('D5 one that was opened again stays open behind a savepoint within it, and no longer', async () => {
    const { sequelize } = world.db;
    await fill();
    await sequelize.transaction(async (transaction) => {
      await withHardDelete(transaction, async () => {});
      await withHardDelete(transaction, async () => {
        await refusal(
          sequelize.transaction({ transaction }, async (nested) => {
            await sequelize.query('SELECT 1/0', { transaction: nested });
          }),
        );
        await sequelize.query(DELETE, { transaction });
      });
      await sequelize.query('DELETE FROM country WHERE id = 2', { transaction });
    });
    expect([await held(sequelize, 'country'), await live(sequelize, 'country')]).to.deep.equal([1, 0]);
  });

  it('D5 one of a transaction that has ended leaves the next one’s connection as it is', async () => {
    const sequelize = world.db.connect({ pool: { max: 1 } });
    await fill();
    const ended = await sequelize.transaction();
    await ended.commit();
    await sequelize.transaction(async (transaction) => {
      await refusal(withHardDelete(ended, async () => {}));
      await sequelize.query(DELETE, { transaction });
    });
    expect(await rows(sequelize, 'SELECT id FROM country WHERE _deleted_at IS NULL')).to.deep.equal([{ id: 2 }]);
  });

  it('D5 one whose closing failed, as by a timeout, says so: a COMMIT would say nothing', async () => {
    const { sequelize } = world.db;
    await fill();
    const work = sequelize.transaction((transaction) =>
      withHardDelete(transaction, async () => {
        await sequelize.query(DELETE, { transaction });
        const { connection } = transaction as unknown as { connection: { query(...args: unknown[]): unknown } };
        const query = connection.query.bind(connection);
        connection.query = (_sql, ...rest) => {
          connection.query = query;
          return query('SELECT 1/0', rest.at(-1));
        };
      }),
    );
    expect((await refusal(work)).parent?.code).to.equal('22012');
    expect(await held(sequelize, 'country')).to.equal(2);
  });

  it('D5 two that are open at a time are closed by the last of them', async () => {
    const { sequelize } = world.db;
    await fill();
    await sequelize.query(`INSERT INTO country (id, name) VALUES (3, 'c')`);
    const found = await world.models.Country.findAll({ where: { id: [1, 2] } });
    await sequelize.transaction(async (transaction) => {
      await Promise.all(found.map((country) => country.hardDelete({ transaction })));
      await sequelize.query('DELETE FROM country WHERE id = 3', { transaction });
    });
    expect([await held(sequelize, 'country'), await live(sequelize, 'country')]).to.deep.equal([1, 0]);
  });

  it('D5 one whose transaction was ended by what it was open for needs no closing', async () => {
    const { sequelize } = world.db;
    await fill();
    for (const [id, end] of [
      [1, 'commit'],
      [2, 'rollback'],
    ] as const) {
      const transaction = await sequelize.transaction();
      await withHardDelete(transaction, async () => {
        await sequelize.query(`DELETE FROM country WHERE id = ${id}`, { transaction });
        await transaction[end]();
      });
    }
    expect([await held(sequelize, 'country'), await live(sequelize, 'country')]).to.deep.equal([1, 1]);
  });

  it('D5 one whose savepoint was ended by what it was open for is closed in the transaction around it', async () => {
    const { sequelize } = world.db;
    await fill();
    await sequelize.transaction(async (transaction) => {
      const nested = await sequelize.transaction({ transaction });
      await withHardDelete(nested, () => nested.commit());
      await sequelize.query('DELETE FROM country', { transaction });
    });
    expect([await held(sequelize, 'country'), await live(sequelize, 'country')]).to.deep.equal([2, 0]);
  });

  it('D5 behind one that was closed, texts that speak of a rollback to something are texts', async () => {
    const { sequelize } = world.db;
    const { Country } = world.models;
    const name = 'Rollback; or how to go back; ROLLBACK TO a';
    await fill();
    await sequelize.query('INSERT INTO country (id, name) VALUES (3, $1)', { bind: [name] });
    await sequelize.transaction(async (transaction) => {
      await withHardDelete(transaction, async () => {});
      expect(await Country.findAll({ where: { name }, transaction })).to.have.length(1);
      const sql = `SELECT id FROM country WHERE name = '${name}' AND id = $1`;
      expect((await sequelize.query(sql, { bind: [3], transaction }))[0]).to.deep.equal([{ id: 3 }]);
      expect(await Country.destroy({ where: { name }, transaction })).to.equal(1);
    });
  });

  it('D5 one is closed behind a savepoint before what comes after it in one message', async () => {
    const { sequelize } = world.db;
    await fill();
    await sequelize.transaction(async (transaction) => {
      await withHardDelete(transaction, () => sequelize.query('SAVEPOINT a', { transaction }));
      const several = `/* ; */ rollback work to "a"; SELECT 'rollback; to' AS said; DELETE FROM country WHERE id = 1 -- to`;
      expect((await sequelize.query(several, { transaction }))[0]).to.deep.equal([{ said: 'rollback; to' }]);
      await sequelize.query('ROLLBACK TO SAVEPOINT a -- again', { transaction });
      await sequelize.query('DELETE FROM country WHERE id = 2', { transaction });
    });
    expect(await held(sequelize, 'country')).to.equal(2);
  });
});
