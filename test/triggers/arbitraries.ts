import fc from 'fast-check';
import { Op } from 'sequelize';
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
  when,
} from '../../lib/triggers';

/** Text with all that quoting has to do with. PostgreSQL keeps no NUL and no half of a surrogate pair. */
export const nasty = fc.oneof(
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
export const row = fc.record(value);
export type Row = { text: string | null; int: number | null; flag: boolean | null };
const FIELDS = ['text', 'int', 'flag'] as const;

/** A condition, and what it means in JavaScript. */
export interface Case {
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
export const { tree } = fc.letrec<{ tree: Case; leaf: Case }>((tie) => ({
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
