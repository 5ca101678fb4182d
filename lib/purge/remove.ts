import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { select } from '../enforcement/catalog';
import { ident } from '../sql/identifiers';
import type { Ground } from './ground';
import { type Row, rowsSql } from './reach';
import { Refusal } from './refusal';
import { type Found, isOneOf } from './settled';
import type { Step } from './steps';

/**
 * Removes these rows, which are locked; answers how many went, by place.
 *
 * @throws Refusal a trigger or a rule kept one of them
 */
export async function remove(
  sequelize: Sequelize,
  transaction: Transaction,
  { order: { unlinked, removed }, places }: Ground,
  found: readonly Found[],
): Promise<Map<number, number>> {
  let all = found;
  for (const step of unlinked) all = await unlink(sequelize, transaction, step, all);
  const count = async (sql: string) => Number((await select<{ n: string }>(sequelize, sql, transaction))[0]?.n);
  const gone = new Map<number, number>();
  for (const { place, mayBeGone } of removed) {
    const rows = all.filter(({ t }) => t === place);
    if (rows.length === 0) continue;
    const { name, ref } = places[place] as (typeof places)[number];
    const number = rows.reduce((sum, each) => sum + each.places.length, 0);
    const those = `FROM ${name} WHERE ${isOneOf(rows)}`;
    const expected = mayBeGone ? await count(`SELECT count(*) AS n ${those}`) : number;
    const options = { transaction, type: QueryTypes.BULKDELETE, logging: false };
    const went = Number(await sequelize.query(`DELETE ${those}`, options as never));
    if (went < expected) {
      // A trigger may have removed it itself. Or it wrote another version of the row instead, which this transaction made.
      const own = `SELECT count(*) AS n FROM ${name} WHERE xmin = pg_current_xact_id()::xid`;
      const kept = (await count(`SELECT count(*) AS n ${those}`)) || Math.min(await count(own), expected - went);
      if (kept > 0) throw new Refusal(`a trigger or rule of "${ref.name}" kept what had to go`, '', ref.name);
    }
    gone.set(place, number);
  }
  return gone;
}

/** Cuts the links of rows that go, which gives them new places. */
async function unlink(
  sequelize: Sequelize,
  transaction: Transaction,
  { to, child, nullable }: Step,
  found: readonly Found[],
): Promise<Found[]> {
  const rows = found
    .filter(({ t }) => t === to)
    .flatMap(({ part, places }) => places.map((place) => ({ part, place })));
  if (rows.length === 0) return [...found];
  const moved = await select<{ part: string; place: string; newPart: string; newPlace: string }>(
    sequelize,
    `UPDATE ${child} AS c SET ${nullable.map((column) => `${ident(column)} = NULL`).join(', ')} FROM ${rowsSql(rows)} AS r(part, place)
      WHERE c.tableoid = r.part AND c.ctid = r.place AND (${nullable.map((column) => `c.${ident(column)}`).join(', ')}) IS NOT NULL
      RETURNING r.part::text, r.place::text, c.tableoid::text AS "newPart", c.ctid::text AS "newPlace"`,
    transaction,
  );
  const now = new Map(
    moved.map(({ part, place, newPart, newPlace }) => [nameOf({ part, place }), { part: newPart, place: newPlace }]),
  );
  const byPart = new Map<string, string[]>();
  for (const row of rows) {
    const { part, place } = now.get(nameOf(row)) ?? row;
    byPart.set(part, [...(byPart.get(part) ?? []), place]);
  }
  return [...found.filter(({ t }) => t !== to), ...[...byPart].map(([part, places]) => ({ t: to, part, places }))];
}

const nameOf = ({ part, place }: Row) => `${part} ${place}`;
