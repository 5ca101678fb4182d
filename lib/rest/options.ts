import type { Request, Response } from 'express';
import type { Attributes, Model, ModelStatic, WhereOptions } from 'sequelize';
import type { Revision } from '../history/revision';
import type { Operator } from './query/operators';

/** What a request asks for: the name of its handler; of deletions, also whether they are for good. */
export type Action =
  | 'list'
  | 'create'
  | 'deleteMany'
  | 'hardDeleteMany'
  | 'restoreMany'
  | 'listDeleted'
  | 'listWithDeleted'
  | 'read'
  | 'replace'
  | 'update'
  | 'delete'
  | 'hardDelete'
  | 'restore'
  | 'readDeleted'
  | 'readWithDeleted'
  | HistoryAction;

/** The actions of the history routes. */
export type HistoryAction =
  | 'listVersions'
  | 'readVersion'
  | 'diff'
  | 'listAsOf'
  | 'readAsOf'
  | 'revertFields'
  | 'rollBack'
  | 'undo';

/** A request, as the hooks see it. */
export interface RequestContext<M extends Model = Model> {
  readonly action: Action;
  readonly request: Request;
  readonly response: Response;
  readonly model: ModelStatic<M>;
  /** The primary key in the path, by attribute; undefined where the route has none. */
  readonly key?: Readonly<Record<string, unknown>>;
}

/** Whether a request may be served: for all rows, or for those that `where` picks. Anything else refuses. */
export type Permission<M extends Model = Model> = boolean | { readonly where: WhereOptions<Attributes<M>> } | undefined;

/** The name of an attribute. */
export type AttributeName<M extends Model> = Extract<keyof Attributes<M>, string>;

/** One parameter by which lists are filtered. */
export interface FilterOption<M extends Model> {
  /** Default: the parameter's own name. */
  readonly attribute?: AttributeName<M>;
  /** Default: `['eq']`. */
  readonly operators?: readonly Operator[];
}

/** An association that may be asked for. */
export interface IncludeOption {
  /** Attributes of the associated model. Default: those that it shows by its default scope. */
  readonly fields?: readonly string[];
  /** At most so many of its rows for each row; of associations to many. Default: 100. */
  readonly limit?: number;
  /** Are archived rows among them? Default: no. */
  readonly archived?: boolean;
}

/** Options of {@link softDeleteRouter}. */
export interface RestOptions<M extends Model = Model> {
  /** Where the router is mounted, for the OpenAPI document. Default: `/` and the model's plural, as `/articles`. */
  path?: string;
  /**
   * Asked before anything is read or written, for each request, bulk ones included. `true` lets it pass, `{ where }` for
   * the rows that it picks alone, whether they are read or written; anything else is a 403. Throw a
   * {@link ProblemError} for another answer, as 401. Default: everybody may do everything.
   *
   * @example authorize: (action, { request }) => request.user.isEditor || (action === 'list' && { where: { published: true } })
   */
  authorize?(action: Action, context: RequestContext<M>): Permission<M> | PromiseLike<Permission<M>>;
  /** Attributes that clients see. Default: those of the model's default scope. */
  fields?: readonly AttributeName<M>[];
  /** Attributes that clients write. Default: `fields`, but for keys that the database makes, times and the version. */
  writable?: readonly AttributeName<M>[];
  /** What lists and bulk requests are filtered by: attributes, or operators by parameter. Default: nothing. */
  filter?: readonly AttributeName<M>[] | Readonly<Record<string, readonly Operator[] | FilterOption<M>>>;
  /** Attributes that lists are sorted by. Default: the primary key. */
  sort?: readonly AttributeName<M>[];
  /** Associations that may be asked for, by alias. Default: none. */
  include?: readonly string[] | Readonly<Record<string, true | IncludeOption>>;
  /** Rows on a page. Default: 25, and 100 at most. */
  pageSize?: { readonly default?: number; readonly max?: number };
  /** How many rows a page may leave out before it; further on there are cursors. Default: 10 000. */
  maxOffset?: number;
  /** May `DELETE /?permanent=true` remove rows for good? Default: `false`, and it is a 403. */
  bulkHardDelete?: boolean;
  /** Do bulk requests answer 200 with counts, not 204? Default: `false`. */
  bulkResponseContent?: boolean;
  /** A bulk request that would change more rows is a 422, and changes none. Default: 1000. */
  bulkLimit?: number;
  /** The largest body, in bytes or as '100kb'. Default: '100kb'. A parser of the application's that came first rules. */
  bodyLimit?: number | string;
  /** Must writes of one row say by `If-Match` which state of it they are for? Without it they are a 428. Default: `false`. */
  requireIfMatch?: boolean;
  /** What a row looks like to clients. Default: its `fields`, and what was included. */
  serialize?(instance: M, context: RequestContext<M>): unknown;
  /**
   * Looks at the values of a body before they are set; may answer others. Throw a {@link ProblemError}, a ValidationError, or
   * an error with `issues`, as zod's, which is a 422.
   */
  validate?(values: Readonly<Record<string, unknown>>, context: RequestContext<M>): unknown;
  /** Who and why: writes run in this revision (see `withRevision`). Default: none. */
  revision?(context: RequestContext<M>): Revision | undefined | PromiseLike<Revision | undefined>;
  /**
   * Has it the routes of the model's history, too? The model must be Versioned. What clients see of versions is what they see
   * of rows: `fields`, or what `serialize` makes of them. They put back single attributes that are `writable`; `roll-back` and
   * `undo` put back whole rows, whatever is writable: `authorize` is asked. Rows for which it answers `{ where }` go by what they
   * are now, archived or not, and as of a moment by what they were then as well. Of a row that is gone for good, history is
   * told to those alone who may see all rows. Default: `false`.
   */
  history?: boolean;
}
