import { expect } from 'chai';
import type pg from 'pg';
import { audit, install } from '../../../lib';
import { previewDelete } from '../../../lib/enforcement/preview';
import { type define, isDated, isSoft, timesOf } from './define';
import { expected, isRow, type Place, rowsOf, state } from './rows';
import type { TableSpec, WorldSpec } from './spec';
import { quote, tableName } from './tables';

type Defined = ReturnType<typeof define>;

/** Installs, and looks whether the database then enforces what the models say, and a second time finds nothing to do. */
export async function installed({ sequelize }: Defined, ...allowed: string[]): Promise<void> {
  await install(sequelize);
  await clean(sequelize, ...allowed);
  const again = await install(sequelize);
  expect([...again.installed.map(({ name }) => name), ...again.retired].join('\n')).to.equal('');
}

/** An audit that finds nothing. */
export async function clean(sequelize: Defined['sequelize'], ...allowed: string[]): Promise<void> {
  const { findings, warnings } = await audit(sequelize);
  expect(findings.map(({ message }) => message).join('\n')).to.equal('');
  // The role that connects owns the tables, as the tests' role does everywhere.
  const others = warnings.filter(({ kind }) => !['role', ...allowed].includes(kind));
  expect(others.map(({ message }) => message).join('\n')).to.equal('');
}

/** Archives each row of a world and restores it, by SQL, and where Sequelize can by its calls; answers how many. */
export async function archives(client: pg.Client, spec: WorldSpec, { models }: Defined): Promise<number> {
  let done = 0;
  for (const [index, table] of spec.tables.entries()) {
    if (!isSoft(table)) continue;
    for (let n = 0; n < rowsOf(table); n++) {
      const root: Place = `${index}.${n}`;
      const before = await state(client, spec);
      const { gone, refusedBy } = expected(spec, before.live, root);
      const byModel = spec.orm && n % 2 === 1;
      const found = byModel ? await instance(client, models[index], table, n) : undefined;
      const archived = await (found
        ? found.destroy()
        : client.query(`DELETE FROM ${tableName(table)} WHERE ${isRow(table, n)}`)
      ).then(
        () => undefined,
        (error: Error & { parent?: object }) => error.parent ?? error,
      );
      const after = await state(client, spec);
      if (refusedBy.length > 0) {
        expect(archived?.code, archived?.message).to.equal('23503');
        expect(refusedBy.map(({ constraint }) => constraint)).to.include(archived.constraint);
        expect(after).to.deep.equal(before);
        continue;
      }
      expect(archived?.message).to.equal(undefined);
      expect([...after.live].sort()).to.deep.equal([...before.live].filter((place) => !gone.has(place)).sort());
      expect(after.rows).to.deep.equal(before.rows);
      if (found) await found.restore();
      else
        await client.query(
          `UPDATE ${tableName(table)} SET ${quote(timesOf(table).deletedAt)} = NULL WHERE ${isRow(table, n)}`,
        );
      expect(await state(client, spec)).to.deep.equal(before);
      done++;
    }
  }
  return done;
}

// biome-ignore lint/suspicious/noExplicitAny: a model of any attributes
async function instance(client: pg.Client, model: any, table: TableSpec, n: number): Promise<any> {
  const { rows } = await client.query(`SELECT count(*) AS n FROM ${tableName(table)} WHERE ${isRow(table, n)}`);
  expect(rows).to.deep.equal([{ n: '1' }]);
  const all = await model.findAll({ order: table.key.map(({ attribute }) => attribute) });
  const texts = await client.query<{ n: number; same: boolean }>(
    `SELECT (row_number() OVER (ORDER BY ${table.key.map(({ column }) => quote(column)).join(', ')}) - 1)::int AS n, ${isRow(table, n)} AS same FROM ${tableName(table)}`,
  );
  return all[texts.rows.find(({ same }) => same)?.n as number];
}

/** T1 to T3: times that a client makes up are not believed. */
export async function times(client: pg.Client, spec: WorldSpec): Promise<void> {
  for (const table of spec.tables) {
    if (!isDated(table)) continue;
    const [created, updated] = [timesOf(table).createdAt, timesOf(table).updatedAt].map(quote);
    const row = isRow(table, 0);
    const before = await client.query(`SELECT ${created}::text AS c FROM ${tableName(table)} WHERE ${row}`);
    await client.query(
      `UPDATE ${tableName(table)} SET ${created} = '1999-01-01', ${updated} = '2099-01-01' WHERE ${row}`,
    );
    const after = await client.query(
      `SELECT ${created}::text AS c, ${updated} BETWEEN now() - interval '1 hour' AND now() AS u FROM ${tableName(table)} WHERE ${row}`,
    );
    expect(after.rows).to.deep.equal([{ ...before.rows[0], u: true }]);
  }
}

/**
 * Removes a row of each table for good, as far as its keys let it, in a transaction that is rolled back; what a preview says
 * of it, where Sequelize finds the row, is what happens.
 */
export async function hardDeletes(client: pg.Client, spec: WorldSpec, { models }: Defined): Promise<number> {
  let done = 0;
  for (const [index, table] of spec.tables.entries()) {
    const found = spec.orm ? await instance(client, models[index], table, 0) : undefined;
    const key = found && Object.fromEntries(table.key.map(({ attribute }) => [attribute, found.get(attribute)]));
    const told = key && (await previewDelete(models[index], key));
    const before = await state(client, spec);
    await client.query('BEGIN');
    await client.query('SET LOCAL guitars.hard_delete = on');
    const refused = await client.query(`DELETE FROM ${tableName(table)} WHERE ${isRow(table, 0)}`).then(
      () => undefined,
      (error) => error,
    );
    if (refused) {
      expect(refused.code, refused.message).to.be.oneOf(['23503', '23502', '23001']);
      if (told) expect(told.hard.does).to.equal('refuse');
    } else {
      const after = await state(client, spec);
      expect(after.rows.has(`${index}.0`)).to.equal(false);
      if (told) expect([told.hard.does, told.hard.rows]).to.deep.equal(['remove', before.rows.size - after.rows.size]);
      done++;
    }
    await client.query('ROLLBACK');
  }
  return done;
}
