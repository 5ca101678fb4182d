import type { Model, Transaction, WhereOptions } from 'sequelize';
import { demanded, inState, picked, type State } from './conditions';
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

/**
 * Rows in a state that the request may be about, and that a condition picks. Of live ones nothing is said of the state: the
 * query has to be one of a paranoid model, with `paranoid: true`, which says it.
 */
export function rowsIn({ settings, permitted }: Work, state: State, condition?: WhereOptions): WhereOptions {
  const { deletedAt, model } = settings;
  return picked(model, [condition, ...(state === 'archived' ? inState(deletedAt, state) : [])], permitted);
}

/** What the rows of a request have to be, whatever it asks for: see {@link demanded}. */
export const conditionOf = ({ settings, permitted }: Work) => demanded(settings.model, permitted);

/** Runs in a transaction, which is undone where something is refused. */
export const inTransaction = <T>({ settings }: Work, fn: (transaction: Transaction) => Promise<T>): Promise<T> =>
  (settings.model.sequelize as NonNullable<typeof Model.sequelize>).transaction(fn);
