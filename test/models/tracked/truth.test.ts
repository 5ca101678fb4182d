import { createRequire } from 'node:module';
import { expect } from 'chai';
import { literal } from 'sequelize';
import { type Person, usePersons, values } from './world';

// Sequelize's own.
const { cloneDeep } = createRequire(require.resolve('sequelize'))('lodash') as { cloneDeep<T>(value: T): T };

describe('Tracked: what has changed', () => {
  const persons = usePersons();
  let person: Person;
  beforeEach(async () => {
    person = await persons.loaded();
  });

  it('nothing, when loaded, read or written as JSON', () => {
    void person.get();
    for (const name of Object.keys(values())) void person.get(name);
    expect(person.toJSON()).to.be.an('object');
    expect([person.changed(), person.hasChanged(), person.changedFields]).to.deep.equal([false, false, []]);
    expect(person.whatChanged()).to.deep.equal({});
  });

  it('setting back clears', () => {
    person.name = 'Bo';
    expect([person.changed(), person.changed('name'), person.hasChanged('name')]).to.deep.equal([['name'], true, true]);
    person.name = 'Ana';
    expect([person.changed(), person.changed('name'), person.hasChanged('name')]).to.deep.equal([false, false, false]);
  });

  it('previous is the database’s value, after three sets too', () => {
    for (const name of ['a', 'b', 'c']) person.name = name;
    expect(person.previous('name')).to.equal('Ana');
    expect(person.previous()).to.deep.equal({ name: 'Ana' });
    expect(person.previous('age')).to.equal(30);
  });

  const same: [string, unknown][] = [
    ['age', '30'],
    ['price', 1.5],
    ['price', '1.500'],
    ['born', '2001-02-03T04:05:06.789Z'],
    ['photo', Buffer.from('abc')],
    ['meta', { b: { c: [1, 2] }, a: 1 }],
    ['tags', ['one', 'two']],
    ['span', [1, 5]],
    ['words', { k: 'v' }],
  ];
  for (const [name, value] of same) {
    it(`${name}: ${JSON.stringify(value)} is what it was`, () => {
      person.set(name as 'name', value as never);
      expect(person.changed()).to.equal(false);
    });
  }

  const mutations: [string, (person: Person) => void][] = [
    ['meta', (each) => Object.assign(each.meta as object, { a: 2 })],
    ['meta', (each) => ((each.meta as { b: { c: number[] } }).b.c[1] = 3)],
    ['meta', (each) => ((each.get('meta') as { a: number }).a = 3)],
    ['meta', (each) => ((each.getDataValue('meta') as { a: number }).a = 3)],
    ['meta', (each) => ((each.get().meta as { a: number }).a = 3)],
    ['doc', (each) => delete each.doc?.x],
    ['tags', (each) => each.tags?.push('three')],
    ['tags', (each) => each.tags?.reverse()],
    ['born', (each) => each.born?.setFullYear(1999)],
    ['photo', (each) => each.photo?.fill(0)],
    ['span', (each) => Object.assign(each.span?.[1] as object, { value: 9 })],
    ['words', (each) => Object.assign(each.words as object, { l: 'w' })],
  ];
  for (const [name, mutate] of mutations) {
    it(`${name} changed in place is seen, saved, and clean then: ${String(mutate).slice(10)}`, async () => {
      mutate(person);
      expect(person.changed()).to.deep.equal([name]);
      expect(person.previous(name as 'name')).to.not.deep.equal(person.get(name));
      const after = person.toJSON();
      await person.save();
      expect(person.changed()).to.equal(false);
      expect(await persons.stored(person)).to.deep.equal(after);
    });
  }

  it('a path into JSON is seen, and set back', () => {
    person.set('meta.b.c' as 'name', [3] as never);
    expect(person.previous('meta')).to.deep.equal(values().meta);
    expect(person.changed()).to.deep.equal(['meta']);
    person.set('meta.b.c' as 'name', [1, 2] as never);
    expect(person.changed()).to.equal(false);
  });

  it('what an application holds on to is seen after a save, too', async () => {
    const meta = { a: 5 } as Record<string, number>;
    person.meta = meta;
    await person.save();
    meta.a = 6;
    expect(person.whatChanged()).to.deep.equal({ meta: { old: { a: 5 }, new: { a: 6 } } });
    await person.save();
    meta.a = 7;
    expect(person.previous('meta')).to.deep.equal({ a: 6 });
  });

  it('changed(name, true) forces; changed(name, false) makes what is held the known state', async () => {
    person.changed('age', true);
    expect(person.changed()).to.deep.equal(['age']);
    await person.save();
    expect(person.changed()).to.equal(false);
    person.meta = { z: 1 };
    person.changed('meta', false);
    expect(person.changed()).to.equal(false);
    (person.meta as { z: number }).z = 2;
    expect(person.changed()).to.deep.equal(['meta']);
  });

  it('literals always differ, once', async () => {
    person.age = literal('30') as never;
    expect(person.changed()).to.deep.equal(['age']);
    await person.save();
    expect([person.changed(), person.age]).to.deep.equal([false, 30]);
  });

  it('a column that was not loaded has changed when it is set, and a setting to undefined is none', async () => {
    const half = await persons.loaded({}, { attributes: ['id', 'age'] });
    expect(half.oldValues.name).to.equal(undefined);
    half.name = 'Bo';
    expect(half.changed()).to.deep.equal(['name']);
    half.name = undefined as never;
    expect(half.changed()).to.equal(false);
  });

  it('reload forgets all; reload({ attributes }) those, and leaves the rest with what was before', async () => {
    person.name = 'Bo';
    person.age = 1;
    (person.meta as { a: number }).a = 9;
    await person.reload({ attributes: ['age'] });
    expect(person.changed()).to.have.members(['name', 'meta']);
    expect(person.previous()).to.deep.equal({ name: 'Ana', meta: values().meta });
    await person.reload();
    expect([person.changed(), person.name, person.meta]).to.deep.equal([false, 'Ana', values().meta]);
  });

  it('a raw set is what the database holds', () => {
    person.set({ name: 'Bo' }, { raw: true });
    person.set('age', 5, { raw: true });
    expect([person.changed(), person.name, person.previous('age')]).to.deep.equal([false, 'Bo', 5]);
  });

  it('an object that a raw set was given is seen to change, though nobody has read it', () => {
    const [meta, tags]: [Record<string, number>, string[]] = [{ a: 1 }, ['a']];
    person.set({ meta, tags }, { raw: true });
    expect(person.changed()).to.equal(false);
    meta.a = 2;
    tags.push('b');
    expect([person.changed(), person.previous('meta')]).to.deep.equal([['meta', 'tags'], { a: 1 }]);
  });

  it('get(null, options) is get(options)', async () => {
    const { Person } = persons;
    Person.hasMany(Person, { as: 'friends', foreignKey: 'feet', constraints: false });
    const found = await Person.findOne({ include: 'friends', rejectOnEmpty: true });
    found.set('friends' as never, [Person.build({ id: 4711, name: 'Bo' })] as never, { raw: true });
    for (const key of [null, undefined]) {
      const plain = found.get(key as never, { plain: true } as never) as unknown as { friends: unknown[] };
      expect(plain.friends[0]).to.include({ name: 'Bo' }).and.not.be.instanceOf(Person);
    }
  });

  it('a deep copy knows what was set', async () => {
    person.name = 'Bo';
    const copied = cloneDeep(person);
    expect([copied.changed(), copied.previous('name')]).to.deep.equal([['name'], 'Ana']);
    await copied.save();
    expect([(await persons.stored(person)).name, copied.changed()]).to.deep.equal(['Bo', false]);
  });

  it('save(null) is save()', async () => {
    person.name = 'Bo';
    await person.save(null as never);
    await persons.Person.build({ name: 'Cy' }).save(null as never);
    expect((await persons.stored(person)).name).to.equal('Bo');
  });

  it('increment brings the row along, and keeps what is unsaved', async () => {
    person.name = 'Bo';
    await persons.Person.update({ name: 'elsewhere' }, { where: { id: person.id } });
    await person.increment('age', { by: 2 });
    expect([person.age, person.name, person.previous('name')]).to.deep.equal([32, 'Bo', 'elsewhere']);
    expect(person.changed()).to.deep.equal(['name']);
  });
});
