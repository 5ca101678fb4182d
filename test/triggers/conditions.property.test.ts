import { expect } from 'chai';
import fc from 'fast-check';
import { DataTypes, Model, Op } from 'sequelize';
import { createUmzug, plan } from '../../lib';
import {
  allChange,
  allDontChange,
  and,
  anyChange,
  anyDontChange,
  type Condition,
  distinctFrom,
  fresh,
  not,
  old,
  or,
  plpgsql,
  trigger,
  update,
  when,
} from '../../lib/triggers';
import { useDatabase } from '../support/database';

/** Text with all that quoting has to do with. PostgreSQL keeps no NUL and no half of a surrogate pair. */
const nasty = fc.oneof(
  fc.constantFrom(
    "'",
    '"',
    '\\',
    '$$',
    '$guitars$',
    '\n',
    '%',
    '_',
    ';--',
    'OLD.',
    'NEW.a',
    '🎸',
    '',
    'null',
    '{a,b}',
    "E'\\n'",
    '$' + '{x}',
    '`',
  ),
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text)),
);
const value = {
  text: fc.option(nasty),
  int: fc.option(fc.integer({ min: -3, max: 3 })),
  flag: fc.option(fc.boolean()),
};
const row = fc.record(value);
type Row = { text: string | null; int: number | null; flag: boolean | null };
const FIELDS = ['text', 'int', 'flag'] as const;

/** A condition, and what it means in JavaScript. */
interface Case {
  condition: Condition;
  holds(rows: { old: Row; new: Row }): boolean;
}

const side = fc.constantFrom('old' as const, 'new' as const);
const field = fc.constantFrom(...FIELDS);
const compare = fc.oneof(
  fc.record({ side, name: field }).chain(({ side, name }) =>
    value[name].chain((given) =>
      fc
        .constantFrom<[symbol | undefined, (x: unknown) => boolean]>(
          [undefined, (x) => x === given],
          [Op.eq, (x) => x === given],
          [Op.ne, (x) => x !== given],
        )
        .map(
          ([op, test]): Case => ({
            condition: when({ [side]: { [name]: op ? { [op]: given } : given } }),
            holds: (rows) => test(rows[side][name]),
          }),
        ),
    ),
  ),
  fc.record({ side, given: fc.array(value.text, { maxLength: 3 }), negated: fc.boolean() }).map(
    ({ side, given, negated }): Case => ({
      condition: when({ [side]: { text: { [negated ? Op.notIn : Op.in]: given } } }),
      holds: (rows) => given.includes(rows[side].text) !== negated,
    }),
  ),
  fc.record({ side, given: fc.integer({ min: -3, max: 3 }), op: fc.constantFrom(Op.gt, Op.gte, Op.lt, Op.lte) }).map(
    ({ side, given, op }): Case => ({
      condition: when({ [side]: { int: { [op]: given } } }),
      holds: (rows) => {
        const x = rows[side].int;
        return x !== null && { [Op.gt]: x > given, [Op.gte]: x >= given, [Op.lt]: x < given, [Op.lte]: x <= given }[op];
      },
    }),
  ),
  fc.record({ side, given: nasty, op: fc.constantFrom(Op.startsWith, Op.endsWith, Op.substring) }).map(
    ({ side, given, op }): Case => ({
      condition: when({ [side]: { text: { [op]: given } } }),
      holds: (rows) => {
        const x = rows[side].text;
        return (
          x !== null &&
          { [Op.startsWith]: x.startsWith(given), [Op.endsWith]: x.endsWith(given), [Op.substring]: x.includes(given) }[
            op
          ]
        );
      },
    }),
  ),
  field.map(
    (name): Case => ({
      condition: distinctFrom(old(name), fresh(name)),
      holds: (rows) => rows.old[name] !== rows.new[name],
    }),
  ),
  fc.constant<Case>({
    condition: when({ new: { int: { [Op.gt]: old('int') } } }),
    holds: (r) => r.new.int !== null && r.old.int !== null && r.new.int > r.old.int,
  }),
  fc
    .record({
      fields: fc.subarray([...FIELDS], { minLength: 1 }),
      kind: fc.constantFrom('any', 'all', 'anyNot', 'allNot'),
    })
    .map(({ fields, kind }): Case => {
      const make = { any: anyChange, all: allChange, anyNot: anyDontChange, allNot: allDontChange }[
        kind
      ] as typeof anyChange;
      const changed = (rows: { old: Row; new: Row }) => fields.map((name) => rows.old[name] !== rows.new[name]);
      const test = {
        any: (c: boolean[]) => c.some(Boolean),
        all: (c: boolean[]) => c.every(Boolean),
        anyNot: (c: boolean[]) => c.some((x) => !x),
        allNot: (c: boolean[]) => c.every((x) => !x),
      }[kind] as (c: boolean[]) => boolean;
      return { condition: make({ fields }), holds: (rows) => test(changed(rows)) };
    }),
);
const { tree } = fc.letrec<{ tree: Case; leaf: Case }>((tie) => ({
  leaf: compare,
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('leaf'),
    tie('tree').map((one): Case => ({ condition: not(one.condition), holds: (rows) => !one.holds(rows) })),
    fc.array(tie('tree'), { maxLength: 3 }).map(
      (all): Case => ({
        condition: and(...all.map(({ condition }) => condition)),
        holds: (rows) => all.every((one) => one.holds(rows)),
      }),
    ),
    fc.array(tie('tree'), { maxLength: 3 }).map(
      (all): Case => ({
        condition: or(...all.map(({ condition }) => condition)),
        holds: (rows) => all.some((one) => one.holds(rows)),
      }),
    ),
  ),
}));

