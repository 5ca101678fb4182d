import { inspect } from 'node:util';
import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { DefinitionError, Tracked } from '../../../lib';
import { type Person, usePersons, values } from './world';

describe('Tracked: what it tells', () => {
  const persons = usePersons();
  let person: Person;
  beforeEach(async () => {
    person = await persons.loaded();
  });

  it('oldValues: by dot, by bracket, one by one, and not to be written', () => {
    person.name = 'Bo';
    (person.meta as { a: number }).a = 2;
    const { oldValues } = person;
    const key: 'name' = 'name';
    expect([oldValues.name, oldValues[key], oldValues.age]).to.deep.equal(['Ana', 'Ana', 30]);
    expect(Object.fromEntries(oldValues)).to.deep.equal({ id: person.id, ...values(), span: person.span });
    expect(Object.keys(oldValues)).to.include.members(['id', 'name', 'meta']);
    expect(() => Object.assign(oldValues, { name: 'Cy' })).to.throw(TypeError);
    (oldValues.meta as { a: number }).a = 99;
    expect(person.oldValues.meta).to.deep.equal(values().meta);
  });

  it('oldValues stay what they were, whatever comes after, and are logged as values', async () => {
    const person = await persons.loaded();
    const { oldValues } = person;
    (person.meta as { a: number }).a = 2;
    person.name = 'Bo';
    await person.save();
    person.meta = { z: 1 };
    expect([oldValues.name, oldValues.meta]).to.deep.equal(['Ana', values().meta]);
    expect(oldValues.meta).to.equal(oldValues.meta);
    expect(inspect(oldValues)).to.match(/meta: \{ a: 1, b: \{ c: \[Array\] \} \}/);
  });

  it('whatChanged cuts what is within JSON and arrays, too', async () => {
    const long = 'x'.repeat(300);
    const cut = `${'x'.repeat(200)}… (300 characters)`;
    const person = await persons.loaded({ meta: { old: [long] }, tags: [long] });
    person.meta = { a: long, b: [{ c: long, d: Buffer.from('abc') }], n: 1 };
    person.tags = ['y'];
    expect(person.whatChanged()).to.deep.equal({
      meta: { old: { old: [cut] }, new: { a: cut, b: [{ c: cut, d: '<3 bytes>' }], n: 1 } },
      tags: { old: [cut], new: ['y'] },
    });
  });

  it('whatChanged is fit to log', () => {
    person.name = 'x'.repeat(1000);
    person.photo = Buffer.alloc(1000);
    person.tags = null;
    const told = person.whatChanged();
    expect(told.tags).to.deep.equal({ old: ['one', 'two'], new: null });
    expect(told.photo).to.deep.equal({ old: '<3 bytes>', new: '<1000 bytes>' });
    expect(told.name?.new).to.match(/^x{200}… \(1000 characters\)$/);
    expect(JSON.stringify(told).length).to.be.below(500);
  });

  it('revertFields puts all back, or those named; never an alias of what is known', () => {
    person.set({ name: 'Bo', age: 1 });
    (person.meta as { a: number }).a = 2;
    expect(person.revertFields(['name', 'meta'])).to.equal(person);
    expect([person.name, person.age, person.meta]).to.deep.equal(['Ana', 1, values().meta]);
    (person.meta as { a: number }).a = 3;
    expect([person.changed(), person.oldValues.meta]).to.deep.equal([['age', 'meta'], values().meta]);
    person.revertFields();
    expect([person.changed(), person.age, person.meta]).to.deep.equal([false, 30, values().meta]);
  });

  it('a name that there is not is refused with those that there are', () => {
    for (const work of [() => person.hasChanged('nam' as 'name'), () => person.revertFields(['nam' as 'name'])])
      expect(work).to.throw(DefinitionError, /^Person has no column "nam"\. Use one of: id, name, /);
  });

  it('a row that is not in the database yet has changed as Sequelize says, and nothing to go back to', () => {
    const fresh = persons.Person.build({ name: 'Bo' });
    expect([fresh.hasChanged(), fresh.changedFields, fresh.hasChanged('age')]).to.deep.equal([true, ['name'], false]);
    expect([...fresh.oldValues]).to.deep.equal([]);
    expect(fresh.whatChanged()).to.deep.equal({ name: { old: undefined, new: 'Bo' } });
    expect(() => fresh.revertFields()).to.throw(DefinitionError, /not in the database yet.*build/i);
  });

  it('an attribute that would hide one of these is refused at init', () => {
    class Odd extends Tracked(Model) {}
    const init = () => Odd.init({ oldValues: DataTypes.TEXT }, { sequelize: persons.db.sequelize });
    expect(init).to.throw(DefinitionError, /^Odd: the attribute "oldValues" would hide.*field: 'oldValues'/);
  });
});
