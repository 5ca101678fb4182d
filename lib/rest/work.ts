import { type Model, Op, type Transaction, type WhereOptions } from 'sequelize';
import type { Description } from './describe';
import type { Key } from './key';
import type { Action, RequestContext } from './options';
import type { Parameters } from './query/parameters';
import type { Settings } from './settings';

/** A request that may be served, as its action sees it. */
export interface Work {
  readonly settings: Settings;
  readonly context: RequestContext;
  readonly key: Key | undefined;
  readonly parameters: Parameters;
  /** The rows that the request may be about. */
  readonly permitted: WhereOptions | undefined;
  /** The body, which is read when it is asked for. */
  body(): Promise<unknown>;
}

/** What is answered. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A handler's work. */
export interface Job {
  /** What the request asks for, as `authorize` is told it. */
  action(parameters: Parameters, settings: Settings): Action;
  /** What its document tells. */
  readonly describes: Description;
  /** Does it write? */
  readonly writes?: boolean;
  /** Are rows archived, restored or removed by it, rather than written? */
  readonly removes?: boolean;
  run(work: Work): Promise<Answer>;
}

/** States of rows. */
export type State = 'live' | 'archived' | 'any';

/** Conditions of rows that are in a state, by the attribute of their deletion. */
export const inState = (deletedAt: string, state: State): WhereOptions[] =>
  ({ live: [{ [deletedAt]: null }], archived: [{ [deletedAt]: { [Op.ne]: null } }], any: [] })[state];

/** Rows in a state that the request may be about, and that a condition picks. */
export function rowsIn({ settings, permitted }: Work, state: State, condition?: WhereOptions): WhereOptions {
  const states = inState(settings.deletedAt, state);
  const all = [...(condition ? [condition] : []), ...states, ...(permitted ? [permitted] : [])];
  return all.length > 0 ? { [Op.and]: all } : {};
}

/** Runs in a transaction, which is undone where something is refused. */
export const inTransaction = <T>({ settings }: Work, fn: (transaction: Transaction) => Promise<T>): Promise<T> =>
  (settings.model.sequelize as NonNullable<typeof Model.sequelize>).transaction(fn);
