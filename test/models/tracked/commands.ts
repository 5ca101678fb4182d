import { expect } from 'chai';
import fc from 'fast-check';
import type { Sequelize, Transaction } from 'sequelize';
import { StaleWriteError } from '../../../lib';
import { equal, NAMES, type Name, type Reference } from './reference';
import type { Person } from './world';

/** The row under test, and who else writes it. */
export interface Real {
  readonly person: Person;
  /** Another pool. */
  readonly other: Sequelize;
  readonly transactions: Transaction[];
  held?: { n: number };
}

const innermost = ({ transactions }: Real): Transaction | null => transactions.at(-1) ?? null;

/** Do the row and the reference agree in all that can be asked? */
function agree(model: Reference, { person }: Real): void {
  // As JSON: a look at it must not change what is known.
  const memory = person.toJSON() as Record<Name, unknown>;
  expect(person.changedFields).to.have.members(model.changed());
  expect(person.changed() || []).to.have.members(model.changed());
  expect(Object.keys(person.whatChanged())).to.have.members(model.changed());
  const { oldValues } = person;
  for (const name of NAMES) {
    const told = `${name}: ${JSON.stringify([memory[name], oldValues[name]])} instead of ${JSON.stringify([model.memory[name], model.old[name]])}`;
    expect(equal(name, memory[name], model.memory[name]), told).to.equal(true);
    expect(equal(name, oldValues[name], model.old[name]), told).to.equal(true);
    expect(equal(name, person.previous(name), model.old[name]), told).to.equal(true);
  }
}

type Command = fc.AsyncCommand<Reference, Real>;

interface Work {
  /** Can it be done now? Default: always. */
  readonly can?: (model: Readonly<Reference>) => boolean;
  readonly run: (model: Reference, real: Real) => unknown;
}

const command = (name: string, { can = () => true, run }: Work): Command => ({
  check: can,
  async run(model, real) {
    await run(model, real);
    agree(model, real);
  },
  toString: () => name,
});

const VALUES: Record<Name, unknown[]> = {
  name: ['a', 'b', "it's $1", null],
  age: [0, 1, '1', 2, null],
  meta: [{ n: 0 }, { n: 1 }, { m: [1], n: 1 }, null],
  tags: [[], ['x'], ['x', 'y'], null],
};

const name = fc.constantFrom(...NAMES);
const names = fc.uniqueArray(name, { minLength: 1 });
const valued = name.chain((each) => fc.constantFrom(...VALUES[each]).map((value) => [each, value] as const));

const sets = valued.map(([each, value]) =>
  command(`${each} = ${JSON.stringify(value)}`, {
    run(model, { person }) {
      model.set(each, value);
      person.set(each, structuredClone(value) as never);
    },
  }),
);

const mutations = fc.constantFrom(
  command('meta.n++', {
    can: ({ memory }) => memory.meta !== null,
    run(model, { person }) {
      const change = (value: { n: number }) => void value.n++;
      model.mutate('meta', change);
      change(person.meta as { n: number });
    },
  }),
  command('meta.n-- by what is held', {
    can: ({ holds }) => holds,
    run(model, { held }) {
      const change = (value: { n: number }) => void value.n--;
      model.mutate('meta', change);
      change(held as { n: number });
    },
  }),
  command('hold meta', {
    can: ({ memory }) => memory.meta !== null,
    run(model, real) {
      model.holds = true;
      real.held = real.person.meta as { n: number };
    },
  }),
  command('tags.push', {
    can: ({ memory }) => memory.tags !== null,
    run(model, { person }) {
      const change = (value: string[]) => void value.push('z');
      model.mutate('tags', change);
      change(person.tags as string[]);
    },
  }),
  command('tags.pop', {
    can: ({ memory }) => ((memory.tags as string[] | null)?.length ?? 0) > 0,
    run(model, { person }) {
      const change = (value: string[]) => void value.pop();
      model.mutate('tags', change);
      change(person.tags as string[]);
    },
  }),
);

const reverts = fc.oneof(
  fc.constant(
    command('revert', {
      run(model, { person }) {
        model.revert();
        person.revertFields();
      },
    }),
  ),
  names.map((some) =>
    command(`revert ${some}`, {
      run(model, { person }) {
        model.revert(some);
        person.revertFields(some);
      },
    }),
  ),
);

