import { expect } from 'chai';
import { DataTypes, type Transaction } from 'sequelize';
import { DefinitionError, install } from '../../lib';
import {
  fresh,
  ignoreTriggers,
  insert,
  ProtectedError,
  plpgsql,
  protect,
  raw,
  setConstraints,
  table,
  trigger,
  update,
} from '../../lib/triggers';
import { number, refusal } from '../contract/world';
import { ATTRIBUTES, useTriggers } from './world';

describe('triggers at run time', () => {
  const { db, item, query } = useTriggers();
  type Made = Awaited<ReturnType<typeof item>>;
  const within = <T>(Model: Made, work: (transaction: Transaction) => Promise<T>) => {
    if (!Model.sequelize) throw new Error('no sequelize');
    return Model.sequelize.transaction(work);
  };
  it('suppress: named triggers do not fire for what the body does, nor for what that sets off; they do afterwards', async () => {
    await query('CREATE TABLE tally (n int)');
    const count = (name: string) =>
      trigger({ name, when: 'after', operation: insert, body: plpgsql`INSERT INTO tally VALUES (1);` });
    const Target = await item([count('counted')]);
    const Middle = await item(
      [
        trigger({
          name: 'pass on',
          when: 'after',
          operation: insert,
          body: plpgsql`INSERT INTO ${table(Target)} (name) VALUES ('x');`,
        }),
      ],
      ATTRIBUTES,
      {},
      Target.sequelize,
    );
    const Source = await item(
      [
        trigger({
          name: 'quiet',
          when: 'after',
          operation: insert,
          suppress: { model: Target },
          declare: plpgsql`n integer := 0;`,
          body: plpgsql`n := 1; INSERT INTO ${table(Middle)} (name) VALUES ('x'); -- a comment at the end`,
        }),
      ],
      ATTRIBUTES,
      {},
      Target.sequelize,
    );
    const tally = () => number(db.sequelize, 'SELECT count(*) AS n FROM tally');
    await Source.sequelize?.transaction(async (transaction) => {
      await Source.create({ name: 'a', price: 1 }, { transaction });
      expect(await Target.count({ transaction })).to.equal(1);
      await Middle.create({ name: 'b', price: 1 }, { transaction });
    });
    expect(await tally()).to.equal(1);
    expect(await Target.count()).to.equal(2);
  });

  it('suppress: a body that returns by itself is refused, with the remedy', async () => {
    const error = await refusal(
      item([
        protect({ name: 'other' }),
        trigger({
          name: 'early',
          when: 'before',
          operation: insert,
          suppress: 'other',
          body: plpgsql`IF true THEN return NEW; END IF; -- RETURNING`,
        }),
      ]),
    );
    expect(error).to.be.instanceOf(DefinitionError);
    expect(error.message).to.match(/"early" suppresses others, which come back at its end: its body must not RETURN/);
    const fine = trigger({
      name: 'fine',
      when: 'before',
      operation: insert,
      suppress: 'other',
      body: plpgsql`NEW.name := 'the RETURN of it'; /* RETURN */ -- RETURN`,
    });
    await item([protect({ name: 'other' }), fine]);
  });

  it('setConstraints puts off and calls in; refuses a trigger without a timing', async () => {
    const fails = trigger({
      name: 'whole',
      when: 'after',
      operation: [insert, update],
      timing: 'immediate',
      condition: raw`${fresh('price')} IS NULL`,
      body: plpgsql`RAISE EXCEPTION ${'no price'};`,
    });
    const Model = await item([fails, protect()]);
    expect((await refusal(Model.create({ name: 'a', price: null }))).message).to.equal('no price');
    const late = await refusal(
      within(Model, async (transaction) => {
        await setConstraints('deferred', 'whole', { transaction });
        await Model.create({ name: 'a', price: null }, { transaction });
        await setConstraints('immediate', 'whole', { transaction });
      }),
    );
    expect(late.message).to.equal('no price');
    await within(Model, async (transaction) => {
      await setConstraints('deferred', [{ name: 'whole', model: Model }], { transaction });
      await Model.create({ name: 'a', price: null }, { transaction });
      await ignoreTriggers('protect', { transaction }, () => Model.destroy({ where: {}, transaction }));
    }).catch((error) => expect(error.message).to.equal('no price'));
    expect(
      (await refusal(within(Model, (transaction) => setConstraints('deferred', 'protect', { transaction })))).message,
    ).to.match(/"protect" of .* cannot be put off/);
  });

  it('partitions: a trigger, and its being ignored, hold on each', async () => {
    await query(
      'CREATE TABLE parted (id int PRIMARY KEY, price numeric) PARTITION BY RANGE (id); CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10)',
    );
    const sequelize = db.connect();
    const Parted = sequelize.define(
      'parted',
      { id: { type: DataTypes.INTEGER, primaryKey: true }, price: DataTypes.DECIMAL },
      { tableName: 'parted', timestamps: false, triggers: [protect()] },
    );
    await install(sequelize);
    await query('INSERT INTO parted VALUES (1, 1)');
    expect(await refusal(sequelize.query('DELETE FROM parted_1'))).to.be.instanceOf(ProtectedError);
    await sequelize.transaction((transaction) =>
      ignoreTriggers({ model: Parted }, { transaction }, () =>
        sequelize.query('DELETE FROM parted_1', { transaction }),
      ),
    );
    expect(await Parted.count()).to.equal(0);
  });
});
