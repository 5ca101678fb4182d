import { expect } from 'chai';
import fc from 'fast-check';
import { DataTypes, Model, type ModelAttributes, Sequelize } from 'sequelize';
import { Handled, splitHandle } from '../../lib/history/handles';

interface Key {
  readonly type: () => unknown;
  readonly value: fc.Arbitrary<unknown>;
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[,:%0-9a-]{0,6}$/),
  fc.constantFrom('', '5', '05', ',', '%2C', ':', '%', 'a,b', "'", '\0', '\n'),
);

const KEYS: Key[] = [
  { type: () => DataTypes.TEXT, value: anyText.filter((text) => !text.includes('\0')) },
  { type: () => DataTypes.INTEGER, value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) },
  { type: () => DataTypes.BIGINT, value: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String) },
  { type: () => DataTypes.UUID, value: fc.uuid() },
  { type: () => DataTypes.DATE, value: fc.date({ noInvalidDate: true }) },
  { type: () => DataTypes.DOUBLE, value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0) },
  { type: () => DataTypes.BLOB, value: fc.uint8Array().map((bytes) => Buffer.from(bytes)) },
  { type: () => DataTypes.BOOLEAN, value: fc.boolean() },
];

const legalTag = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.stringMatching(/^[a-z0-9-]{1,6}$/),
    fc.constantFrom('v2', '5', '-', 'a-b', '-5', 'a%3A', ' '),
  )
  .filter((tag) => !tag.includes(':'));

const keyed = fc
  .array(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 3 })
  .chain((keys) => fc.tuple(fc.constant(keys), fc.tuple(...keys.map(({ value }) => value))));

function modelOf(sequelize: Sequelize, tag: string, keys: readonly Key[]) {
  const attributes = keys.map(({ type }, n) => [`k${n}`, { type: type(), primaryKey: true }]);
  class Keyed extends Handled(Model, { tag }) {}
  Keyed.init(Object.fromEntries(attributes) as ModelAttributes, { sequelize, modelName: 'keyed', timestamps: false });
  return Keyed;
}

describe('handles, whatever tag and key', () => {
  it('a handle is read back as the tag and the key that it was made of', () => {
    const sequelize = new Sequelize({ dialect: 'postgres' });
    fc.assert(
      fc.property(legalTag, keyed, (tag, [keys, values]) => {
        const model = modelOf(sequelize, tag, keys);
        const key = Object.fromEntries(values.map((value, n) => [`k${n}`, value]));
        const { handle } = model.build(key as never, { isNewRecord: false, raw: true });
        const found = splitHandle(handle as string, sequelize);
        expect(found.tag).to.equal(tag);
        expect(found.model).to.equal(model);
        expect(found.key).to.deep.equal(values.length === 1 ? key.k0 : key);
        // Without the models: the same tag and, as text, the same key.
        const { tag: bare, key: text } = splitHandle(handle as string);
        expect(bare).to.equal(tag);
        expect(Array.isArray(text) ? text.length : 1).to.equal(values.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('two rows have two handles, of whatever models they are', () => {
    const sequelize = new Sequelize({ dialect: 'postgres' });
    const handleOf = (tag: string, [keys, values]: [Key[], unknown[]]) =>
      modelOf(sequelize, tag, keys).build(Object.fromEntries(values.map((value, n) => [`k${n}`, value])) as never, {
        isNewRecord: false,
        raw: true,
      }).handle;
    const small = fc.tuple(
      fc.constantFrom('a', 'a-', 'a1', '1', 'a-1'),
      fc.constantFrom(
        ...[0, 1, 11, -1].map((n) => [[KEYS[1]], [n]]),
        ...['', '1', '-1', ',', '1,1', ':1', '%2C'].map((text) => [[KEYS[0]], [text]]),
        ...['1', '', ','].map((text) => [
          [KEYS[0], KEYS[1]],
          [text, 1],
        ]),
      ) as fc.Arbitrary<[Key[], unknown[]]>,
    );
    const written = ([tag, [keys, values]]: [string, [Key[], unknown[]]]) =>
      JSON.stringify([tag, keys.length === 1 && keys[0] === KEYS[1], values]);
    fc.assert(
      fc.property(small, small, (one, other) => {
        // One tag is one model's, whose keys are of one type.
        fc.pre(one[0] !== other[0] || one[1][0].every((key, n) => key === other[1][0][n]));
        const same = written(one) === written(other);
        expect(handleOf(...one) === handleOf(...other)).to.equal(same);
      }),
      { numRuns: 2000 },
    );
  });

  it('half a surrogate pair becomes what the database keeps of it', () => {
    const sequelize = new Sequelize({ dialect: 'postgres' });
    const model = modelOf(sequelize, 'x', [KEYS[0] as Key]);
    expect(model.build({ k0: 'a\ud800' } as never, { isNewRecord: false }).handle).to.equal('x:a%EF%BF%BD');
  });
});
