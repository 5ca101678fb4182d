import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  ARRAY,
  BIGINT,
  BLOB,
  DATE,
  DATEONLY,
  DECIMAL,
  ENUM,
  HSTORE,
  INTEGER,
  JSONB,
  literal,
  RANGE,
  TEXT,
  UUID,
} from 'sequelize';
import { copy } from '../../../lib/models/tracked/copy';
import { same } from '../../../lib/models/tracked/equality/same';

/** A type as a model keeps it. */
const type = (of: unknown) => (typeof of === 'function' ? new (of as new () => object)() : of);

const number = fc.tuple(fc.bigInt(), fc.nat({ max: 20 })).map(([digits, places]) => {
  const text = String(digits < 0n ? -digits : digits).padStart(places + 1, '0');
  const cut = text.length - places;
  return `${digits < 0n ? '-' : ''}${text.slice(0, cut)}${places > 0 ? `.${text.slice(cut)}` : ''}`;
});
const date = fc.date({ noInvalidDate: true });
const dictionary = fc.dictionary(fc.string(), fc.option(fc.string()));
const range = fc.tuple(fc.integer(), fc.boolean(), fc.integer(), fc.boolean());

/** Each type with a value, and another way to write the same. */
const WAYS: [string, unknown, fc.Arbitrary<[unknown, unknown]>][] = [
  ['INTEGER', INTEGER, fc.integer().map((n) => [n, String(n)])],
  ['BIGINT', BIGINT, fc.bigInt().map((n) => [n, `${n}.0`])],
  ['DECIMAL', DECIMAL, number.map((text) => [text, `${text}${text.includes('.') ? '' : '.'}000`])],
  ['DATE', DATE, date.map((each) => [each, each.toISOString()])],
  [
    'DATEONLY',
    DATEONLY,
    fc
      .date({ min: new Date(0), noInvalidDate: true })
      .map((each) => [each.toISOString().slice(0, 10), each.toISOString().slice(0, 10)]),
  ],
  ['UUID', UUID, fc.uuid().map((id) => [id, id.toUpperCase()])],
  ['BLOB', BLOB, fc.uint8Array().map((bytes) => [Buffer.from(bytes), bytes])],
  ['TEXT', TEXT, fc.integer().map((n) => [n, String(n)])],
  ['ENUM', ENUM('a', 'b'), fc.constantFrom('a', 'b').map((each) => [each, each])],
  ['JSONB', JSONB, fc.jsonValue().map((value) => [value, JSON.parse(JSON.stringify(value))])],
  ['HSTORE', HSTORE, dictionary.map((each) => [each, Object.fromEntries(Object.entries(each).reverse())])],
  ['ARRAY', ARRAY(DECIMAL), fc.array(fc.integer()).map((all) => [all, all.map((n) => `${n}.0`)])],
  [
    'ARRAY of ARRAY',
    ARRAY(INTEGER),
    fc.array(fc.array(fc.integer())).map((all) => [all, all.map((row) => row.map(String))]),
  ],
  [
    'RANGE',
    RANGE(INTEGER),
    range.map(([from, low, to, high]) => {
      const bound = (value: unknown, inclusive: boolean) => ({ value, inclusive });
      return [
        [bound(from, low), bound(to, high)],
        [bound(String(from), low), bound(to, high)],
      ];
    }),
  ],
];

describe('Tracked: what is the same', () => {
  for (const [name, of, ways] of WAYS) {
    it(`${name}: however it is written, and as a copy; and it is no other`, () => {
      fc.assert(
        fc.property(ways, ways, ([a, b], [c, d]) => {
          expect(same(type(of), a, a)).to.equal(true);
          expect(same(type(of), a, b)).to.equal(true);
          expect(same(type(of), copy(a), b)).to.equal(true);
          expect(same(type(of), a, d)).to.equal(same(type(of), d, a));
          expect(same(type(of), a, c)).to.equal(same(type(of), b, d));
          for (const nothing of [null, undefined]) {
            // In JSON, null is a value like others, and the one that a column without a value has.
            if (a !== null) expect(same(type(of), a, nothing)).to.equal(false);
            expect(same(type(of), nothing, nothing)).to.equal(true);
          }
          expect(same(type(of), a, literal('1'))).to.equal(false);
        }),
      );
    });
  }

  it('numbers as numbers, however long', () => {
    const decimal = type(DECIMAL);
    fc.assert(
      fc.property(number, number, (a, b) => {
        const scaled = (text: string) => {
          const [whole = '', fraction = ''] = text.split('.');
          return BigInt(whole.replace('-', '') + fraction.padEnd(20, '0')) * (text.startsWith('-') ? -1n : 1n);
        };
        expect(same(decimal, a, b)).to.equal(scaled(a) === scaled(b));
      }),
    );
    for (const [a, b] of [
      ['1e3', 1000],
      ['-0', 0],
      ['NaN', Number.NaN],
      ['.5', '0.50'],
    ])
      expect(same(decimal, a, b), String(a)).to.equal(true);
    for (const [a, b] of [
      ['12345678901234567890', '12345678901234567891'],
      ['', 0],
      ['1', '-1'],
    ])
      expect(same(decimal, a, b), String(a)).to.equal(false);
  });

  it('JSON: as if it had been written and read', () => {
    const json = type(JSONB);
    class Odd {
      constructor(readonly held: unknown) {}
      toJSON() {
        return this.held;
      }
    }
    const leaf = fc.oneof(
      fc.integer({ max: 2 }),
      fc.constantFrom(undefined, null, Number.NaN, -0, 0, '', 'a', '0', true, new Number(1), new String('a')),
      fc.constantFrom(Symbol.iterator, () => 1, new Date(0), new Date(Number.NaN), '1970-01-01T00:00:00.000Z'),
      fc.constantFrom(Buffer.from('a'), new Map([[1, 2]]), /a/),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, leaf, tie('list'), tie('object'), tie('odd')),
      list: fc.array(tie('value'), { maxLength: 2 }),
      object: fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'toString'), tie('value'), { maxKeys: 2 }),
      odd: tie('value').map((held) => new Odd(held)),
    }));
    const read = (given: unknown) => JSON.parse(JSON.stringify([given]));
    fc.assert(
      fc.property(value, value, (a, b) => {
        if (a === null || a === undefined || b === null || b === undefined) return;
        expect(same(json, a, b)).to.equal(isDeepStrictEqual(read(a), read(b)));
        expect(same(json, a, copy(a))).to.equal(true);
      }),
    );
    expect(same(json, { a: 1n }, { a: 1n })).to.equal(true);
    expect(same(json, [1, undefined], new Array(2))).to.equal(false);
  });

  it('JSON by what is written of it', () => {
    const json = type(JSONB);
    expect(same(json, { a: undefined, b: new Date(0) }, { b: '1970-01-01T00:00:00.000Z' })).to.equal(true);
    const odd = JSON.parse('{"__proto__": {"a": 1}}');
    expect([same(json, copy(odd), odd), same(json, copy(odd), {})]).to.deep.equal([true, false]);
    const round: Record<string, unknown> = {};
    round.self = round;
    expect(same(json, round, {})).to.equal(false);
    expect((copy(round) as { self: unknown }).self).to.not.equal(round);
  });
});
