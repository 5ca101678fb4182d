import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { CursorError, type CursorFault, GuitarsError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { literal, qualified } from '../../sql/identifiers';
import { type Located, locateOne } from '../reading/located';
import { type Cursor, written } from './cursor';
import { joined, lowOf, presentSnapshot, type Snapshot } from './snapshot';

/** What each answer says beside the rows: where the history stands, and the present. */
export interface Meta {
  place: string | null;
  fault: string | null;
  snapshot: string;
  own: string | null;
  highest: string | null;
  ceiling: string | null;
  raises: string | null;
}

// To Sequelize's write connection: a replica does not say which transactions are under way.
const MASTER = { useMaster: true };

/** Where a model's history stands. */
export const located = (model: ModelClass, transaction: Transaction | null | undefined): Promise<Located> =>
  locateOne(model, { ...MASTER, ...within(transaction) });

/** Asks the history. */
export async function ask<R extends Meta>(
  { model }: Located,
  sql: string,
  transaction: Transaction | null | undefined,
): Promise<R[]> {
  const sequelize = model.sequelize as Sequelize;
  return sequelize.query<R>(sql, { ...MASTER, ...within(transaction), type: QueryTypes.SELECT });
}

const within = (transaction: Transaction | null | undefined) => (transaction === undefined ? {} : { transaction });

/**
 * SQL: a relation `now` with {@link Meta}, of the snapshot that the statement reads with. `bound` is the first transaction
 * that the server has not ended yet: entries of it and later ones came from another server.
 */
export function now({ history }: Located, cursor: Cursor | undefined): string {
  const target = literal(qualified(history));
  const whole = qualified(history);
  // As an expression: the planner would look for the greatest among all entries, one by one from the last.
  const foreign = cursor ? 'NULL::bigint' : `(SELECT max(_entry + 0) FROM ${whole} WHERE _transaction >= bound)`;
  // What a subscription brings bears the ids of its publisher's transactions, which come when others have long been seen here.
  const fed = `EXISTS (SELECT FROM pg_subscription_rel WHERE srrelid = ${target}::regclass
      OR srrelid IN (SELECT relid FROM pg_partition_tree(${target})))`;
  return `present AS MATERIALIZED (
    SELECT pg_current_snapshot()::text AS snapshot, pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS bound,
      pg_current_xact_id_if_assigned()::text::bigint AS own, guitars.history_place(${target}) AS place
  ), now AS MATERIALIZED (
    SELECT place, CASE WHEN ${fed} THEN 'subscriber' ELSE ${cursor ? `guitars.history_fault(${faultArguments(target, cursor)})` : 'NULL::text'} END AS fault, snapshot, bound, own,
      greatest((SELECT max(_transaction) FROM ${whole} WHERE _transaction < bound), removed) AS highest,
      ${foreign} AS ceiling, raises
    FROM present LEFT JOIN (SELECT place, removed, raises FROM guitars.history_horizon WHERE history = ${target}::regclass::oid) AS horizon
      USING (place)
  )`;
}

/** SQL: what guitars.history_fault() is to know of a cursor. */
export function faultArguments(target: string, { place, from, to, raises, last }: Cursor): string {
  const end = [from, to].flatMap((each) => (each ? [each.end] : [])).reduce((a, b) => (a > b ? a : b), 0n);
  const numbers = [from && lowOf(from), end, raises, last].map((each) => `${each ?? 'NULL'}::bigint`);
  return [target, literal(place), ...numbers].join(', ');
}

/** The present, as the position that a cursor holds. */
export const seenBy = (meta: Meta, from?: Snapshot): Snapshot => {
  const present = presentSnapshot(meta);
  return from ? joined(from, present) : present;
};

/** @throws CursorError, GuitarsError it cannot be gone on from here */
export function refuseFault(model: ModelClass, { place, fault }: Meta): string {
  if (fault === 'subscriber') {
    throw new GuitarsError(
      `${model.name}: the history is filled by a subscription, in another order than that of this server's transactions, so that ` +
        'changes could be missed. Ask the publisher; where this server has taken over from it, drop the subscription.',
    );
  }
  if (fault !== null && fault !== 'standby') throw new CursorError(model.name, fault as CursorFault);
  if (place !== null) return place;
  throw new GuitarsError(
    `${model.name}: the server is a standby, which does not say what is under way, so that changes could be missed. Connect ` +
      'to the primary; of replication in Sequelize, that is the write server.',
  );
}

/** The cursor behind all that is committed by now. */
export async function presentOf(
  model: ModelClass,
  { transaction }: { transaction?: Transaction | null } = {},
): Promise<string> {
  const history = await located(model, transaction);
  const [meta] = await ask<Meta>(history, `WITH ${now(history, undefined)} SELECT * FROM now`, transaction);
  const place = refuseFault(model, meta as Meta);
  return written({ place, from: seenBy(meta as Meta), ceiling: numberOf(meta?.ceiling) });
}

export const numberOf = (text: string | null | undefined) => (text == null ? undefined : BigInt(text));
