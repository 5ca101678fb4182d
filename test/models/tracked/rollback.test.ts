import { AsyncLocalStorage } from 'node:async_hooks';
import { expect } from 'chai';
import { DataTypes, Model, Sequelize, type Transaction } from 'sequelize';
import { Setar, Tracked } from '../../../lib';
import { onRollback } from '../../../lib/models/tracked/rollback';
import { type Person, usePersons, values } from './world';

describe('Tracked: transactions that are rolled back', () => {
  const persons = usePersons({ timestamps: true, version: true });
  let person: Person;
  let transaction: Transaction;
  const known = () => ({ changed: person.changedFields, old: Object.fromEntries(Object.entries(person.oldValues)) });
  const begin = () => persons.Person.sequelize?.transaction() as Promise<Transaction>;

  beforeEach(async () => {
    person = await persons.loaded();
    transaction = await begin();
  });

  it('what was saved has changed again, against what the database has; its times and its version are as they were', async () => {
    const before = known();
    person.name = 'Bo';
    person.tags?.push('three');
    await person.save({ transaction });
    expect(person.changed()).to.equal(false);
    await person.update({ name: 'Cy' }, { transaction });
    await transaction.rollback();
    expect(known()).to.deep.equal({ ...before, changed: ['name', 'tags'] });
    expect([person.name, person.tags]).to.deep.equal(['Cy', ['one', 'two', 'three']]);
    await person.save();
    expect(await persons.stored(person)).to.deep.include({ name: 'Cy', tags: ['one', 'two', 'three'] });
    person.tags?.push('four');
    expect(person.changed()).to.deep.equal(['tags']);
  });

  it('what is held is seen to change in place, afterwards too', async () => {
    const meta = person.meta as { a: number };
    meta.a = 2;
    await person.save({ transaction });
    await transaction.rollback();
    meta.a = 1;
    expect(person.changed()).to.equal(false);
    meta.a = 2;
    expect(person.previous('meta')).to.deep.equal(values().meta);
  });

  it('a commit keeps it', async () => {
    await person.update({ name: 'Bo' }, { transaction });
    await transaction.commit();
    expect([person.changed(), person.previous('name')]).to.deep.equal([false, 'Bo']);
  });

  it('savepoints: rolled back alone; kept, and rolled back with what is around; left open', async () => {
    const { sequelize } = persons.Person;
    const savepoint = () => sequelize?.transaction({ transaction }) as Promise<Transaction>;
    await person.update({ name: 'outer' }, { transaction });
    const first = await savepoint();
    await person.update({ name: 'first', age: 1 }, { transaction: first });
    await first.rollback();
    expect([person.changedFields, person.previous('name'), person.previous('age')]).to.deep.equal([
      ['name', 'age'],
      'outer',
      30,
    ]);
    const second = await savepoint();
    await person.save({ transaction: second });
    await second.commit();
    expect(person.changed()).to.equal(false);
    const third = await savepoint();
    await person.update({ feet: 9 }, { transaction: third });
    await transaction.rollback();
    expect(person.changedFields).to.have.members(['name', 'age', 'feet']);
    expect(person.previous()).to.deep.include({ name: 'Ana', age: 30, feet: 5 });
  });

  it('a created row is new again, and can be created', async () => {
    const { Person } = persons;
    const made = await Person.create({ name: 'Bo', meta: { a: 1 } }, { transaction });
    await made.update({ age: 4 }, { transaction });
    const many = await Person.bulkCreate([{ name: 'x' }, { name: 'y' }], { transaction });
    await transaction.rollback();
    expect([made.isNewRecord, made.id, made.name, made.age]).to.deep.equal([true, null, 'Bo', 4]);
    expect([made.changedFields, many.map((each) => each.isNewRecord)]).to.deep.equal([
      ['name', 'meta', 'age'],
      [true, true],
    ]);
    for (const each of [made, ...many]) await each.save();
    expect(await persons.stored(made)).to.deep.include({ name: 'Bo', age: 4, meta: { a: 1 } });
    expect(made.changed()).to.equal(false);
  });

  it('what was read in it was never there', async () => {
    await persons.Person.update({ age: 99 }, { where: { id: person.id }, transaction });
    await person.reload({ transaction });
    await person.increment('feet', { transaction });
    expect([person.age, person.feet]).to.deep.equal([99, 6]);
    await transaction.rollback();
    expect([person.age, person.feet, person.changed()]).to.deep.equal([30, 5, false]);
  });

  it('a COMMIT that PostgreSQL answers with ROLLBACK', async () => {
    await person.update({ name: 'Bo' }, { transaction });
    await persons.Person.sequelize?.query('SELECT 1/0', { transaction }).catch(() => undefined);
    await transaction.commit();
    expect([person.changed(), (await persons.stored(person)).name]).to.deep.equal([['name'], 'Ana']);
  });

  it('a COMMIT that fails', async () => {
    const { sequelize } = persons.db;
    await sequelize.query(`CREATE TABLE later (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)`);
    await person.update({ name: 'Bo' }, { transaction });
    await persons.Person.sequelize?.query('INSERT INTO later VALUES (1), (1)', { transaction });
    const { warn } = console;
    console.warn = () => {}; // Sequelize's own, of a commit that fails
    try {
      expect(await transaction.commit().catch((error) => error)).to.be.instanceOf(Error);
    } finally {
      console.warn = warn;
    }
    expect([person.changed(), person.previous('name')]).to.deep.equal([['name'], 'Ana']);
  });

  it('managed transactions, with the database’s own times', async () => {
    class Note extends Tracked(Setar(Model)) {
      declare text: string;
    }
    const sequelize = persons.db.connect();
    Note.init({ text: DataTypes.TEXT }, { sequelize, modelName: 'Note' });
    await Note.sync();
    const note = await Note.create({ text: 'a' });
    const { updatedAt } = note;
    const failed = sequelize.transaction(async (transaction) => {
      await note.update({ text: 'b' }, { transaction });
      throw new Error('no');
    });
    expect(await failed.catch(String)).to.equal('Error: no');
    expect([note.changedFields, note.updatedAt]).to.deep.equal([['text'], updatedAt]);
    await note.save();
    expect(note.updatedAt > updatedAt).to.equal(true);
  });

  describe('savepoints that are left open', () => {
    it('are seen though nothing else was done in what is around', async () => {
      const { sequelize } = persons.Person;
      const inner = (await sequelize?.transaction({ transaction })) as Transaction;
      const innermost = (await sequelize?.transaction({ transaction: inner })) as Transaction;
      await person.update({ name: 'Bo' }, { transaction: innermost });
      await transaction.rollback();
      expect([person.changed(), person.previous('name')]).to.deep.equal([['name'], 'Ana']);
    });

    it('as findOrCreate leaves them', async () => {
      const { Person } = persons;
      const [made, created] = await Person.findOrCreate({ where: { name: 'found or made' }, transaction });
      await transaction.rollback();
      expect([created, made.isNewRecord, made.id]).to.deep.equal([true, true, null]);
      await made.set({ age: 5 }).save();
      expect(await persons.stored(made)).to.include({ name: 'found or made', age: 5 });
    });

    it('are over with a commit around them', async () => {
      const inner = (await persons.Person.sequelize?.transaction({ transaction })) as Transaction;
      await person.update({ name: 'Bo' }, { transaction: inner });
      await transaction.commit();
      expect([person.changed(), person.previous('name')]).to.deep.equal([false, 'Bo']);
    });
  });

  it('a savepoint with more to undo than a call takes arguments', () => {
    let undone = 0;
    const inner = { parent: transaction, savepoints: [], rollback: async () => {}, commit: async () => {} };
    const nested = inner as unknown as Transaction;
    for (let n = 0; n < 200_000; n++) onRollback(nested, () => void undone++);
    return nested
      .commit()
      .then(() => transaction.rollback())
      .then(() => expect(undone).to.equal(200_000));
  });

  it('a transaction that is Sequelize’s to find, by CLS', async () => {
    const stores = new AsyncLocalStorage<Map<string, unknown>>();
    const { Person } = persons;
    Sequelize.useCLS({
      bind: () => undefined,
      get: (key: string) => stores.getStore()?.get(key),
      set: (key: string, value: unknown) => void stores.getStore()?.set(key, value),
      run: (work: (store: unknown) => unknown) => stores.run(new Map(), () => work(stores.getStore())),
    } as never);
    try {
      let made: Person[] = [];
      const failed = Person.sequelize?.transaction(async () => {
        await person.increment('age');
        await person.update({ name: 'Bo' });
        made = [await Person.create({ name: 'x' }), ...(await Person.bulkCreate([{ name: 'y' }]))];
        made.push((await Person.findOrCreate({ where: { name: 'z' } }))[0]);
        expect(person.age).to.equal(31);
        throw new Error('no');
      });
      await failed?.catch(() => undefined);
      expect(made.map((each) => [each.isNewRecord, each.id])).to.deep.equal(made.map(() => [true, null]));
    } finally {
      Reflect.deleteProperty(Sequelize, '_cls');
    }
    expect([person.age, person.previous('age'), person.changed()]).to.deep.equal([30, 30, ['name']]);
    await person.update({ age: 7 }, { conflict: 'detect' });
  });

  describe('of rows that were made', () => {
    const at = (each: object) => (each as { createdAt?: Date; updatedAt?: Date }).createdAt?.getTime();
    const meantime = () => new Promise((resolve) => setTimeout(resolve, 5));

    it('the times of the attempt go with it', async () => {
      const made = await persons.Person.create({ name: 'Bo' }, { transaction });
      const first = at(made) as number;
      await transaction.rollback();
      expect([at(made), made.dataValues]).to.deep.equal([undefined, { ...made.dataValues, id: null, name: 'Bo' }]);
      expect(made.dataValues).to.not.have.any.keys('createdAt', 'updatedAt');
      await meantime();
      await made.save();
      expect(at(made)).to.be.above(first);
    });

    it('times that the application gave stay', async () => {
      const createdAt = new Date('2001-01-01T00:00:00Z');
      const made = await persons.Person.create({ name: 'Bo', createdAt } as never, { transaction });
      await transaction.rollback();
      expect(at(made)).to.equal(createdAt.getTime());
    });

    it('bulkCreate: keys and times go, what was given stays and has changed', async () => {
      const { Person } = persons;
      const given = [{ name: 'x', meta: { a: 1 } }, { name: 'y' }, { id: 4711, name: 'z' }];
      const made = await Person.bulkCreate(given as never, { transaction });
      const first = at(made[0] as Person) as number;
      (made[0] as Person).age = 4;
      await transaction.rollback();
      expect(made.map((each) => [each.isNewRecord, each.id, at(each)])).to.deep.equal([
        [true, null, undefined],
        [true, null, undefined],
        [true, 4711, undefined],
      ]);
      expect(made.map((each) => each.changedFields.sort())).to.deep.equal([
        ['age', 'meta', 'name'],
        ['name'],
        ['id', 'name'],
      ]);
      await meantime();
      for (const each of made) await each.save();
      expect(at(made[0] as Person)).to.be.above(first);
      expect(await persons.stored(made[0] as Person)).to.deep.include({ name: 'x', age: 4, meta: { a: 1 } });
      expect((await persons.stored({ id: 4711 })).name).to.equal('z');
    });
  });

  afterEach(() => transaction.rollback().catch(() => undefined));
});
