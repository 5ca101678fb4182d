import { type Model, Op, type Transaction, type WhereOptions } from 'sequelize';
import type { ModelClass } from '../models/capabilities';
import { inside, isExpression } from '../models/internals';
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

/**
 * Rows in a state that the request may be about, and that a condition picks. Of live ones nothing is said of the state: the
 * query has to be one of a paranoid model, with `paranoid: true`, which says it.
 */
export function rowsIn({ settings, permitted }: Work, state: State, condition?: WhereOptions): WhereOptions {
  const { deletedAt, model } = settings;
  const archived = state === 'archived' ? { [deletedAt]: { [Op.ne]: null } } : undefined;
  const all = [condition, archived, permitted && closed(permitted), ...lostOf(model)].filter(
    (each) => each !== undefined,
  );
  const [first = {}, ...more] = all;
  // Side by side with what a scope says of the same attribute; alone it would take its place.
  return all.length === 0 || (more.length === 0 && !scopeOf(model)) ? first : { [Op.and]: all };
}

/** What the rows of this request have to be beside what it asks for: by `authorize`, and by the model's scope. */
export function conditionOf({ settings, permitted }: Work): WhereOptions | undefined {
  // Side by side: merged by Sequelize, one would take the place of the other where both say something of an attribute.
  const all = [permitted, scopeOf(settings.model)].flatMap((where) =>
    where && !isEmpty(where) ? [closed(where)] : [],
  );
  return all.length > 0 ? { [Op.and]: all } : undefined;
}

/** Sequelize puts no parentheses round SQL of the application's: its OR would reach over to what stands beside it. */
const closed = (where: WhereOptions): WhereOptions => ({ [Op.and]: [where] });

const scopeOf = (model: ModelClass) => inside(model)._scope.where as WhereOptions | undefined;
const isEmpty = (where: WhereOptions) => !isExpression(where) && Reflect.ownKeys(where).length === 0;

/** What a scope asks for where Sequelize would have our `Op.and` take its place: another `Op.and`, or SQL. */
function lostOf(model: ModelClass): WhereOptions[] {
  const where = scopeOf(model);
  return where && (isExpression(where) || Op.and in where) ? [closed(where)] : [];
}

/** Runs in a transaction, which is undone where something is refused. */
export const inTransaction = <T>({ settings }: Work, fn: (transaction: Transaction) => Promise<T>): Promise<T> =>
  (settings.model.sequelize as NonNullable<typeof Model.sequelize>).transaction(fn);
