import { expect } from 'chai';
import fc from 'fast-check';
import { DataTypes, Model, type ModelAttributes, Op, type WhereOptions } from 'sequelize';
import { Guitar, Tracked } from '../../../lib';
import { Versioned } from '../../../lib/history';
import { useDatabase } from '../../support/database';
import { amount, LONG, SEED } from '../support/form';

/** What a parameter, a literal, a pattern or a parser could take for something else. */
const PIECES = [
  '$1',
  '$$',
  ':name',
  '?',
  '%s',
  '%',
  '_',
  '\\',
  "'",
  '"',
  '`',
  '--',
  '/*',
  ';',
  '\n',
  '\t',
  '\r',
  'é',
  'e\u0301',
  '🎸',
  '\u202e',
  '{',
  '}',
  ',',
  'NULL',
  '[filtered]',
  ' ',
  '\u001b',
  '\ufeff',
];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 4 }).map((parts) => parts.join(''));
const json = fc.object({
  key: text,
  values: [text, fc.integer(), fc.boolean(), fc.constant(null)],
  maxDepth: 3,
  maxKeys: 3,
});
const row = fc.record({
  name: text,
  data: json,
  tags: fc.array(fc.option(text, { nil: null }), { maxLength: 3 }),
  number: fc.constantFrom('0.1', '-1', '123456789012345678901234567890.5', '1e30', 'NaN'),
  bytes: fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes)),
  at: fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
});
type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;

/** Conditions by every shape in which a value gets into SQL. */
const conditions = ({ name, data, tags }: Row): WhereOptions[] => [
  { name },
  { name: [name, ''] },
  { name: { [Op.like]: `%${name}` } },
  { name: { [Op.startsWith]: name } },
  { [Op.or]: [{ name }, { name: { [Op.ne]: name } }] },
  { data: { [Op.contains]: data } },
  { tags: { [Op.contains]: tags.filter((tag) => tag !== null) } },
];

const attributes = (): ModelAttributes => ({
  id: { type: DataTypes.INTEGER, primaryKey: true },
  name: DataTypes.TEXT,
  data: DataTypes.JSONB,
  tags: DataTypes.ARRAY(DataTypes.TEXT),
  number: DataTypes.DECIMAL,
  bytes: DataTypes.BLOB,
  at: DataTypes.DATE,
});
const FIELDS = ['id', 'name', 'data', 'tags', 'number', 'bytes', 'at'];

/** What a call came to: its answer, or that it was refused, and with which SQLSTATE. */
const outcome = (work: Promise<unknown>) =>
  work.then(
    (answer) => ({ answer }),
    (error: { parent?: { code?: string }; name: string }) => ({ refused: error.parent?.code ?? error.name }),
  );

describe('any values through the calls of a model, as through those of a plain one', () => {
  const db = useDatabase();
  for (const engine of ['rule', 'trigger'] as const) {
    it(engine, async () => {
      const sequelize = db.connect();
      class Plain extends Model {}
      class Kept extends Tracked(Versioned(Guitar(Model))) {}
      Plain.init(attributes(), { sequelize, tableName: `plain_${engine}`, timestamps: false });
      Kept.init(attributes(), { sequelize, tableName: `kept_${engine}`, guitar: { engine } });
      await sequelize.sync();
      const held = async (model: typeof Plain | typeof Kept) => {
        const rows = await model.findAll({ attributes: FIELDS, order: ['id'], raw: true });
        return JSON.stringify(rows);
      };
      const same = async (what: string) => expect(await held(Kept), what).to.equal(await held(Plain));
      await fc.assert(
        fc.asyncProperty(fc.tuple(row, row, row), async (rows) => {
          const numbered = rows.map((each, n) => ({ ...each, id: n + 1 }));
          for (const each of numbered.slice(0, 1))
            await Promise.all([Plain.create(each as never), Kept.create(each as never)]);
          await Promise.all([
            Plain.bulkCreate(numbered.slice(1) as never),
            Kept.bulkCreate(numbered.slice(1) as never),
          ]);
          await same('create');
          for (const where of conditions(rows[0])) {
            const [one, other] = [await outcome(Plain.count({ where })), await outcome(Kept.count({ where }))];
            expect(other, 'count').to.deep.equal(one);
            // What a plain model would remove, this one archives, and restores; a limit picks by another query.
            const counted = 'answer' in one ? one.answer : undefined;
            for (const limit of [undefined, 10]) {
              const gone = await outcome(Kept.destroy({ where, limit }));
              expect(gone, 'destroy').to.deep.equal(one);
              if (counted === undefined) continue;
              expect(await Kept.archives.count({ where })).to.equal(counted);
              expect(await Kept.restore({ where, limit })).to.equal(counted);
            }
            const { name } = rows[1];
            expect(await outcome(Kept.update({ name }, { where, returning: false })), 'update').to.deep.equal(
              await outcome(Plain.update({ name }, { where, returning: false })),
            );
            await same('update');
          }
          const [later] = numbered as [Row & { id: number }];
          await Promise.all([
            Plain.upsert({ ...later, name: rows[2].name } as never),
            Kept.upsert({ ...later, name: rows[2].name } as never),
          ]);
          await same('upsert');
          const kept = await Kept.findByPk(1, { rejectOnEmpty: true });
          const before = await held(Kept);
          await kept.update({ name: '', data: {}, tags: null } as never);
          await kept.undo();
          expect(await held(Kept), 'undo').to.equal(before);
          expect(await Kept.hardDelete({ where: { name: rows[2].name } })).to.equal(
            await Plain.destroy({ where: { name: rows[2].name } }),
          );
          await same('hardDelete');
          await Kept.undelete(1);
          expect(JSON.stringify(await Kept.findByPk(1, { attributes: FIELDS, raw: true }))).to.equal(
            JSON.stringify((JSON.parse(before) as object[])[0]),
          );
          await Promise.all([Plain.destroy({ where: {} }), Kept.hardDelete({ where: {} })]);
        }),
        {
          numRuns: amount(8, 300, 'GUITARS_VALUES'),
          seed: SEED ?? (LONG ? Date.now() % 2 ** 31 : 1),
          endOnFailure: !LONG,
          interruptAfterTimeLimit: 240_000,
        },
      );
    });
  }
});
