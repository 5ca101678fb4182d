import { expect } from 'chai';
import { DataTypes, Op, type Transaction } from 'sequelize';
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
  when,
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
  const price = (Model: Made) => number(db.sequelize, `SELECT price AS n FROM ${Model.table}`);
  const refused = (Model: Made, transaction?: Transaction) =>
    refusal(Model.update({ price: 9 }, { where: {}, transaction }));
  const guarded = async (more = {}) => {
    const Model = await item([protect({ operation: update, tags: ['money'], ...more }), protect({ name: 'keep' })]);
    await Model.create({ name: 'a', price: 1 });
    return Model;
  };

  it('ignoreTriggers: by name, model, kind and tag; only within fn, for raw SQL and for what runs side by side', async () => {
    const Model = await guarded();
    await Model.create({ name: 'b', price: 3 });
    for (const selection of [
      'protect',
      { model: Model },
      { model: Model, kind: 'protect' },
      { tag: 'money' },
      ['protect', 'keep'],
    ]) {
      await within(Model, async (transaction) => {
        const result = await ignoreTriggers(selection as never, { transaction }, async () => {
          await Promise.all([
            Model.update({ name: 'z' }, { where: { id: 1 }, transaction }),
            Model.sequelize?.query(`UPDATE ${Model.table} SET price = 3 WHERE id = 1`, { transaction }),
          ]);
          // Another connection has not heard of it.
          expect(await refusal(Model.update({ price: 9 }, { where: { id: 2 } }))).to.be.instanceOf(ProtectedError);
          return 'done';
        });
        expect(result).to.equal('done');
        expect(
          await refusal(
            Model.sequelize?.transaction({ transaction }, (t) =>
              Model.update({ price: 4 }, { where: {}, transaction: t }),
            ) as Promise<unknown>,
          ),
        ).to.be.instanceOf(ProtectedError);
      });
      expect(await refused(Model)).to.be.instanceOf(ProtectedError);
    }
    expect((await Model.findAll()).map((one) => Number(one.price))).to.deep.equal([3, 3]);
  });

  it('ignoreTriggers: nested, an inner end leaves the outer in force', async () => {
    const Model = await guarded();
    await within(Model, (transaction) =>
      ignoreTriggers({ model: Model }, { transaction }, async () => {
        await ignoreTriggers('protect', { transaction }, () => Model.update({ price: 2 }, { where: {}, transaction }));
        await Model.update({ price: 3 }, { where: {}, transaction });
      }),
    );
    expect(await price(Model)).to.equal(3);
  });

  it('ignoreTriggers: an error of fn is the caller’s; what was done stays, the triggers are back', async () => {
    const Model = await guarded();
    await within(Model, async (transaction) => {
      const error = await refusal(
        ignoreTriggers('protect', { transaction }, async () => {
          await Model.update({ price: 2 }, { where: {}, transaction });
          throw new Error('mine');
        }),
      );
      expect(error.message).to.equal('mine');
      expect(await price(Model)).to.equal(1); // not committed yet
    });
    expect(await price(Model)).to.equal(2);
  });

  it('ignoreTriggers: an SQL error undoes what fn did, and the transaction goes on with the triggers back', async () => {
    const Model = await guarded();
    await within(Model, async (transaction) => {
      const error = await refusal(
        ignoreTriggers('protect', { transaction }, async () => {
          await Model.update({ price: 2 }, { where: {}, transaction });
          await Model.sequelize?.query('SELECT 1 / 0', { transaction });
        }),
      );
      expect(error.message).to.match(/division by zero/);
      const sp = await refusal(
        Model.sequelize?.transaction({ transaction }, (t) =>
          Model.update({ price: 4 }, { where: {}, transaction: t }),
        ) as Promise<unknown>,
      );
      expect(sp).to.be.instanceOf(ProtectedError);
      await Model.update({ price: 1 }, { where: { id: -1 }, transaction });
    });
    expect(await price(Model)).to.equal(1);
  });

  it('ignoreTriggers: through savepoints, rolled back or not, and in a transaction that was aborted before', async () => {
    const Model = await guarded();
    await within(Model, (transaction) =>
      ignoreTriggers('protect', { transaction }, async () => {
        await refusal(
          Model.sequelize?.transaction({ transaction }, async (inner) => {
            await Model.update({ price: 5 }, { where: {}, transaction: inner });
            throw new Error('undo');
          }) as Promise<unknown>,
        );
        await Model.update({ price: 6 }, { where: {}, transaction });
      }),
    );
    expect(await price(Model)).to.equal(6);
    const aborted = await refusal(
      within(Model, async (transaction) => {
        await refusal(Model.sequelize?.query('SELECT 1 / 0', { transaction }) as Promise<unknown>);
        await ignoreTriggers('protect', { transaction }, async () => undefined);
      }),
    );
    expect(aborted.message).to.match(/current transaction is aborted/);
    expect(await refused(Model)).to.be.instanceOf(ProtectedError);
  });

  it('ignoreTriggers: a trigger that is put off is not set off by what is done within fn', async () => {
    const balanced = trigger({
      name: 'balanced',
      when: 'after',
      operation: [insert, update],
      timing: 'deferred',
      condition: when({ new: { price: { [Op.lt]: 0 } } }),
      body: plpgsql`RAISE EXCEPTION ${'too low'};`,
    });
    const Model = await item([balanced]);
    await within(Model, (transaction) =>
      ignoreTriggers('balanced', { transaction }, () => Model.create({ name: 'a', price: -1 }, { transaction })),
    );
    const error = await refusal(
      within(Model, async (transaction) => {
        await ignoreTriggers('balanced', { transaction }, async () => undefined);
        await Model.create({ name: 'b', price: -1 }, { transaction });
      }),
    );
    expect(error.message).to.equal('too low');
    expect(await Model.count()).to.equal(1);
  });

  it('what cannot be ignored: refused by name, left out of a model’s; unknown selections are refused with what there is', async () => {
    const Model = await guarded({ ignorable: false });
    await within(Model, async (transaction) => {
      const ignore = (selection: unknown) => ignoreTriggers(selection as never, { transaction }, async () => undefined);
      expect((await refusal(ignore('protect'))).message).to.match(
        /The trigger "protect" of item_\d+ cannot be ignored/,
      );
      expect((await refusal(ignore({ model: Model, tag: 'money' }))).message).to.match(/cannot be ignored/);
      await ignoreTriggers({ model: Model }, { transaction }, async () => {
        const sp = Model.sequelize?.transaction({ transaction }, (t) =>
          Model.update({ price: 9 }, { where: {}, transaction: t }),
        );
        expect(await refusal(sp as Promise<unknown>)).to.be.instanceOf(ProtectedError);
        await Model.destroy({ where: {}, transaction });
      });
      expect((await refusal(ignore('nope'))).message).to.match(
        /No trigger is meant by \{"name":"nope"\}\. There are: protect \(item_\d+\)/,
      );
      expect((await refusal(ignore({ names: 'protect' }))).message).to.match(
        /one or more of name, model, kind, tag, not "names"/,
      );
    });
    const without = await refusal(ignoreTriggers('keep', {}, async () => undefined));
    expect(without).to.be.instanceOf(DefinitionError);
    expect(without.message).to.match(/works within a transaction\. Pass it/);
  });

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
