import { QueryTypes, type Sequelize, Transaction } from 'sequelize';
import { select } from '../enforcement/catalog';
import { ident, literal, textArray } from '../sql/identifiers';
import { HARD_DELETE } from '../sql/settings';
import { childrenFirst, type Ground } from './ground';
import { BLOCKED, GOES, reachQuery } from './reach';

/** Where a batch begins: after this key, `undefined` at the start. */
export type After = readonly string[] | undefined;

/** What one batch came to. */
export interface Batch {
  /** Rows of the purged table that were looked at. */
  readonly seen: number;
  readonly last: After;
  /** Rows that went, by place. */
  readonly gone: ReadonlyMap<number, number>;
  /** Rows that were left, by the number of the key that keeps them. */
  readonly blocked: ReadonlyMap<number, number>;
}

export interface BatchOptions {
  cutoff: string;
  after: After;
  limit: number;
  /** Of the columns of the primary key. */
  types: readonly string[];
  /** Remove nothing: step over the rows. */
  skip?: boolean;
}

interface Root {
  home: string;
  place: string;
  key: string[];
}

interface Found {
  t: number;
  home: string;
  places: string[];
}

const ROUNDS = 5;

/** One short transaction: locks the next roots, looks at what has to go with them, and removes that, children first. */
export function purgeBatch(sequelize: Sequelize, ground: Ground, options: BatchOptions): Promise<Batch> {
  const isolationLevel = Transaction.ISOLATION_LEVELS.READ_COMMITTED;
  return sequelize.transaction({ isolationLevel, logging: false }, async (transaction) => {
    await sequelize.query(`SET LOCAL ${HARD_DELETE} = on`, { transaction, logging: false });
    const roots = await select<Root>(sequelize, rootsQuery(ground, options), transaction);
    const looked = { seen: roots.length, last: roots.at(-1)?.key };
    if (roots.length === 0 || options.skip) return { ...looked, gone: new Map(), blocked: new Map() };
    const given = `unnest(${textArray(roots.map(({ home }) => home))}::oid[], ${textArray(roots.map(({ place }) => place))}::tid[])`;
    const reach = reachQuery(
      ground,
      `SELECT * FROM ${given} AS r(home, place)`,
      `${literal(options.cutoff)}::timestamptz`,
    );
    const found = await settled(sequelize, transaction, ground, reach);
    const blocked = await select<{ n: number; rows: string }>(
      sequelize,
      `WITH ${reach} SELECT block AS n, count(DISTINCT (root_home, root_place)) AS rows FROM reached WHERE block IS NOT NULL GROUP BY block`,
      transaction,
    );
    return {
      ...looked,
      gone: await remove(sequelize, transaction, ground, found),
      blocked: new Map(blocked.map(({ n, rows }) => [n, Number(rows)])),
    };
  });
}

/** What goes, locked: then nobody restores it or refers to it anew, and what is found twice is what there is. */
async function settled(sequelize: Sequelize, transaction: Transaction, { places }: Ground, reach: string) {
  const query = `WITH ${reach}, ${BLOCKED} SELECT t, home::text, array_agg(DISTINCT place::text) AS places FROM reached
    WHERE ${GOES} GROUP BY t, home ORDER BY t, home`;
  let before = '';
  for (let round = 1; round <= ROUNDS; round++) {
    const found = await select<Found>(sequelize, query, transaction);
    const all = JSON.stringify(found);
    // The roots are locked.
    if (all === before || found.every(({ t }) => t === 0)) return found;
    before = all;
    for (const { t, home, places: rows } of found) {
      const sql = `SELECT FROM ${places[t]?.name} WHERE ${those(home, rows)} FOR UPDATE`;
      await sequelize.query(sql, { transaction, logging: false });
    }
  }
  throw Object.assign(new Error('The rows kept changing. Run it again.'), { code: '40001' });
}

const those = (home: string, places: readonly string[]) =>
  `tableoid = ${literal(home)}::oid AND ctid = ANY(${textArray(places)}::tid[])`;

function rootsQuery({ table, places: [root] }: Ground, { cutoff, after, limit, types }: BatchOptions): string {
  const keys = table.key.map(ident);
  const bound = after?.map((value, n) => `${literal(value)}::${types[n]}`).join(', ');
  const past = bound ? ` AND (${keys.join(', ')}) > (${bound})` : '';
  return `SELECT tableoid::text AS home, ctid::text AS place, ARRAY[${keys.map((key) => `${key}::text`).join(', ')}] AS key
    FROM ${root?.name} WHERE ${root?.deleted} < ${literal(cutoff)}::timestamptz${past}
    ORDER BY ${keys.join(', ')} LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
}

async function remove(sequelize: Sequelize, transaction: Transaction, ground: Ground, found: readonly Found[]) {
  const gone = new Map<number, number>();
  for (const place of childrenFirst(ground)) {
    for (const { home, places } of found.filter(({ t }) => t === place)) {
      const sql = `DELETE FROM ${ground.places[place]?.name} WHERE ${those(home, places)}`;
      const options = { transaction, type: QueryTypes.BULKDELETE, logging: false };
      const removed = (await sequelize.query(sql, options as never)) as unknown as number;
      gone.set(place, (gone.get(place) ?? 0) + Number(removed));
    }
  }
  return gone;
}
