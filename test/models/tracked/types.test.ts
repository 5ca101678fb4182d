import { expect } from 'chai';
import { DataTypes } from 'sequelize';
import { usePersons } from './world';

/** Columns with what is given, what the database makes of it, and what differs. */
const WAYS: Record<string, [type: unknown, given: unknown, kept: unknown, other: unknown]> = {
  code: [DataTypes.CHAR(5), 'ab ', 'ab   ', 'abc'],
  time: [DataTypes.TIME, '12:00', '12:00:00', '12:01'],
  finely: [DataTypes.TIME, '12:00:00.50', '12:00:00.5', '12:00:00.51'],
  mac: [DataTypes.MACADDR, '08-00-2B-01-02-03', '08:00:2b:01:02:03', '08-00-2B-01-02-04'],
  small: [DataTypes.REAL, 16777217, 16777216, 16777218],
  float: [DataTypes.DOUBLE, '0.1000000000000000055', 0.1, 0.11],
  precise: ['double precision', '1e20', 1e20, 1e21],
  price2: ['NUMERIC(10,2)', '1.5', '1.50', '1.51'],
  integers: ['INTEGER[]', ['1', 2], [1, 2], [1, 3]],
  moment: ['TIMESTAMPTZ', '2001-01-01T00:00:00Z', new Date('2001-01-01T00:00:00Z'), '2001-01-02T00:00:00Z'],
  word: ['character varying (9)', 7, '7', '8'],
  json: ['jsonb', { b: 1, a: undefined }, { b: 1 }, { b: 2 }],
};

describe('Tracked: what is the same, by type, as the database has it', () => {
  const types = Object.fromEntries(Object.entries(WAYS).map(([name, [type]]) => [name, type]));
  const persons = usePersons({}, types as never);

  for (const [name, [type, given, kept, other]] of Object.entries(WAYS)) {
    it(`${name}, ${typeof type === 'string' ? `'${type}'` : (type as { key: string }).key}: ${given} is ${kept}`, async () => {
      const person = await persons.loaded({ [name]: given });
      expect(person.get(name)).to.deep.equal(kept);
      person.set(name as 'name', given as string);
      expect(person.changed()).to.equal(false);
      person.set(name as 'name', other as string);
      expect(person.changedFields).to.deep.equal([name]);
      await person.save({ conflict: 'detect' });
      expect(person.changed()).to.equal(false);
    });
  }
});
