import { expect } from 'chai';
import { DataTypes, literal } from 'sequelize';
import { StaleWriteError } from '../../../lib';
import { refusal } from '../../contract/world';
import { type Person, usePersons } from './world';

const { ARRAY, DATE, HSTORE, JSONB, RANGE, TEXT } = DataTypes;

/** Values that JavaScript does not hold as the database does: columns, their types, the value, and another's. */
const VALUES: [column: string, sql: string, other: string][] = [
  ['meta', `'{"n":1234567890123456789}'`, `'{"n":1}'`],
  ['meta', `'{"n":1e400}'`, `'{"n":1}'`],
  ['meta', `'{"n":1.0000000000000000001}'`, `'{"n":2}'`],
  ['doc', `'{"n": 1234567890123456789}'`, `'{"n":1}'`],
  ['doc', `'{"a": "\\u0000"}'`, `'{"a":"b"}'`],
  ['docs', `ARRAY['{"n":1234567890123456789}'::jsonb]`, `ARRAY['1'::jsonb]`],
  ['docs', `ARRAY[ARRAY['1'::jsonb]]`, `ARRAY[ARRAY['2'::jsonb]]`],
  ['plains', `ARRAY['{ "a": 1 }'::json]`, `ARRAY['2'::json]`],
  ['dictionaries', `ARRAY[hstore('a', 'it''''s')]`, `ARRAY[hstore('a', 'b')]`],
  ['periods', `ARRAY['[2001-01-01 00:00:00.123999,)'::tstzrange]`, `ARRAY['[2001-01-02,)'::tstzrange]`],
  ['days', `ARRAY['2001-01-01 00:00:00.123999'::timestamptz]`, `ARRAY['2001-01-02'::timestamptz]`],
  ['tags', `'[0:1]={a,b}'`, `'{a,c}'`],
  ['born', `'12000-01-01'`, `'12000-01-02'`],
  ['born', `'0044-03-15 BC'`, `'0045-03-15 BC'`],
  ['double', `'1e20'`, `'1e21'`],
  ['double', `'1e-7'`, `'1e-8'`],
  ['point', `'(1,2)'`, `'(1,3)'`],
];

describe('Tracked: conflicts, of values that JavaScript does not hold exactly', () => {
  const persons = usePersons(
    { updateTogether: [['meta', 'age']] },
    {
      docs: ARRAY(JSONB),
      plains: ARRAY(DataTypes.JSON),
      dictionaries: ARRAY(HSTORE),
      periods: ARRAY(RANGE(DATE)),
      days: ARRAY(DATE),
      double: 'double precision',
      point: 'POINT',
      odd: TEXT,
    },
  );
  const run = (sql: string) => persons.db.sequelize.query(sql);
  const elsewhere = (person: Person, set: string) => run(`UPDATE person SET ${set} WHERE id = ${person.id}`);
  async function holding(column: string, sql: string): Promise<Person> {
    const { id } = await persons.loaded();
    await run(`UPDATE person SET ${column} = ${sql} WHERE id = ${id}`);
    return (await persons.Person.findByPk(id, { rejectOnEmpty: true })) as Person;
  }

  for (const [column, sql, other] of VALUES) {
    it(`${column} ${sql}: not refused, but where another has written`, async () => {
      const name = column as 'name';
      const person = await holding(column, sql);
      await person.update({ [name]: null }, { conflict: 'detect' });
      expect((await persons.stored(person))[name]).to.equal(null);
      const late = await holding(column, sql);
      late.set(name, null);
      await elsewhere(late, `${column} = ${other}`);
      expect(await refusal(late.save({ conflict: 'detect' }))).to.deep.include({ fields: [column] });
    });
  }

  it('a group with one of them', async () => {
    const person = await holding('meta', `'{"n":1234567890123456789}'`);
    await person.update({ age: 31 });
    expect(await persons.stored(person)).to.include({ age: 31 });
    await elsewhere(person, `meta = '{"n":2}'`);
    expect(await refusal(person.update({ age: 32 }))).to.be.instanceOf(StaleWriteError);
  });

  it('one who writes between the comparison and the second UPDATE is not overwritten', async () => {
    const person = await holding('meta', `'{"n":1234567890123456789}'`);
    let updates = 0;
    const logging = (sql: string) => void (sql.includes('UPDATE "person"') && updates++);
    const find = persons.Person.findOne;
    const meanwhile = async (...given: unknown[]) => {
      const found = await find.apply(persons.Person, given as never);
      await elsewhere(person, `meta = '{"n":5}'`);
      return found;
    };
    const unscoped = persons.Person.unscoped();
    persons.Person.unscoped = () => Object.assign(Object.create(unscoped), { findOne: meanwhile });
    try {
      const error = await refusal(person.update({ meta: { n: 1 } }, { conflict: 'detect', logging }));
      expect(error).to.deep.include({ fields: ['meta'] });
    } finally {
      Reflect.deleteProperty(persons.Person, 'unscoped');
    }
    expect(updates).to.equal(2);
    expect((await persons.stored(person)).meta).to.deep.equal({ n: 5 });
  });

  it('a trigger that leaves the row as it is, is no other who has written', async () => {
    const person = await persons.loaded();
    await run(`CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`);
    await run('CREATE TRIGGER leave BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION leave()');
    try {
      await person.update({ name: 'Bo' });
      expect(person.changedFields).to.deep.equal(['name']);
      await person.save({ conflict: 'detect' });
      expect(person.changedFields).to.deep.equal(['name']);
    } finally {
      await run('DROP TRIGGER leave ON person');
    }
    await person.save({ conflict: 'detect' });
    expect(await persons.stored(person)).to.include({ name: 'Bo' });
  });

  it('without bind parameters', async () => {
    const person = (await persons.loaded({ odd: `it's $1 $$ $word` })) as Person & { odd: string };
    await person.update({ odd: '$2' } as never, { conflict: 'detect', bindParam: false } as never);
    expect((await persons.stored(person)).odd).to.equal('$2');
  });

  it('a literal is written, and what was is compared', async () => {
    const person = await holding('meta', `'{"n":1234567890123456789}'`);
    await person.update({ meta: literal(`meta || '{"a":1}'`) as never }, { conflict: 'detect' });
    expect(person.meta).to.have.property('a', 1);
  });
});
