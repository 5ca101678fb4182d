import { expect } from 'chai';
import { withKeptTimestamps } from '../../lib';
import { eachEngine, rows, useWorld } from './world';

interface Times {
  created: string;
  updated: string;
  deleted: string | null;
  now: string;
}

eachEngine('T the times are the database’s', (engine) => {
  const world = useWorld(engine);
  const query = (sql: string) => world.db.sequelize.query(sql);
  const LIE = '2001-02-03 04:05:06+00';
  // As text: a Date has milliseconds, PostgreSQL's times have microseconds.
  const times = async (from = 'country') => {
    const [row] = await rows<Times>(
      world.db.sequelize,
      `SELECT _created_at::text AS created, _updated_at::text AS updated, _deleted_at::text AS deleted, now()::text AS now FROM ${from}`,
    );
    return row as Times;
  };
  /** Runs a statement that returns the three times and now(), all of one transaction. */
  const returning = async (sql: string) => {
    const [[row]] = (await query(
      `${sql} RETURNING _created_at::text AS created, _updated_at::text AS updated, _deleted_at::text AS deleted, now()::text AS now`,
    )) as unknown as [[Times]];
    return row;
  };

  it('T1 _created_at is the insert’s transaction time when the insert does not say', async () => {
    const row = await returning(`INSERT INTO country (name) VALUES ('a')`);
    expect(row.created).to.equal(row.now);
    expect(row.updated).to.equal(row.now);
  });

  it('T1 NULL, which a bulk insert sends for rows that say nothing, is not saying', async () => {
    const row = await returning(`INSERT INTO country (name, _created_at, _updated_at) VALUES ('a', NULL, NULL)`);
    expect([row.created, row.updated]).to.deep.equal([row.now, row.now]);
    const { Country } = world.models;
    const [said, silent] = await Country.bulkCreate([{ name: 'b', createdAt: new Date(LIE) }, { name: 'c' }]);
    expect(said?.createdAt.toISOString()).to.equal(new Date(LIE).toISOString());
    expect(silent?.createdAt).to.be.instanceOf(Date);
    expect(silent?.createdAt.getTime()).to.be.greaterThan(new Date(LIE).getTime());
  });

  it('T1 an insert that says is believed', async () => {
    const row = await returning(`INSERT INTO country (name, _created_at) VALUES ('a', '${LIE}')`);
    expect(row.created).to.equal('2001-02-03 04:05:06+00');
  });

  it('T1 an UPDATE that tries to change _created_at keeps the old value', async () => {
    await query(`INSERT INTO country (name) VALUES ('a')`);
    const before = await times();
    const row = await returning(`UPDATE country SET _created_at = '${LIE}'`);
    expect(row.created).to.equal(before.created);
    await query(`UPDATE country SET _created_at = NULL`);
    expect((await times()).created).to.equal(before.created);
  });

  it('T2 _updated_at is the transaction time of the last UPDATE, and RETURNING carries it', async () => {
    await query(`INSERT INTO country (name) VALUES ('a')`);
    const row = await returning(`UPDATE country SET name = 'b'`);
    expect(row.updated).to.equal(row.now);
    expect(row.updated).to.not.equal(row.created);
  });

  for (const value of [`'${LIE}'`, 'NULL', `now() + interval '1 year'`, '_created_at', 'now()']) {
    it(`T2 a client that sends _updated_at = ${value} is overwritten`, async () => {
      await query(`INSERT INTO country (name) VALUES ('a')`);
      const row = await returning(`UPDATE country SET _updated_at = ${value}`);
      expect(row.updated).to.equal(row.now);
    });
  }

  it('T2 the ORM, bulk calls and increments are stamped alike', async () => {
    const { City } = world.models;
    const city = await City.create({ name: 'a', region_id: null });
    const before = await times('city');
    await City.update({ name: 'b' }, { where: {} });
    const after = await times('city');
    expect(after.updated > before.updated).to.equal(true);
    await City.increment('region_id', { by: 0, where: { id: city.id } });
    expect((await times('city')).updated > after.updated).to.equal(true);
  });

  it('T3 a client that writes _deleted_at by hand gets now()', async () => {
    for (const value of [`'${LIE}'`, `now() + interval '1 year'`, `'infinity'`]) {
      await query(`INSERT INTO country (name) VALUES ('a')`);
      const row = await returning(`UPDATE country SET _deleted_at = ${value} WHERE _deleted_at IS NULL`);
      expect(row.deleted).to.equal(row.now);
    }
  });

  it('T3 an archived row’s time cannot be moved, only cleared', async () => {
    await query(`INSERT INTO country (name) VALUES ('a')`);
    await query('DELETE FROM country');
    const { deleted } = await times();
    await query(`UPDATE country SET _deleted_at = '${LIE}'`);
    await query(`UPDATE country SET _deleted_at = now()`);
    expect((await times()).deleted).to.equal(deleted);
    await query(`UPDATE country SET _deleted_at = NULL`);
    expect((await times()).deleted).to.equal(null);
  });

  it('T4 one explicit, transaction-local door lets an import carry its own times', async () => {
    const { sequelize } = world.db;
    await query(`INSERT INTO country (name) VALUES ('a')`);
    const lies = `UPDATE country SET _created_at = '${LIE}', _updated_at = '${LIE}', _deleted_at = '${LIE}'`;
    await sequelize.transaction((transaction) =>
      withKeptTimestamps(transaction, () => sequelize.query(lies, { transaction })),
    );
    const row = await times();
    expect([row.created, row.updated, row.deleted]).to.deep.equal(
      [LIE, LIE, LIE].map((time) => time.replace('+00', '+00')),
    );
    await query(`UPDATE country SET _updated_at = '${LIE}', _created_at = now()`);
    const closed = await times();
    expect(closed.updated).to.not.equal(LIE);
    expect(closed.created).to.equal(LIE);
  });

  it('T4 the door closes with fn, also inside the same transaction, and an open door keeps columns NOT NULL', async () => {
    const { sequelize } = world.db;
    await query(`INSERT INTO country (name) VALUES ('a')`);
    await sequelize.transaction(async (transaction) => {
      await withKeptTimestamps(transaction, () =>
        sequelize.query('UPDATE country SET _updated_at = NULL, _created_at = NULL', { transaction }),
      );
      await sequelize.query(`UPDATE country SET _updated_at = '${LIE}'`, { transaction });
    });
    expect((await times()).updated).to.not.equal(LIE);
  });
});
