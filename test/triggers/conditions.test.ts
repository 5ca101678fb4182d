import { expect } from 'chai';
import { DataTypes, Model, Op, Sequelize } from 'sequelize';
import { DefinitionError, plan } from '../../lib';
import {
  type Condition,
  col,
  distinctFrom,
  fresh,
  insert,
  literal,
  old,
  plpgsql,
  table,
  trigger,
  when,
} from '../../lib/triggers';
import { checkTrigger } from '../../lib/triggers/check';

const ATTRIBUTES = {
  id: { type: DataTypes.INTEGER, primaryKey: true },
  name: DataTypes.TEXT,
  count: DataTypes.INTEGER,
  at: DataTypes.DATE,
  span: DataTypes.RANGE(DataTypes.INTEGER),
  tags: DataTypes.ARRAY(DataTypes.TEXT),
  meta: DataTypes.JSONB,
  pairs: DataTypes.HSTORE,
};
const body = plpgsql`PERFORM 1;`;

describe('conditions that could mean something else are refused', () => {
  const planned = (condition: Condition) => {
    const sequelize = new Sequelize({ dialect: 'postgres' });
    sequelize.define('thing', ATTRIBUTES, {
      timestamps: false,
      triggers: [trigger({ name: 'x', when: 'after', operation: insert, condition, body })],
    });
    return plan(sequelize, { schema: 'app' });
  };
  const refused: [string, object, RegExp][] = [
    ['Op.col', { name: { [Op.eq]: { [Op.col]: 'name' } } }, /Op\.col stands within a value\. Name the column as fresh/],
    ['an operator in a value', { name: { [Op.gt]: { [Op.lt]: 'a' } } }, /Op\.lt stands within a value/],
    ['an operator deep in JSON', { meta: { [Op.eq]: { a: [{ b: { [Op.gt]: 5 } }] } } }, /Op\.gt stands within a value/],
    ['a path into JSON', { meta: { a: 6 } }, /the JSON of "meta".*\[Op\.eq\].*\[Op\.contains\].*raw\(\) for a path/],
    ['a path with an operator', { meta: { a: { [Op.gt]: 5 } } }, /the JSON of "meta"/],
    ['a list beside JSON', { meta: [1, 2] }, /the JSON of "meta"/],
    ['an object beside text', { name: {} }, /An object is no value of a column of the type TEXT/],
    ['a list as one value', { name: { [Op.ne]: ['a'] } }, /A list is no value .* TEXT\. .*Op\.in or Op\.notIn/],
    ['an object beside an array', { tags: { [Op.eq]: {} } }, /An object is no value of a column of the type ARRAY/],
    ['a number beside an array', { tags: { [Op.contains]: 5 } }, /is no value of a column of the type ARRAY/],
    ['a number as a range', { span: 5 }, /is no value of a column of the type RANGE/],
    ['a range of three bounds', { span: [1, 2, 3] }, /list of two bounds/],
    ['NaN beside an integer', { count: { [Op.gt]: Number.NaN } }, /"NaN" \(number\) is no value .* INTEGER/],
    ['Infinity beside an integer', { count: [1, Number.POSITIVE_INFINITY] }, /Give a whole number/],
    ['a late Date', { at: { [Op.lt]: new Date(Date.UTC(10000, 0)) } }, /A Date of the year 10000 has no form/],
    ['a Date before our era', { at: new Date(Date.UTC(-5, 0)) }, /A Date of the year -5 has no form/],
    ['the text of undefined', { name: { [Op.like]: undefined } }, /compares "name" with undefined/],
    ['the text of NULL', { name: { [Op.startsWith]: null } }, /compares the text of "name" with what is none/],
    ['a RegExp', { name: { [Op.regexp]: /^a/ } }, /Give its source/],
    ['text of a list', { name: { [Op.substring]: ['a'] } }, /the text of "name"/],
    ['no alternatives', { name: { [Op.or]: [] } }, /"name" with an empty list of alternatives/],
    ['an empty alternative', { [Op.or]: [{}, { name: 'a' }] }, /empty condition in Op\.or\. Leave it out/],
    ['what is no condition', { [Op.and]: ['a'] }, /no object among its conditions/],
    ['Op.any of no list', { name: { [Op.like]: { [Op.any]: 'a%' } } }, /which is of one array/],
    ['Op.any beside more', { name: { [Op.like]: { [Op.any]: ['a'], [Op.gt]: 'b' } } }, /stands alone/],
    ['Op.not of Op.any', { name: { [Op.not]: { [Op.any]: ['a'] } } }, /Use Op\.notIn, Op\.ne, or not\(\)/],
    ['operators and names', { name: { [Op.gt]: 'a', b: 1 } }, /mixes operators and "b"/],
    ['an object in an hstore', { pairs: { a: {} } }, /is no value of an HSTORE/],
    ['what JSON drops', { meta: { [Op.eq]: { a: new Map() } } }, /the class Map has no form in JSON/],
    ['what JSON makes NULL', { meta: { [Op.eq]: [Number.NaN] } }, /"NaN" \(number\) has no form in JSON/],
    ['a time of none in JSON', { meta: { [Op.eq]: { at: new Date('x') } } }, /An invalid Date has no form in JSON/],
    ['a column within JSON', { meta: { [Op.eq]: { a: old('name') } } }, /the class Ref has no form in JSON/],
  ];
  for (const [what, conditions, message] of refused)
    it(`refuses ${what}`, () => {
      expect(() => planned(when({ new: conditions as never }))).to.throw(DefinitionError, message);
    });

  it('compares the types of extensions as text: their operators are found by some search_paths only', () => {
    const thing = { model: { name: 'thing', rawAttributes: { pairs: { type: DataTypes.HSTORE() } } }, trigger: 'x' };
    const scope = { ...thing, row: (side: string) => side, table: () => '' } as never;
    expect(distinctFrom(old('pairs'), fresh('pairs')).render(scope)).to.equal(
      '(NOT (old."pairs"::text IS NOT DISTINCT FROM new."pairs"::text))',
    );
  });

  it('refuses an operator in a value of a body, where it is written', () => {
    expect(() => plpgsql`${{ a: { [Op.gt]: 5 } } as never}`).to.throw(DefinitionError, /Op\.gt stands within a value/);
    expect(() => literal({ a: 1n }).render({} as never)).to.throw(
      DefinitionError,
      /"1" \(bigint\) has no form in JSON/,
    );
  });

  it('looks at a trigger before the plan does, but leaves columns to it that associations may add', () => {
    const sequelize = new Sequelize({ dialect: 'postgres' });
    class Later extends Model {}
    const Thing = sequelize.define('thing', {
      ...ATTRIBUTES,
      twice: { type: 'int GENERATED ALWAYS AS (count * 2) STORED' },
      number: { type: 'int GENERATED ALWAYS AS IDENTITY' },
    });
    const make = (options: object) =>
      trigger({ name: 'x', when: 'before', operation: insert, body, ...options } as never);
    const check = (options: object) => () => checkTrigger(Thing as never, make(options));
    expect(check({ condition: when({ old: { name: 'a' } }) })).to.throw(
      DefinitionError,
      /which an insert does not have/,
    );
    expect(check({ condition: when({ new: { meta: { a: 1 } } }) })).to.throw(DefinitionError, /the JSON of "meta"/);
    const seen = /thing: the (body|condition) of the trigger "x" looks at "twice", which is generated after/;
    expect(check({ condition: when({ new: { twice: 1 } }) })).to.throw(DefinitionError, seen);
    expect(check({ body: plpgsql`PERFORM ${fresh('twice')};` })).to.throw(DefinitionError, seen);
    expect(check({ when: 'after', body: plpgsql`PERFORM ${fresh('twice')};` })).not.to.throw();
    expect(check({ body: plpgsql`PERFORM ${fresh('number')};` })).not.to.throw();
    expect(check({ condition: when({ new: { ownerId: 1 } }) })).not.to.throw();
    expect(check({ body: plpgsql`PERFORM ${fresh('ownerId')};` })).not.to.throw();
    expect(check({ body: plpgsql`SELECT ${col('name', Later)} FROM ${table(Later)};` })).not.to.throw();
  });
});