const RUNS = Number(process.env.GUITARS_RUNS ?? 150);

describe('conditions mean in the database what they mean in JavaScript', () => {
  const db = useDatabase();
  before(() => createUmzug(db.sequelize).up());

  it('any condition over any pair of rows, whatever the columns are called', async () => {
    const client = await db.client();
    let made = 0;
    // Sequelize itself takes " out of a name, and $ for a bind; the rest is any text.
    const name = nasty.map((text) => text.replaceAll(/["$]/g, '')).filter((text) => Buffer.byteLength(text) < 40);
    await fc.assert(
      fc.asyncProperty(
        tree,
        fc.array(fc.record({ old: row, new: row }), { minLength: 1, maxLength: 6 }),
        name,
        async ({ condition, holds }, pairs, part) => {
          const sequelize = db.connect();
          const tableName = `t${++made} ${part}`;
          const columns = { text: `t ${part}`, int: `i ${part}`, flag: `f ${part}` };
          class Made extends Model {}
          Made.init(
            {
              id: { type: DataTypes.INTEGER, primaryKey: true },
              text: { type: DataTypes.TEXT, field: columns.text },
              int: { type: DataTypes.INTEGER, field: columns.int },
              flag: { type: DataTypes.BOOLEAN, field: columns.flag },
            },
            {
              sequelize,
              tableName,
              timestamps: false,
              triggers: [
                trigger({
                  name: part || 'x',
                  when: 'after',
                  operation: update,
                  condition,
                  body: plpgsql`INSERT INTO held VALUES (NEW.id);`,
                }),
              ],
            },
          );
          const id = (text: string) => `"${text.replaceAll('"', '""')}"`;
          await client.query('ROLLBACK; BEGIN');
          await client.query(
            `CREATE TABLE held (id int); CREATE TABLE ${id(tableName)} (id int, ${id(columns.text)} text, ${id(columns.int)} int, ${id(columns.flag)} boolean)`,
          );
          const { objects } = plan(sequelize, { schema: 'app' });
          for (const { create } of objects) await client.query(create);
          for (const [n, pair] of pairs.entries()) {
            await client.query(`INSERT INTO ${id(tableName)} VALUES ($1, $2, $3, $4)`, [
              n,
              pair.old.text,
              pair.old.int,
              pair.old.flag,
            ]);
            await client.query(
              `UPDATE ${id(tableName)} SET (${id(columns.text)}, ${id(columns.int)}, ${id(columns.flag)}) = ($2, $3, $4) WHERE id = $1`,
              [n, pair.new.text, pair.new.int, pair.new.flag],
            );
          }
          const { rows } = await client.query<{ id: number }>('SELECT id FROM held ORDER BY id');
          await client.query('ROLLBACK');
          const expected = [...pairs.entries()].filter(([, pair]) => holds(pair)).map(([n]) => n);
          expect(rows.map((each) => each.id)).to.deep.equal(expected);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('any value in a body is the value that was written', async () => {
    const client = await db.client();
    await fc.assert(
      fc.asyncProperty(
        nasty,
        fc.array(fc.option(nasty), { maxLength: 3 }),
        fc.jsonValue().filter((json) => !JSON.stringify(json).includes('\\u0000')),
        async (text, list, json) => {
          const sequelize = db.connect();
          class Made extends Model {}
          const wrapped = { json };
          Made.init(
            { text: DataTypes.TEXT, list: DataTypes.ARRAY(DataTypes.TEXT), json: DataTypes.JSONB },
            {
              sequelize,
              tableName: 'bodies',
              timestamps: false,
              triggers: [
                trigger({
                  name: 'fill',
                  when: 'before',
                  operation: update,
                  body: plpgsql`NEW.text := ${text}; NEW.list := ${list}; NEW.json := ${wrapped as never};`,
                }),
              ],
            },
          );
          await client.query(
            'ROLLBACK; BEGIN; CREATE TABLE bodies (id int, text text, list text[], json jsonb); INSERT INTO bodies VALUES (1)',
          );
          for (const { create } of plan(sequelize, { schema: 'app' }).objects) await client.query(create);
          // A body is read when it first runs, under the session's own setting.
          await client.query(`SET LOCAL standard_conforming_strings = ${Math.random() < 0.5 ? 'on' : 'off'}`);
          const { rows } = await client.query('UPDATE bodies SET id = 2 RETURNING text, list, json');
          await client.query('ROLLBACK');
          expect(rows[0]).to.deep.equal({ text, list, json: JSON.parse(JSON.stringify(wrapped)) });
        },
      ),
      { numRuns: RUNS },
    );
  });
});
