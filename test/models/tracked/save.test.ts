import { expect } from 'chai';
import { DataTypes, Model, type SaveOptions } from 'sequelize';
import { DefinitionError, Dutar, Tracked } from '../../../lib';
import { statementsOf } from '../../support/ladder';
import { type Person, usePersons } from './world';

/** The columns that an UPDATE sets. */
const columns = (sql = '') =>
  [...(/SET (.*?) WHERE/.exec(sql)?.[1] ?? '').matchAll(/"([^"]+)"=/g)].map(([, name]) => name);

describe('Tracked: save', () => {
  const persons = usePersons(
    { timestamps: true },
    {
      half: { type: DataTypes.VIRTUAL },
    },
  );
  let person: Person;
  const hooks: string[] = [];
  const sent = (work: (logging: (sql: string) => void) => Promise<unknown>) => statementsOf(work);

  before(() => {
    for (const hook of ['beforeValidate', 'beforeSave', 'beforeUpdate', 'afterUpdate', 'afterSave'] as const)
      persons.Person.addHook(hook, () => void hooks.push(hook));
  });
  beforeEach(async () => {
    person = await persons.loaded();
    hooks.length = 0;
  });

  it('sends the changed columns alone', async () => {
    person.name = 'Bo';
    person.tags?.push('three');
    const [update, ...more] = await sent((logging) => person.save({ logging }));
    expect([columns(update), more]).to.deep.equal([['full name', 'tags', 'updatedAt'], []]);
  });

  for (const [what, work] of [
    ['save', (options: SaveOptions) => person.save(options)],
    [
      'update of the same values',
      (options: SaveOptions) => person.update({ name: 'Ana', age: '30' as never }, options),
    ],
    ['a change that was set back', (options: SaveOptions) => person.set({ age: 1 }).set({ age: 30 }).save(options)],
  ] as const) {
    it(`${what}: no SQL, no hooks, no new time`, async () => {
      const time = person.get('updatedAt' as never);
      expect(await sent((logging) => work({ logging }))).to.deep.equal([]);
      expect([hooks, person.get('updatedAt' as never)]).to.deep.equal([[], time]);
    });
  }

  it('saveAllFields writes all but key, read-only and unloaded columns', async () => {
    const [update] = await sent((logging) => person.save({ saveAllFields: true, logging }));
    const all = Object.keys(persons.Person.getAttributes()).filter(
      (name) => !['id', 'half', 'createdAt'].includes(name),
    );
    expect(columns(update)).to.have.members(all.map((name) => (name === 'name' ? 'full name' : name)));
    expect([hooks.at(-1), person.changed()]).to.deep.equal(['afterSave', false]);
    const half = await persons.loaded({}, { attributes: ['id', 'age'] });
    expect(columns((await sent((logging) => half.save({ saveAllFields: true, logging })))[0])).to.deep.equal([
      'age',
      'updatedAt',
    ]);
    const both = await person.save({ saveAllFields: true, fields: ['age'] }).catch((error) => error);
    expect(both).to.be.instanceOf(DefinitionError);
  });

  it('save({ fields }) keeps the rest, with what was before', async () => {
    person.set({ name: 'Bo', age: 1 });
    person.tags?.push('three');
    await person.save({ fields: ['name'] });
    expect(person.changed()).to.have.members(['age', 'tags']);
    expect(person.previous()).to.deep.equal({ age: 30, tags: ['one', 'two'] });
    person.age = 30;
    expect(person.changed()).to.deep.equal(['tags']);
    await person.save();
    expect(await persons.stored(person)).to.deep.include({ name: 'Bo', age: 30, tags: ['one', 'two', 'three'] });
  });

  describe('the time of the last change does not depend on whether it was read', () => {
    const REACHED: [string, () => Promise<Person>][] = [
      ['not read', () => persons.loaded()],
      ['read', () => persons.loaded().then((each) => (each.get('updatedAt' as never) ? each : each))],
      ['created', async () => persons.Person.create({ name: 'Ana', age: 30 })],
    ];
    for (const [what, make] of REACHED) {
      it(`${what}: nothing changed, nothing sent, no hooks`, async () => {
        const each = await make();
        hooks.length = 0;
        for (const work of [
          (logging: (sql: string) => void) => each.save({ fields: ['name'], logging }),
          (logging: (sql: string) => void) => each.update({ name: 'Ana' }, { fields: ['name'], logging }),
        ])
          expect([await sent(work), hooks]).to.deep.equal([[], []]);
      });

      it(`${what}: hooks are told of what has changed alone; what they set back is not sent`, async () => {
        const { Person } = persons;
        const each = await make();
        const told: unknown[] = [];
        Person.addHook('beforeUpdate', 'here', (row) => {
          void row.get('updatedAt');
          told.push((row as Person).changedFields, Object.keys((row as Person).whatChanged()));
          if (row.get('age') === 99) row.set('age', 30);
        });
        Person.addHook('afterUpdate', 'here', (row) => void told.push((row as Person).changedFields));
        try {
          await each.update({ name: 'Bo' });
          const time = each.get('updatedAt' as never);
          expect(await sent((logging) => each.update({ age: 99 }, { logging }))).to.deep.equal([]);
          expect([each.changed(), each.get('updatedAt' as never)]).to.deep.equal([false, time]);
        } finally {
          for (const hook of ['beforeUpdate', 'afterUpdate'] as const) Person.removeHook(hook, 'here');
        }
        expect(told).to.deep.equal([['name'], ['name'], ['name'], ['age'], ['age']]);
      });
    }

    it('an association that is set to what it is', async () => {
      const { Person } = persons;
      Person.belongsTo(Person, { as: 'boss', foreignKey: 'feet', constraints: false });
      const boss = await persons.loaded();
      const each = (await Person.create({ name: 'Ana', feet: boss.id })) as Person &
        Record<'setBoss', CallableFunction>;
      expect(await sent((logging) => each.setBoss(boss, { logging }))).to.deep.equal([]);
    });

    it('changed(…, true) moves it, as ever', async () => {
      const time = person.get('updatedAt' as never) as unknown as Date;
      await new Promise((resolve) => setTimeout(resolve, 5));
      person.changed('updatedAt' as never, true);
      await person.save();
      expect(person.get('updatedAt' as never)).to.be.above(time);
    });
  });

  it('returning brings the row along, and keeps what is unsaved', async () => {
    person.set({ name: 'Bo', age: 1 });
    await persons.Person.update({ age: 77, feet: 6 }, { where: { id: person.id } });
    await person.save({ fields: ['name'], returning: true });
    expect([person.age, person.previous('age'), person.feet, person.changed()]).to.deep.equal([1, 77, 6, ['age']]);
  });

  it('a value that the database has made its own is what is known', async () => {
    person.price = 2.345;
    person.age = '7' as never;
    await person.save();
    expect([person.price, person.changed()]).to.deep.equal(['2.35', false]);
    expect(await persons.stored(person)).to.include({ price: '2.35', age: 7 });
  });

  it('hooks see what changes, before and after; what they change is written, and what after-hooks change is not', async () => {
    const seen: unknown[] = [];
    const { Person } = persons;
    Person.addHook('beforeUpdate', 'here', (each) => void each.set('feet', 9));
    Person.addHook('afterUpdate', 'here', (each) => {
      seen.push(each.changed(), each.previous('name'));
      each.set('name', 'later');
    });
    try {
      person.name = 'Bo';
      await person.save();
    } finally {
      for (const hook of ['beforeUpdate', 'afterUpdate'] as const) Person.removeHook(hook, 'here');
    }
    expect(seen).to.deep.equal([['name', 'feet'], 'Ana']);
    expect(await persons.stored(person)).to.include({ name: 'Bo', feet: 9 });
    expect([person.changed(), person.previous('name')]).to.deep.equal([['name'], 'Bo']);
  });

  it('what is set, or changed in place, while a save is under way is unsaved', async () => {
    person.set({ name: 'Bo', age: 1 });
    const tags = person.tags as string[];
    tags.push('three');
    const meanwhile = () => {
      person.name = 'Cy';
      tags.push('four');
    };
    await person.save({ logging: meanwhile });
    expect(person.changed()).to.have.members(['name', 'tags']);
    expect(person.previous()).to.deep.equal({ name: 'Bo', tags: ['one', 'two', 'three'] });
    await person.save();
    expect(await persons.stored(person)).to.deep.include({ name: 'Cy', age: 1, tags: ['one', 'two', 'three', 'four'] });
  });

  it('a save that failed leaves what has changed, what was before, and the times', async () => {
    const time = person.get('updatedAt' as never);
    (person.meta as { a: number }).a = 2;
    person.set({ name: 'Bo', age: 'no number' as never });
    const error = await person.save({ validate: false }).catch((caught) => caught);
    expect(error.message).to.match(/invalid input syntax/);
    expect(person.changed()).to.have.members(['meta', 'name', 'age']);
    expect([person.previous('name'), person.previous('age'), person.get('updatedAt' as never)]).to.deep.equal([
      'Ana',
      30,
      time,
    ]);
    person.revertFields(['age']);
    await person.save();
    expect(await persons.stored(person)).to.deep.include({ name: 'Bo', meta: { a: 2, b: { c: [1, 2] } } });
  });

  it('a row that is gone is not saved, and nothing says that it was', async () => {
    await persons.Person.destroy({ where: { id: person.id } });
    person.name = 'Bo';
    const time = person.get('updatedAt' as never);
    await person.save();
    expect([person.changed(), person.get('updatedAt' as never)]).to.deep.equal([['name'], time]);
  });

  it('a virtual attribute is left alone: what is set of it still reaches the hooks', async () => {
    const { Person } = persons;
    Person.addHook('beforeUpdate', 'half', (each) => void each.set('age', 2 * Number(each.get('half'))));
    try {
      person.set('half' as 'name', 4 as never);
      expect([person.changed(), person.hasChanged(), person.changedFields]).to.deep.equal([['half'], false, []]);
      await person.save();
    } finally {
      Person.removeHook('beforeUpdate', 'half');
    }
    expect(await persons.stored(person)).to.include({ age: 8 });
  });

  it('Model.update with individualHooks writes its values row by row, too', async () => {
    const { Person } = persons;
    Person.addHook('beforeUpdate', 'each', (each) => void each.set('feet', Number(each.get('id'))));
    try {
      const other = await persons.loaded();
      await Person.update({ name: 'Bo' }, { where: { id: [person.id, other.id] }, individualHooks: true });
      for (const each of [person, other]) expect(await persons.stored(each)).to.include({ name: 'Bo' });
    } finally {
      Person.removeHook('beforeUpdate', 'each');
    }
  });

  for (const [order, make] of [
    ['Tracked(Dutar(Model))', () => Tracked(Dutar(Model))],
    ['Dutar(Tracked(Model))', () => Dutar(Tracked(Model))],
  ] as const) {
    it(`${order}: save: false is memory alone, until it is named or all fields are saved`, async () => {
      class Note extends make() {
        declare a: number;
        declare b: number;
      }
      Note.init({ a: DataTypes.INTEGER, b: DataTypes.INTEGER }, { sequelize: persons.db.sequelize, modelName: order });
      await Note.sync();
      const note = await Note.create({ a: 1, b: 1 });
      await note.update({ a: 2 }, { save: false });
      expect([note.changed(), note.previous('a')]).to.deep.equal([['a'], 1]);
      expect(await sent((logging) => note.save({ logging }))).to.deep.equal([]);
      note.b = 2;
      expect(columns((await sent((logging) => note.save({ logging })))[0])).to.deep.equal(['b', 'updatedAt']);
      expect(note.changed()).to.deep.equal(['a']);
      expect(columns((await sent((logging) => note.save({ logging, saveAllFields: true })))[0])).to.include('a');
      await note.update({ b: 3 }, { save: false });
      await note.update({ b: 3 });
      expect([note.changed(), (await Note.findOne())?.b]).to.deep.equal([false, 3]);
      await note.update({ a: 2, b: 4 }, { saveAllFields: true });
      expect((await Note.findOne())?.toJSON()).to.deep.include({ a: 2, b: 4 });
    });
  }
});
