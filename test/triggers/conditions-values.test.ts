import { expect } from 'chai';
import { DataTypes, Op } from 'sequelize';
import { type Condition, fresh, insert, plpgsql, raw, sql, trigger, when } from '../../lib/triggers';
import { rows } from '../contract/world';
import { useTriggers } from './world';

const ATTRIBUTES = {
  id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
  name: DataTypes.TEXT,
  real: DataTypes.REAL,
  float: DataTypes.FLOAT(10),
  double: DataTypes.DOUBLE,
  span: DataTypes.RANGE(DataTypes.INTEGER),
  period: DataTypes.RANGE(DataTypes.DATE),
  days: DataTypes.RANGE(DataTypes.DATEONLY),
  tags: DataTypes.ARRAY(DataTypes.TEXT),
  meta: DataTypes.JSONB,
  json: DataTypes.JSON,
  written: { type: 'json' },
  words: { type: 'text[]' },
  blob: DataTypes.BLOB,
};

describe('conditions mean what Sequelize means by them', () => {
  const { db, item, query } = useTriggers();

  /** Inserts a row and tells which conditions hold for it. */
  async function holding(conditions: Record<string, Condition>, row: object): Promise<string[]> {
    await query('DROP TABLE IF EXISTS held; CREATE TABLE held (name text)');
    const triggers = Object.entries(conditions).map(([name, condition]) =>
      trigger({
        ...{ name, when: 'after', operation: insert, condition },
        body: plpgsql`INSERT INTO held VALUES (${name});`,
      }),
    );
    const Item = await item(triggers, ATTRIBUTES as never);
    await Item.create(row as never);
    return (await rows<{ name: string }>(db.sequelize, 'SELECT name FROM held')).map(({ name }) => name).sort();
  }
  /** Of pairs `what: [condition, does it hold]`. */
  async function expectAll(cases: Record<string, [Condition, boolean]>, row: object) {
    const conditions = Object.fromEntries(Object.entries(cases).map(([name, [condition]]) => [name, condition]));
    const expected = Object.entries(cases).flatMap(([name, [, holds]]) => (holds ? [name] : []));
    expect(await holding(conditions, row)).to.deep.equal(expected.sort());
  }
  const now = (conditions: object) => when({ new: conditions as never });

  it('Op.not of a list is none of it; Op.any and Op.all of operators', async () => {
    await expectAll(
      {
        'not of a list with it': [now({ name: { [Op.not]: ['a', 'abc'] } }), false],
        'not of a list without it': [now({ name: { [Op.not]: ['a', 'b'] } }), true],
        'like any': [now({ name: { [Op.like]: { [Op.any]: ['x%', 'a%'] } } }), true],
        'like any, none': [now({ name: { [Op.like]: { [Op.any]: ['x%', 'y%'] } } }), false],
        'like all': [now({ name: { [Op.iLike]: { [Op.all]: ['A%', '%C'] } } }), true],
        'like all, one': [now({ name: { [Op.like]: { [Op.all]: ['a%', '%x'] } } }), false],
        'not like any': [now({ name: { [Op.notLike]: { [Op.any]: ['a%', 'x%'] } } }), true],
        'not like all': [now({ name: { [Op.notLike]: { [Op.all]: ['a%', 'x%'] } } }), false],
        'eq any': [now({ name: { [Op.eq]: { [Op.any]: ['x', 'abc'] } } }), true],
        'any of nothing': [now({ name: { [Op.like]: { [Op.any]: [] } } }), false],
        'a list is not the array': [now({ tags: { [Op.not]: ['x', 'y'] } }), false],
        'or of nothing': [now({ [Op.or]: [] }), false],
        'not of nothing': [now({ [Op.not]: {} }), false],
        'text of a number': [now({ real: { [Op.startsWith]: 0 } }), true],
      },
      { name: 'abc', tags: ['x', 'y'], real: 0.5 },
    );
  });

  it('numbers of single precision, ranges and their elements', async () => {
    await expectAll(
      {
        real: [now({ real: 0.1 }), true],
        'real in': [now({ real: [-1, 0.1] }), true],
        'real above': [now({ real: { [Op.gt]: 0.1 } }), false],
        'short float': [now({ float: -0.1 }), true],
        double: [now({ double: 0.1 }), true],
        empty: [now({ span: [] }), false],
        same: [now({ span: [1, 10] }), true],
        element: [now({ span: { [Op.contains]: 5 } }), true],
        'element outside': [now({ span: { [Op.contains]: 10 } }), false],
        'range within': [now({ span: { [Op.contains]: [2, 5] } }), true],
        'as text': [now({ span: '[1,10)' }), true],
        moment: [now({ period: { [Op.contains]: new Date('2026-06-01') } }), true],
        'moment outside': [now({ period: { [Op.contains]: new Date('2027-06-01') } }), false],
        day: [now({ days: { [Op.contains]: '2026-01-01' } }), true],
      },
      {
        ...{ real: 0.1, float: -0.1, double: 0.1, span: [1, 10], period: ['2026-01-01', '2027-01-01'] },
        days: ['2026-01-01', '2026-01-02'],
      },
    );
    await expectAll({ empty: [now({ span: [] }), true], open: [now({ span: [null, null] }), false] }, { span: [] });
    await expectAll({ empty: [now({ span: [] }), false] }, { span: [null, null] });
  });

  it('JSON as a whole or in part, types that are written as text, bytes', async () => {
    await expectAll(
      {
        whole: [now({ meta: { [Op.eq]: { b: 1, a: 6 } } }), true],
        'whole of json': [now({ json: { [Op.eq]: { a: 1 } } }), true],
        'whole list': [now({ meta: { [Op.ne]: [1] } }), true],
        part: [now({ meta: { [Op.contains]: { a: 6 } } }), true],
        path: [raw`(${fresh('meta')} ->> ${'a'})::int > ${5}`, true],
        'written json': [now({ written: { [Op.eq]: { a: [1] } } }), true],
        'written list': [now({ words: ['x'] }), true],
        bytes: [now({ blob: 'a\\x' }), true],
      },
      { meta: { a: 6, b: 1 }, json: { a: 1 }, written: '{"a": [1]}', words: '{x}', blob: Buffer.from('a\\x') },
    );
  });

  it('backslashes and comments in SQL are left as they are', async () => {
    await expectAll(
      {
        anchor: [raw`${fresh('name')} ~ '^\$'`, true],
        group: [raw`${fresh('name')} ~ '^\$(\d+)\$'`, false],
        braces: [raw`${fresh('name')} = '$5' || '\${}\`' OR true`, true],
        comment: [raw('NEW.name IS NOT NULL -- has a name'), true],
        'comment beside': [raw`${fresh('name')} IS NULL -- has none`, false],
        'comment in a value': [now({ name: { [Op.eq]: sql`'$' || '5' -- dollars` } }), true],
        'comment in a text': [now({ name: { [Op.like]: sql`'$%' -- dollars` } }), true],
      },
      { name: '$5' },
    );
  });
});
