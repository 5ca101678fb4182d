import { expect } from 'chai';
import { Op, type Transaction } from 'sequelize';
import { DefinitionError } from '../../lib';
import { ignoreTriggers, insert, ProtectedError, plpgsql, protect, trigger, update, when } from '../../lib/triggers';
import { number, refusal } from '../contract/world';
import { useTriggers } from './world';

describe('ignoreTriggers', () => {
  const { db, item } = useTriggers();
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

  it('ignoreTriggers: an SQL error aborts the transaction, as ever; back at a savepoint the triggers are back', async () => {
    const Model = await guarded();
    const nested = (transaction: Transaction, work: (inner: Transaction) => Promise<unknown>) =>
      refusal(Model.sequelize?.transaction({ transaction }, work) as Promise<unknown>);
    await within(Model, async (transaction) => {
      const error = await nested(transaction, (inner) =>
        ignoreTriggers('protect', { transaction: inner }, async () => {
          await Model.update({ price: 2 }, { where: {}, transaction: inner });
          await Model.sequelize?.query('SELECT 1 / 0', { transaction: inner });
        }),
      );
      expect(error.message).to.match(/division by zero/);
      const update = (inner: Transaction) => Model.update({ price: 4 }, { where: {}, transaction: inner });
      expect(await nested(transaction, update)).to.be.instanceOf(ProtectedError);
      // A savepoint of somebody's own, made while they were ignored and returned to when they are not.
      const query = (sql: string) => Model.sequelize?.query(sql, { transaction });
      await ignoreTriggers('protect', { transaction }, () => query('SAVEPOINT mine') as Promise<unknown>);
      await query('ROLLBACK TO SAVEPOINT mine');
      expect(await nested(transaction, update)).to.be.instanceOf(ProtectedError);
    });
    expect(await price(Model)).to.equal(1);
  });

  it('ignoreTriggers: not for what is sent beside fn, nor for what fn has left running', async () => {
    const Model = await guarded();
    await within(Model, async (transaction) => {
      const update = (inner: Transaction) => Model.update({ price: 4 }, { where: {}, transaction: inner });
      const beside = () =>
        refusal(Model.sequelize?.transaction({ transaction }, update) as Promise<unknown>).catch((error) => error);
      let late: Promise<unknown> | undefined;
      let go = () => {};
      await Promise.all([
        ignoreTriggers('protect', { transaction }, async () => {
          await Model.update({ price: 2 }, { where: {}, transaction });
          late = new Promise<void>((resolve) => {
            go = resolve;
          }).then(beside);
          await Model.update({ price: 3 }, { where: {}, transaction });
        }),
        ignoreTriggers({ tag: 'money' }, { transaction }, () =>
          Model.update({ name: 'z' }, { where: {}, transaction }),
        ),
      ]);
      go();
      expect(await late).to.be.instanceOf(ProtectedError);
      expect(await beside()).to.be.instanceOf(ProtectedError);
    });
    expect(await price(Model)).to.equal(3);
  });

  it('ignoreTriggers: one that waits for another in the same transaction ends; neither takes the other’s work along', async () => {
    const Model = await guarded();
    await within(Model, async (transaction) => {
      const first = ignoreTriggers('protect', { transaction }, () =>
        Model.update({ price: 2 }, { where: {}, transaction }),
      );
      await ignoreTriggers('protect', { transaction }, async () => {
        await first;
        await Model.update({ price: 7 }, { where: {}, transaction });
      });
    });
    expect(await price(Model)).to.equal(7);
  });

  it('ignoreTriggers: an UPDATE beside fn on the same transaction is refused', async () => {
    const Model = await guarded();
    const error = await refusal(
      within(Model, async (transaction) => {
        let sent = () => {};
        const beside = new Promise<void>((resolve) => {
          sent = resolve;
        }).then(() => Model.update({ price: 9 }, { where: {}, transaction }));
        await Promise.all([
          ignoreTriggers('protect', { transaction }, async () => {
            await Model.update({ price: 2 }, { where: {}, transaction });
            sent();
            await beside.catch(() => undefined);
          }),
          beside,
        ]);
      }),
    );
    expect(error).to.be.instanceOf(ProtectedError);
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
    await refusal(
      within(Model, async (transaction) => {
        await refusal(Model.sequelize?.query('SELECT 1 / 0', { transaction }) as Promise<unknown>);
        await ignoreTriggers('protect', { transaction }, () => Model.update({ price: 8 }, { where: {}, transaction }));
      }),
    );
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
    const without = await refusal(ignoreTriggers('keep', undefined as never, async () => undefined));
    expect(without).to.be.instanceOf(DefinitionError);
    expect(without.message).to.match(/works within a transaction\. Pass it/);
  });
});
