import { expect } from 'chai';
import { StaleWriteError } from '../../../lib';
import { statementsOf } from '../../support/ladder';
import { type Person, type PersonModel, usePersons, values } from './world';

type Hook = 'beforeUpdate' | 'afterUpdate' | 'afterCreate';

describe('Tracked: what happens while a save is under way', () => {
  const persons = usePersons();
  let person: Person;
  let Person: PersonModel;
  beforeEach(async () => {
    ({ Person } = persons);
    person = await persons.loaded();
  });

  /** Runs `work` with a hook that is called for `of` alone. */
  async function hooked<T>(name: Hook, hook: (each: Person) => unknown, work: () => Promise<T>): Promise<T> {
    Person.addHook(name, 'here', (each: unknown) => hook(each as Person) as never);
    try {
      return await work();
    } finally {
      Person.removeHook(name, 'here');
    }
  }
  /** A hook that holds the first save up, once its row is written. */
  function held() {
    let reached = () => {};
    let release = () => {};
    const here = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let first = true;
    const hook = () => {
      if (!first) return undefined;
      first = false;
      reached();
      return gate;
    };
    return { hook, here, release };
  }
  const detects = (each: Person) =>
    each.update({ name: 'later' }, { conflict: 'detect', hooks: false }).then(
      () => 'saved',
      (error) => error,
    );

  it('a save in afterUpdate: the newer is known, and no other’s', async () => {
    const again = async (each: Person) => {
      each.name = 'Bo!';
      await each.save({ hooks: false });
    };
    person.meta = { a: 2 };
    await hooked('afterUpdate', again, () => person.update({ name: 'Bo', meta: person.meta }));
    expect([person.changed(), person.previous('name'), person.oldValues.name]).to.deep.equal([false, 'Bo!', 'Bo!']);
    expect(await detects(person)).to.equal('saved');
  });

  it('a save that detects, in afterUpdate: its own write is no other’s, and what is saved is not saved again', async () => {
    const seen: unknown[] = [];
    const again = async (each: Person) => {
      seen.push(each.changed(), await statementsOf((logging) => each.save({ logging, hooks: false })));
      each.name = 'Bo!';
      await each.save({ hooks: false, conflict: 'detect' });
    };
    await hooked('afterUpdate', again, () => person.update({ name: 'Bo' }));
    expect(seen).to.deep.equal([['name'], []]);
    expect([(await persons.stored(person)).name, person.changed()]).to.deep.equal(['Bo!', false]);
  });

  it('a reload in afterUpdate: what it read is known', async () => {
    const elsewhere = async (each: Person) => {
      await Person.update({ name: 'elsewhere' }, { where: { id: each.id } });
      await each.reload();
    };
    await hooked('afterUpdate', elsewhere, () => person.update({ name: 'Bo' }));
    expect([person.name, person.changed(), person.previous('name')]).to.deep.equal(['elsewhere', false, 'elsewhere']);
    expect(await detects(person)).to.equal('saved');
  });

  it('a save in beforeUpdate', async () => {
    const again = async (each: Person) => {
      await each.save({ hooks: false });
      each.age = 99;
    };
    await hooked('beforeUpdate', again, () => person.update({ name: 'Bo' }));
    expect([person.changed(), await persons.stored(person)]).to.deep.include.members([false]);
    expect(await persons.stored(person)).to.include({ name: 'Bo', age: 99 });
  });

  it('two saves at once: the later is known, whichever ends last', async () => {
    const slow = held();
    await hooked('afterUpdate', slow.hook, async () => {
      const one = person.update({ name: 'one', tags: ['1'] });
      await slow.here;
      await person.update({ name: 'two' });
      slow.release();
      await one;
    });
    expect([person.name, person.changed(), person.previous('name')]).to.deep.equal(['two', false, 'two']);
    expect(person.previous('tags')).to.deep.equal(['1']);
    expect(await detects(person)).to.equal('saved');
  });

  it('a reload while an after-hook is running', async () => {
    const slow = held();
    await hooked('afterUpdate', slow.hook, async () => {
      const one = person.update({ name: 'one' });
      await slow.here;
      await Person.update({ name: 'other' }, { where: { id: person.id } });
      await person.reload();
      slow.release();
      await one;
    });
    expect([person.name, person.changed(), person.previous('name')]).to.deep.equal(['other', false, 'other']);
  });

  for (const wait of [true, false]) {
    it(`a rollback ${wait ? 'awaited by' : 'in the midst of'} an after-hook: the row was never written`, async () => {
      const slow = held();
      await hooked('afterUpdate', slow.hook, async () => {
        const transaction = await Person.sequelize?.transaction();
        const saving = person.update({ name: 'Bo', meta: { a: 2 } }, { transaction });
        await slow.here;
        const undone = transaction?.rollback();
        if (wait) await undone;
        slow.release();
        await Promise.all([saving, undone]);
      });
      expect(person.changed()).to.have.members(['name', 'meta']);
      expect(person.previous()).to.deep.equal({ name: 'Ana', meta: values().meta });
      await person.save();
      expect(await persons.stored(person)).to.deep.include({ name: 'Bo', meta: { a: 2 } });
    });
  }

  it('a rollback while afterCreate is running: the row is new again', async () => {
    const slow = held();
    const made = Person.build({ name: 'Bo', meta: { a: 1 } });
    await hooked('afterCreate', slow.hook, async () => {
      const transaction = await Person.sequelize?.transaction();
      const saving = made.save({ transaction });
      await slow.here;
      await transaction?.rollback();
      slow.release();
      await saving;
    });
    expect([made.isNewRecord, made.id, made.changedFields]).to.deep.equal([true, null, ['name', 'meta']]);
    await made.save();
    expect(await persons.stored(made)).to.deep.include({ name: 'Bo', meta: { a: 1 } });
  });

  for (const returning of [undefined, false, ['id']] as const) {
    it(`what is set, or changed in place, while an INSERT is under way is unsaved: returning ${returning}`, async () => {
      const meta: Record<string, number> = { a: 1 };
      const made = Person.build({ name: 'Bo', meta, age: 1 });
      const meanwhile = () => {
        made.name = 'late';
        meta.a = 2;
      };
      await made.save({ logging: meanwhile, returning: returning as never });
      expect([made.name, made.meta, made.changed()]).to.deep.equal(['late', { a: 2 }, ['name', 'meta']]);
      expect([made.previous('name'), made.previous('meta'), made.age]).to.deep.equal(['Bo', { a: 1 }, 1]);
      if (returning === false) return;
      await made.save();
      expect(await persons.stored(made)).to.deep.include({ name: 'late', meta: { a: 2 } });
    });
  }

  it('what is held of a row that was made is seen to change', async () => {
    const meta: Record<string, number> = { a: 1 };
    const made = await Person.create({ name: 'Bo', meta, age: '7' as never });
    meta.a = 2;
    expect([made.changed(), made.previous('meta'), made.age]).to.deep.equal([['meta'], { a: 1 }, 7]);
  });

  it('another who has written is still told of', async () => {
    await Person.update({ name: 'elsewhere' }, { where: { id: person.id } });
    expect(await detects(person)).to.be.instanceOf(StaleWriteError);
  });
});
