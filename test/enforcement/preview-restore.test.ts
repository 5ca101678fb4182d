import { expect } from 'chai';
import fc from 'fast-check';
import { DataTypes, Model } from 'sequelize';
import { Guitar } from '../../lib';
import { previewRestore } from '../../lib/enforcement/preview/restore';
import { id } from '../orm/shop';
import { useDatabase } from '../support/database';
import { SHAPES } from './shapes';
import { useShapes } from './shapesWorld';

describe('preview of a restore: what it says is what happens', () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    describe(name, () => {
      const world = useShapes(shape);

      it('for every row of any filling', async () => {
        const links = fc.array(fc.nat(5), { minLength: 80, maxLength: 80 });
        const archived = fc.array(fc.nat(40), { minLength: 4, maxLength: 12 });
        await fc.assert(
          fc.asyncProperty(links, archived, async (to, gone) => {
            await world.fill(to, gone);
            for (const row of await world.rows()) await world.compareRestore(row);
          }),
          { numRuns: 2, seed: 3, endOnFailure: true },
        );
      });
    });
  }
});

describe('preview of a restore: unique values', () => {
  const db = useDatabase();
  class Person extends Guitar(Model) {
    declare id: number;
  }
  before(async () => {
    Person.init(
      {
        id: id(),
        email: { type: DataTypes.TEXT, unique: true, field: "e'mail" },
        one: { type: DataTypes.INTEGER, unique: 'pair' },
        other: { type: DataTypes.INTEGER, unique: 'pair' },
        name: DataTypes.TEXT,
        boss: { type: DataTypes.INTEGER, references: { model: 'person', key: 'id' }, onDelete: 'CASCADE' },
      },
      { sequelize: db.sequelize, tableName: 'person', indexes: [{ fields: ['boss'] }] },
    );
    await db.sequelize.sync();
    await db.sequelize.query(
      `CREATE UNIQUE INDEX person_name ON person (lower(name)) WHERE _deleted_at IS NULL AND name <> 'any'`,
    );
  });
  beforeEach(() => Person.hardDelete({ where: {} }));
  const refusals = async (key: number) =>
    (await previewRestore(Person as never, { id: key })).refusedBy.map(({ constraint, rows }) => [constraint, rows]);
  const really = (key: number) =>
    db.sequelize.query(`UPDATE person SET _deleted_at = NULL WHERE id = ${key}`).then(
      () => undefined,
      (error) => error.parent.constraint,
    );

  it('of one and of several columns, of expressions, and under a condition; NULL is no value', async () => {
    await Person.bulkCreate([
      { id: 1, email: 'a', one: 1, other: 1, name: 'Ana' },
      { id: 2, one: 2, name: 'any' },
    ]);
    await Person.destroy({ where: {} });
    expect(await refusals(1)).to.deep.equal([]);
    await Person.bulkCreate([
      { id: 3, email: 'a' },
      { id: 4, one: 1, other: 1, name: 'any' },
      { id: 5, one: 2, name: 'ANA' },
    ]);
    expect(await refusals(1)).to.deep.equal([
      ['pair', 1],
      ['person_email_unique', 1],
      ['person_name', 1],
    ]);
    expect(await really(1)).to.be.oneOf(['pair', 'person_email_unique', 'person_name']);
    expect(await refusals(2)).to.deep.equal([]);
    expect(await really(2)).to.equal(undefined);
  });

  it('of the rows that would come along, and among them', async () => {
    await Person.bulkCreate([{ id: 1 }, { id: 2, boss: 1, email: 'a' }, { id: 3, boss: 1, email: 'b' }] as never);
    await Person.destroy({ where: { id: 1 } });
    expect(await refusals(1)).to.deep.equal([]);
    await db.sequelize.query(`UPDATE person SET "e'mail" = 'b' WHERE id = 2`);
    expect(await refusals(1)).to.deep.equal([['person_email_unique', 2]]);
    expect(await really(1)).to.equal('person_email_unique');
    await Person.create({ id: 9, email: 'c' } as never);
    await db.sequelize.query(`UPDATE person SET "e'mail" = 'c' WHERE id = 2`);
    expect(await refusals(1)).to.deep.equal([['person_email_unique', 1]]);
    expect(await really(1)).to.equal('person_email_unique');
  });
});
