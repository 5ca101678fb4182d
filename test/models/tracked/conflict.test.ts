import { expect } from 'chai';
import { DataTypes, literal, OptimisticLockError } from 'sequelize';
import { DefinitionError, StaleWriteError } from '../../../lib';
import { type Person, usePersons } from './world';

/** The error of work that is refused; undefined of work that is done. */
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error) => error,
  );

describe('Tracked: conflicts', () => {
  const persons = usePersons(
    { timestamps: true },
    {
      small: DataTypes.REAL,
      odd: { type: DataTypes.TEXT, field: 'odd $1' },
      days: DataTypes.ARRAY(DataTypes.DATE),
      docs: DataTypes.ARRAY(DataTypes.JSONB),
      period: DataTypes.RANGE(DataTypes.DATE),
      time: DataTypes.TIME,
      day: DataTypes.DATEONLY,
      code: DataTypes.CHAR(5),
      flag: DataTypes.BOOLEAN,
      kind: DataTypes.ENUM('a', 'b'),
      uid: DataTypes.UUID,
      net: DataTypes.INET,
      grid: DataTypes.ARRAY(DataTypes.ARRAY(DataTypes.INTEGER)),
    },
  );
  let person: Person;
  const elsewhere = (set: string) => persons.db.sequelize.query(`UPDATE person SET ${set} WHERE id = ${person.id}`);
  beforeEach(async () => {
    person = await persons.loaded();
  });

  it('a column that this save writes and another has changed is refused, by name, and nothing is written', async () => {
    person.set({ name: 'Bo', age: 1 });
    await elsewhere(`"full name" = 'Cy'`);
    const error: StaleWriteError = await refusal(person.save({ conflict: 'detect' }));
    expect(error).to.be.instanceOf(StaleWriteError);
    expect(error).to.deep.include({ modelName: 'Person', key: { id: person.id }, fields: ['name'], gone: false });
    expect(error.message).to.match(/^Person \{"id":\d+\}: "name" is not as.*Nothing was written\. reload\(\)/);
    expect(await persons.stored(person)).to.include({ name: 'Cy', age: 30 });
    expect([person.changed(), person.previous('name')]).to.deep.equal([['name', 'age'], 'Ana']);
    await person.reload({ attributes: ['name'] });
    await person.save({ conflict: 'detect' });
    expect(await persons.stored(person)).to.include({ name: 'Cy', age: 1 });
  });

  it('other columns may have changed, the time of the last change too', async () => {
    person.name = 'Bo';
    await elsewhere(`age = 77, "updatedAt" = now()`);
    await person.save({ conflict: 'detect' });
    await person.update({ feet: 6 }, { conflict: 'detect' });
    expect(await persons.stored(person)).to.include({ name: 'Bo', age: 77, feet: 6 });
  });

  it('the row is gone', async () => {
    person.name = 'Bo';
    await elsewhere('id = -id');
    const error: StaleWriteError = await refusal(person.save({ conflict: 'detect' }));
    expect([error.gone, error.message]).to.satisfy(
      ([gone, text]: [boolean, string]) => gone && /the row is gone/.test(text),
    );
  });

  it('a save of what nobody else has changed goes through, whatever the type; also a second one', async () => {
    const given = {
      small: 0.1,
      odd: `it's $1 \\ $$ $word "x"`,
      days: [new Date('2001-01-01T00:00:00.001Z'), new Date(0)],
      docs: [{ a: [1] }, [1, 'x'], null],
      period: [new Date('2001-01-01'), new Date('2002-01-01T00:00:00.123Z')],
      time: '12:00:00',
      day: '2001-02-03',
      code: 'ab',
      flag: true,
      kind: 'a',
      uid: '6FA459EA-EE8A-3CA4-894E-DB77E160355E',
      net: '10.0.0.1',
      grid: [
        [1, 2],
        [3, 4],
      ],
      price: 1.005,
      tags: ['a"b\\c', "it's $1", ''],
      words: { 'a"b': "it's $1", n: null },
      span: [],
    };
    const full = await persons.loaded(given);
    // What PostgreSQL keeps of times is finer than what JavaScript knows.
    await persons.db.sequelize.query(
      `UPDATE person SET born = born + interval '567 microseconds', days[1] = days[1] + interval '567 microseconds' WHERE id = ${full.id}`,
    );
    await full.reload();
    for (const name of Object.keys({ ...given, ...full.toJSON() })) {
      if (name === 'id' || name.endsWith('At')) continue;
      full.changed(name as 'name', true);
      expect(await refusal(full.save({ conflict: 'detect' })), name).to.equal(undefined);
    }
    await full.save({ saveAllFields: true, conflict: 'detect' });
    expect(full.changed()).to.equal(false);
    for (const [name, value] of Object.entries({ ...given, meta: { z: 1 }, photo: Buffer.from('x'), doc: [1] })) {
      await full.update({ [name]: null }, { conflict: 'detect' });
      await full.update({ [name]: value } as never, { conflict: 'detect' });
      await full.update({ [name]: null }, { conflict: 'detect' });
    }
  });

  it('a change of each type is seen', async () => {
    const changes: Record<string, string> = {
      price: 'price + 0.01',
      meta: `meta || '{"z":1}'`,
      doc: `'{"x":2}'`,
      tags: `tags || 'x'::text`,
      born: `born + interval '1 millisecond'`,
      photo: `photo || '\\x00'`,
      span: `'[1,6)'`,
      words: `words || '"z"=>"1"'::hstore`,
      age: 'NULL',
    };
    for (const [name, sql] of Object.entries(changes)) {
      person = await persons.loaded();
      person.set(name as 'name', null);
      await elsewhere(`${name} = ${sql}`);
      expect(await refusal(person.save({ conflict: 'detect' })), name).to.deep.include({ fields: [name] });
    }
  });

  it('two at once: the second waits for the first, and is refused', async () => {
    const other = await persons.db.sequelize.transaction();
    await persons.db.sequelize.query(`UPDATE person SET "full name" = 'Cy' WHERE id = ${person.id}`, {
      transaction: other,
    });
    person.name = 'Bo';
    const saving = refusal(person.save({ conflict: 'detect' }));
    await other.commit();
    expect(await saving).to.deep.include({ fields: ['name'] });
  });

  it('what was never read cannot be compared', async () => {
    const half = await persons.loaded({}, { attributes: ['id'] });
    const error = await refusal(half.update({ name: 'Bo' }, { conflict: 'detect' }));
    expect(error).to.be.instanceOf(DefinitionError);
    expect(error.message).to.match(
      /"name" cannot be told, since it was never read\. reload\(\{ attributes: \['name'\] \}\)/,
    );
    expect(await refusal(person.save({ conflict: 'wins' as 'detect' }))).to.be.instanceOf(DefinitionError);
  });

  it('what the database has computed is read back, and compared', async () => {
    await person.update({ age: literal('age * 2') as never });
    expect(person.age).to.equal(60);
    await person.update({ age: 1 }, { conflict: 'detect' });
    await elsewhere('age = 2');
    expect(await refusal(person.update({ age: 3 }, { conflict: 'detect' }))).to.be.instanceOf(StaleWriteError);
  });

  it('a unique value that is taken is told of this very instance', async () => {
    await persons.db.sequelize.query('CREATE UNIQUE INDEX odd ON person (time)');
    await persons.loaded({ time: '01:00' });
    const error = await refusal(person.update({ time: '01:00' } as never));
    expect(error).to.have.property('name', 'SequelizeUniqueConstraintError');
    expect(error.errors[0].instance).to.equal(person);
    await persons.db.sequelize.query('DROP INDEX odd');
  });
});

describe('Tracked: conflicts, with a version', () => {
  const persons = usePersons({ version: true });

  it('a version that another has counted up is Sequelize’s own error; a column that is stale is ours', async () => {
    const person = await persons.loaded();
    const other = await persons.Person.findByPk(person.id, { rejectOnEmpty: true });
    await other.update({ name: 'Bo' });
    expect(await refusal(person.update({ age: 1 }, { conflict: 'detect' }))).to.be.instanceOf(OptimisticLockError);
    expect(await refusal(person.update({ name: 'Cy' }, { conflict: 'detect' }))).to.deep.include({ fields: ['name'] });
    await person.reload();
    await person.update({ age: 1 }, { conflict: 'detect' });
    await person.update({ age: 2 });
    expect([person.changed(), person.age]).to.deep.equal([false, 2]);
  });
});
