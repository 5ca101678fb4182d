import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { Dutar, Tracked } from '../../../lib';
import { type Person, usePersons } from './world';

describe('Tracked: update', () => {
  const persons = usePersons(
    {},
    {
      theme: {
        type: DataTypes.VIRTUAL,
        set(this: Model, theme: unknown) {
          this.set('meta', { ...(this.get('meta') as object), theme });
        },
      },
      motto: {
        type: DataTypes.VIRTUAL,
        set(this: Model, motto: unknown) {
          (this.get('meta') as { motto: unknown }).motto = motto;
        },
      },
    },
  );
  let person: Person;
  const set = (values: object) => values as { name: string };
  beforeEach(async () => {
    person = await persons.loaded({ meta: { a: 1, b: 1 } });
    (person.meta as { b: number }).b = 2;
  });

  for (const [what, values, meta] of [
    ['a path', { name: 'n', 'meta.a': 7 }, { a: 7, b: 2 }],
    ['the column itself', { meta: { z: 1 } }, { z: 1 }],
    ['a virtual attribute’s setter', { theme: 'dark' }, { a: 1, b: 2, theme: 'dark' }],
    ['a setter that changes in place', { motto: 'so' }, { a: 1, b: 2, motto: 'so' }],
  ] as const) {
    it(`writes what was changed in place before: ${what}`, async () => {
      await person.update(set(values));
      expect((await persons.stored(person)).meta).to.deep.equal(meta);
      expect(person.changedFields).to.deep.equal([]);
    });
  }

  it('leaves what it has nothing to do with unsaved', async () => {
    person.age = 1;
    await person.update({ name: 'n' });
    expect(await persons.stored(person)).to.deep.include({ name: 'n', age: 30, meta: { a: 1, b: 1 } });
    expect(person.changedFields).to.deep.equal(['age', 'meta']);
  });

  it('writes the fields it is told, and no others', async () => {
    for (const fields of [{ fields: ['name'] }, ['name']]) {
      await person.update(set({ name: String(fields), 'meta.a': 7 }), fields as never);
      expect(await persons.stored(person)).to.deep.include({ name: String(fields), meta: { a: 1, b: 1 } });
      expect(person.changedFields).to.deep.equal(['meta']);
    }
  });

  it('hands hooks the options it was given, and nothing of its own', async () => {
    const { Person } = persons;
    let seen: object = {};
    Person.addHook('beforeUpdate', 'here', (_, options) => {
      seen = options;
    });
    try {
      await person.update(set({ 'meta.a': 7 }), { mine: 1 } as object);
      const other = await persons.loaded();
      await other.update({ name: 'n' }, seen as object);
      expect([Object.keys(seen), other.changed()]).to.deep.include.members([false]);
    } finally {
      Person.removeHook('beforeUpdate', 'here');
    }
    expect(seen).to.include({ mine: 1 });
  });

  for (const [order, make] of [
    ['Tracked(Dutar(Model))', () => Tracked(Dutar(Model))],
    ['Dutar(Tracked(Model))', () => Dutar(Tracked(Model))],
  ] as const) {
    it(`${order}: the same`, async () => {
      class Note extends make() {
        declare meta: Record<string, number>;
        declare n: number;
      }
      const attributes = { meta: DataTypes.JSONB, n: DataTypes.INTEGER };
      Note.init(attributes, { sequelize: persons.db.connect(), modelName: order });
      await Note.sync();
      const note = await Note.create({ meta: { a: 1, b: 1 }, n: 1 });
      note.meta.b = 2;
      note.n = 2;
      await note.update({ 'meta.a': 7 } as object);
      expect((await Note.findOne())?.toJSON()).to.deep.include({ meta: { a: 7, b: 2 }, n: 1 });
    });
  }
});
