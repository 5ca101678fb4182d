import { type Sequelize, Transaction } from 'sequelize';
import { select } from '../enforcement/catalog';
import { ident, literal } from '../sql/identifiers';
import { HARD_DELETE, REVISION } from '../sql/settings';
import type { Ground } from './ground';
import type { Row } from './reach';
import { remove } from './remove';
import { settled } from './settled';

/** Where a batch begins: after this key, `undefined` at the start. */
export type After = readonly string[] | undefined;

/** What one batch came to. */
export interface Batch {
  /** Rows of the purged table that were looked at. */
  readonly seen: number;
  readonly last: After;
  /** Rows that went, by place. */
  readonly gone: ReadonlyMap<number, number>;
  /** Rows that were left, by the number of the step that keeps them. */
  readonly stopped: ReadonlyMap<number, number>;
}

export interface BatchOptions {
  after: After;
  limit: number;
  /** Remove nothing: step over the rows. */
  skip?: boolean;
}

/** Of locks that SKIP LOCKED knows nothing of: those on tables, and on rows whose link is cut. */
const PATIENCE = '300ms';

/** For histories: who removes the rows, where nobody says. */
const BY = `SELECT set_config('${REVISION}', '{"actor":"guitars purge"}', true) WHERE coalesce(current_setting('${REVISION}', true), '') = ''`;

/** One short transaction: locks the next roots, looks at what has to go with them, and removes that, children first. */
export function purgeBatch(sequelize: Sequelize, ground: Ground, options: BatchOptions): Promise<Batch> {
  const isolationLevel = Transaction.ISOLATION_LEVELS.READ_COMMITTED;
  return sequelize.transaction({ isolationLevel, logging: false }, async (transaction) => {
    const set = `SET LOCAL ${HARD_DELETE} = on; SET LOCAL lock_timeout = '${PATIENCE}'; ${BY}`;
    await sequelize.query(set, { transaction, logging: false });
    const roots = await select<Row & { key: string[] }>(sequelize, rootsQuery(ground, options), transaction);
    const looked = { seen: roots.length, last: roots.at(-1)?.key };
    if (roots.length === 0 || options.skip) return { ...looked, gone: new Map(), stopped: new Map() };
    const { found, stopped } = await settled(sequelize, transaction, ground, roots);
    const gone = await remove(sequelize, transaction, ground, found);
    // What is judged at the end is judged here: Sequelize gives up a connection whose COMMIT fails.
    await sequelize.query('SET CONSTRAINTS ALL IMMEDIATE', { transaction, logging: false });
    return { ...looked, gone, stopped };
  });
}

function rootsQuery({ table, from, old, types }: Ground, { after, limit }: BatchOptions): string {
  const keys = table.key.map(ident);
  const bound = after?.map((value, n) => `${literal(value)}::${types[n]}`).join(', ');
  const past = bound ? ` AND (${keys.join(', ')}) > (${bound})` : '';
  return `SELECT tableoid::text AS part, ctid::text AS place, ARRAY[${keys.map((key) => `${key}::text`).join(', ')}] AS key
    FROM ${from} WHERE ${old}${past} ORDER BY ${keys.join(', ')} LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
}
