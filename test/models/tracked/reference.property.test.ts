import { expect } from 'chai';
import fc from 'fast-check';
import type { Sequelize } from 'sequelize';
import { commands, type Real } from './commands';
import { equal, NAMES, Reference, type Row } from './reference';
import { personModel, usePersons } from './world';

/** Every night more: GUITARS_RUNS=2000. */
const numRuns = Number(process.env.GUITARS_RUNS ?? 200);

describe('Tracked agrees with a plain reference', () => {
  const persons = usePersons();
  let other: Sequelize;
  before(async () => {
    other = persons.db.connect();
    personModel(other);
    await other.query(`ALTER TABLE person ADD CHECK ("full name" <> '!')`);
  });

  it(`in ${numRuns} runs of whatever may happen to a row`, async function () {
    this.timeout(60_000 + numRuns * 200);
    const start: Row = { name: 'a', age: 1, meta: { n: 0 }, tags: ['x'] };
    await fc.assert(
      fc.asyncProperty(commands, async (all) => {
        const person = await persons.loaded(structuredClone(start));
        const real: Real = { person, other, transactions: [] };
        const model = new Reference(start);
        try {
          await fc.asyncModelRun(() => ({ model, real }), all);
          while (real.transactions.length > 0) {
            model.rollback();
            await real.transactions.pop()?.rollback();
          }
          const stored = await persons.stored(person);
          for (const name of NAMES) expect(equal(name, stored[name], model.stored[name]), name).to.equal(true);
        } finally {
          for (const each of real.transactions.reverse()) await each.rollback();
        }
      }),
      { numRuns },
    );
  });
});
