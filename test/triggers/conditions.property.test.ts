import { expect } from 'chai';
import fc from 'fast-check';
import { DataTypes, Model } from 'sequelize';
import { createUmzug, plan } from '../../lib';
import { plpgsql, trigger, update } from '../../lib/triggers';
import { useDatabase } from '../support/database';
import { nasty, row, tree } from './arbitraries';

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