const saves = fc.oneof(
  fc.constant(
    command('save', {
      async run(model, real) {
        model.save();
        await real.person.save({ transaction: innermost(real) });
      },
    }),
  ),
  names.map((some) =>
    command(`save ${some}`, {
      async run(model, real) {
        model.save(some);
        await real.person.save({ fields: some, transaction: innermost(real) });
      },
    }),
  ),
  fc.constant(
    command('save, detecting conflicts', {
      async run(model, real) {
        const stale = model.stale();
        const saving = real.person.save({ conflict: 'detect', transaction: innermost(real) });
        if (stale.length === 0) {
          await saving;
          model.save();
        } else {
          const error = await saving.catch((caught) => caught);
          expect(error).to.be.instanceOf(StaleWriteError);
          expect(error.fields).to.have.members(stale);
        }
      },
    }),
  ),
  valued.map(([each, value]) =>
    command(`update ${each} = ${JSON.stringify(value)}`, {
      async run(model, real) {
        model.set(each, value);
        if (model.changed().includes(each)) model.save([each]);
        await real.person.update({ [each]: structuredClone(value) }, { transaction: innermost(real) });
      },
    }),
  ),
  valued.chain(([each, value]) =>
    fc.constantFrom('x', 'y').map((hooked) =>
      command(`update ${each} = ${JSON.stringify(value)}, and name = ${hooked} in afterUpdate`, {
        async run(model, real) {
          model.set(each, value);
          if (model.changed().includes(each)) {
            model.save([each]);
            model.set('name', hooked);
            model.save();
          }
          const { Person } = (real.person.sequelize as Sequelize).models;
          const transaction = innermost(real);
          Person?.addHook('afterUpdate', 'nested', async (row) => {
            await row.set({ name: hooked }).save({ hooks: false, transaction });
          });
          try {
            await real.person.update({ [each]: structuredClone(value) }, { transaction });
          } finally {
            Person?.removeHook('afterUpdate', 'nested');
          }
        },
      }),
    ),
  ),
  fc.constant(
    command('a save that fails', {
      // An error would end a transaction.
      can: ({ depth }) => depth === 0,
      async run(model, real) {
        model.set('name', '!');
        real.person.name = '!';
        expect(await real.person.save().catch((error) => error)).to.be.instanceOf(Error);
        agree(model, real);
        model.revert(['name']);
        real.person.revertFields(['name']);
      },
    }),
  ),
);

const reads = fc.oneof(
  fc.constant(
    command('reload', {
      async run(model, real) {
        model.reload();
        await real.person.reload({ transaction: innermost(real) });
      },
    }),
  ),
  names.map((some) =>
    command(`reload ${some}`, {
      async run(model, real) {
        model.reload(some);
        await real.person.reload({ attributes: some, transaction: innermost(real) });
      },
    }),
  ),
);

const others = valued.chain(([each, value]) =>
  fc.constantFrom(
    command(`elsewhere: ${each} = ${JSON.stringify(value)}`, {
      can: ({ locked }) => !locked,
      async run(model, { person, other }) {
        model.elsewhere(each, value, false);
        const { Person } = other.models;
        await Person?.update({ [each]: structuredClone(value) }, { where: { id: person.id } });
      },
    }),
    command(`in the same transaction: ${each} = ${JSON.stringify(value)}`, {
      can: ({ depth }) => depth > 0,
      async run(model, real) {
        model.elsewhere(each, value, true);
        const { Person } = (real.person.sequelize as Sequelize).models;
        const where = { id: real.person.id };
        await Person?.update({ [each]: structuredClone(value) }, { where, transaction: innermost(real) });
      },
    }),
  ),
);

const transactions = fc.constantFrom(
  command('begin', {
    // Sequelize gives a savepoint within a savepoint the same name, and so rolls back to the wrong one.
    can: ({ depth }) => depth < 2,
    async run(model, real) {
      model.begin();
      const { sequelize } = real.person;
      real.transactions.push((await sequelize?.transaction({ transaction: innermost(real) })) as Transaction);
    },
  }),
  command('commit', {
    can: ({ depth }) => depth > 0,
    async run(model, real) {
      model.commit();
      await real.transactions.pop()?.commit();
    },
  }),
  command('commit, a savepoint left open', {
    can: ({ depth }) => depth > 1,
    async run(model, real) {
      while (model.depth > 0) model.commit();
      await real.transactions.splice(0)[0]?.commit();
    },
  }),
  command('rollback, a savepoint left open', {
    can: ({ depth }) => depth > 1,
    async run(model, real) {
      while (model.depth > 0) model.rollback();
      await real.transactions.splice(0)[0]?.rollback();
    },
  }),
  command('rollback', {
    can: ({ depth }) => depth > 0,
    async run(model, real) {
      model.rollback();
      await real.transactions.pop()?.rollback();
    },
  }),
);

/** All that may happen to a row; long runs, since transactions have a beginning and an end. */
export const commands = fc.commands(
  [sets, sets, mutations, saves, saves, reads, reverts, others, transactions, transactions],
  { maxCommands: 40, size: 'max' },
);
