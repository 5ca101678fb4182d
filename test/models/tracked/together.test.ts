import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { DefinitionError, StaleWriteError, Tracked, Updatable } from '../../../lib';
import { statementsOf } from '../../support/ladder';
import { type Person, usePersons } from './world';

/** The columns that an UPDATE sets. */
const columns = ([sql = '']: string[]) =>
  [...(/SET (.*?) WHERE/.exec(sql)?.[1] ?? '').matchAll(/"([^"]+)"=/g)].map(([, name]) => name);

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error) => error,
  );

describe('Tracked: updateTogether', () => {
  const persons = usePersons({
    updateTogether: [
      ['feet', 'inches'],
      ['age', 'born'],
      ['born', 'name'],
    ],
  });
  let person: Person;
  beforeEach(async () => {
    person = await persons.loaded();
  });

  it('one written, all written, by save, update and save({ fields }); nothing changed, nothing written', async () => {
    person.feet = 6;
    expect(columns(await statementsOf((logging) => person.save({ logging })))).to.deep.equal(['feet', 'inches']);
    const update = await statementsOf((logging) => person.update({ inches: 3 }, { logging }));
    expect(columns(update)).to.have.members(['feet', 'inches']);
    person.set({ feet: 7, inches: 1 });
    await person.save({ fields: ['feet'] });
    expect(await persons.stored(person)).to.include({ feet: 7, inches: 1 });
    expect(await statementsOf((logging) => person.save({ logging }))).to.deep.equal([]);
  });

  it('groups that overlap are one', async () => {
    person.name = 'Bo';
    const sent = await statementsOf((logging) => person.save({ logging }));
    expect(columns(sent)).to.have.members(['full name', 'born', 'age']);
  });

  it('a partner that another has changed is never written back', async () => {
    await persons.Person.update({ feet: 6, inches: 2 }, { where: { id: person.id } });
    person.feet = 9;
    const error: StaleWriteError = await refusal(person.save());
    expect(error).to.be.instanceOf(StaleWriteError);
    expect(error.fields).to.deep.equal(['inches']);
    expect(await persons.stored(person)).to.include({ feet: 6, inches: 2 });
    expect(person.changed()).to.deep.equal(['feet']);
    // Both are meant, so the last to write wins, as without groups.
    person.inches = 9;
    await person.save();
    expect(await persons.stored(person)).to.include({ feet: 9, inches: 9 });
  });

  it('what a hook changes takes its partners along', async () => {
    const { Person } = persons;
    Person.addHook('beforeUpdate', 'feet', (each) => void each.set('feet', 8));
    try {
      const sent = await statementsOf((logging) => person.update({ price: 3 }, { logging }));
      expect(columns(sent)).to.have.members(['price', 'feet', 'inches']);
      expect(person.changed()).to.equal(false);
    } finally {
      Person.removeHook('beforeUpdate', 'feet');
    }
  });

  it('a partner that was not loaded is refused with the remedy', async () => {
    const half = await persons.loaded({}, { attributes: ['id', 'feet'] });
    const error = await refusal(half.update({ feet: 6 }));
    expect(error).to.be.instanceOf(DefinitionError);
    expect(error.message).to.match(
      /^Person: "inches" must be written together.*reload\(\{ attributes: \['inches'\] \}\)/,
    );
    await half.reload({ attributes: ['inches'] });
    await half.save();
    expect(await persons.stored(half)).to.include({ feet: 6 });
  });

  it('a partner that save: false keeps in memory is written with its group', async () => {
    class Size extends Tracked(Updatable(Model)) {}
    const sequelize = persons.db.connect();
    Size.init(
      { feet: DataTypes.INTEGER, inches: DataTypes.INTEGER },
      { sequelize, modelName: 'Size', updateTogether: [['feet', 'inches']] },
    );
    await Size.sync();
    const size = await Size.create({ feet: 1, inches: 1 });
    await size.update({ inches: 2 }, { save: false });
    await size.update({ feet: 2 });
    expect((await Size.findOne())?.toJSON()).to.include({ feet: 2, inches: 2 });
  });

  const mistakes: [unknown, RegExp][] = [
    [[['feet', 'inchs']], /names "inchs", which is no column that a save can write\. Use some of: feet, inches/],
    [[['feet', 'id']], /names "id"/],
    [[['feet', 'double']], /names "double"/],
    [[['feet']], /has a group of one \(feet\)/],
    [[['feet', 'feet']], /has a group of one/],
    [['feet'], /is a list of lists/],
    ['feet', /is a list of lists/],
  ];
  for (const [updateTogether, message] of mistakes) {
    it(`${JSON.stringify(updateTogether)} is refused at init`, () => {
      class Odd extends Tracked(Model) {}
      const attributes = {
        feet: DataTypes.INTEGER,
        inches: DataTypes.INTEGER,
        name: DataTypes.TEXT,
        age: DataTypes.INTEGER,
      };
      const init = () =>
        Odd.init({ ...attributes, double: DataTypes.VIRTUAL }, {
          sequelize: persons.db.sequelize,
          updateTogether,
        } as never);
      expect(init)
        .to.throw(DefinitionError, /^Odd: updateTogether /)
        .with.property('message')
        .match(message);
    });
  }

  it('of a model that is not tracked it is refused', () => {
    class Odd extends Updatable(Model) {}
    const init = () =>
      Odd.init({ feet: DataTypes.INTEGER }, { sequelize: persons.db.sequelize, updateTogether: [['feet', 'inches']] });
    expect(init).to.throw(DefinitionError, /^Odd: the option updateTogether is for tracked models.*Tracked\(/);
  });
});
