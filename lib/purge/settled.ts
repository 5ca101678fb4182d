import type { Sequelize, Transaction } from 'sequelize';
import { select } from '../enforcement/catalog';
import { literal, textArray } from '../sql/identifiers';
import { SQLSTATE } from '../sql/sqlstates';
import type { Ground } from './ground';
import { HELD, type Row, reachQuery, rowsSql } from './reach';

/** Rows of one table that go. */
export interface Found {
  /** The number of the place. */
  readonly t: number;
  readonly part: string;
  readonly places: readonly string[];
}

interface Settled {
  readonly found: readonly Found[];
  /** Roots that stay, by the number of the step. */
  readonly stopped: ReadonlyMap<number, number>;
}

const ROUNDS = 10;

/** SQL: is it one of these rows? */
export const isOneOf = (found: readonly Omit<Found, 't'>[]) =>
  found
    .map(({ part, places }) => `(tableoid = ${literal(part)}::oid AND ctid = ANY(${textArray(places)}::tid[]))`)
    .join(' OR ');

/**
 * What goes with locked roots, locked as well: then nobody restores it or refers to it anew. What somebody else holds
 * stands in the way of its roots.
 */
export async function settled(
  sequelize: Sequelize,
  transaction: Transaction,
  ground: Ground,
  roots: readonly Row[],
): Promise<Settled> {
  const locked = new Set(roots.map(nameOf));
  const held: Row[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const settled = await look(sequelize, transaction, ground, roots, held);
    const wanted = settled.found
      .map(({ part, places, t }) => ({
        t,
        part,
        places: places.filter((place) => !locked.has(nameOf({ part, place }))),
      }))
      .filter(({ places }) => places.length > 0);
    if (wanted.length === 0) return settled;
    for (const group of wanted) {
      const sql = `SELECT ctid::text AS place FROM ${ground.places[group.t]?.name} WHERE ${isOneOf([group])} FOR UPDATE SKIP LOCKED`;
      for (const { place } of await select<Row>(sequelize, sql, transaction)) locked.add(nameOf({ ...group, place }));
      const missing = group.places
        .map((place) => ({ part: group.part, place }))
        .filter((row) => !locked.has(nameOf(row)));
      for (const row of missing) held.push(row);
    }
  }
  throw Object.assign(new Error('The rows kept changing.'), { code: SQLSTATE.serializationFailure });
}

async function look(
  sequelize: Sequelize,
  transaction: Transaction,
  ground: Ground,
  roots: readonly Row[],
  held: readonly Row[],
): Promise<Settled> {
  const rows = await select<{ n: number; part: string | null; places: string[] | null; rows: string }>(
    sequelize,
    `WITH ${reachQuery(ground, `SELECT * FROM ${rowsSql(roots)}`, held)}
     SELECT t AS n, part::text, array_agg(place::text) AS places, count(*) AS rows FROM goes GROUP BY t, part
     UNION ALL SELECT step, NULL, NULL, count(*) FROM stopped JOIN roots USING (part, place) GROUP BY step`,
    transaction,
  );
  const found = rows.flatMap(({ n, part, places }) => (part && places ? [{ t: n, part, places }] : []));
  const stopped = rows.filter(({ part, n }) => part === null && n !== HELD);
  return { found, stopped: new Map(stopped.map(({ n, rows: count }) => [n, Number(count)])) };
}

const nameOf = ({ part, place }: Row) => `${part} ${place}`;
