import type { Request, Response } from 'express';
import type { Model, ModelStatic } from 'sequelize';
import type { Revision } from '../../history/revision';
import type { AttributeName, Permission } from '../options';

/**
 * What a request to the archive browser asks for: to see counts, archived rows and what went with them; what a restore or a
 * purge would do; to do it; the history of a row.
 */
export type BrowserAction = 'browse' | 'preview' | 'restore' | 'purge' | 'history';

/** A request to the archive browser, as the hooks see it. */
export interface BrowserContext {
  readonly action: BrowserAction;
  readonly request: Request;
  readonly response: Response;
  readonly model: ModelStatic<Model>;
  /** The primary key of the row that is asked for, by attribute; undefined where it is about several rows. */
  readonly key?: Readonly<Record<string, unknown>>;
}

/** A model in the archive browser. */
export interface BrowserModel<M extends Model = Model> {
  readonly model: ModelStatic<M>;
  /** Attributes that are shown. Default: those of the model's default scope. */
  readonly fields?: readonly AttributeName<M>[];
  /** Attributes of text that are searched, of `fields`. Default: all of them. The key is found as well. */
  readonly search?: readonly AttributeName<M>[];
  /** The attribute by which rows are called, of `fields`. Default: the first one of text that is not the key. */
  readonly title?: AttributeName<M>;
  /** What the model is called. Default: its plural. */
  readonly label?: string;
}

/** Options of {@link archiveBrowser}. */
export interface BrowserOptions {
  /** The models whose archives are shown, in this order. All have soft deletion. */
  readonly models: readonly (ModelStatic<Model> | BrowserModel)[];
  /**
   * Asked before anything is read or written. `true` lets it pass, `{ where }` for the rows that it picks alone; anything
   * else is a 403. Throw a {@link ProblemError} for another answer, as 401. Pages ask also about what they may offer: the
   * models of the overview, the rows of other models in a tree, the buttons. There is no default.
   *
   * @example authorize: (action, { request }) => request.user?.isSupport && (action !== 'purge' || request.user.isAdmin)
   */
  authorize(action: BrowserAction, context: BrowserContext): Permission | PromiseLike<Permission>;
  /** Who and why: restores and purges run in this revision (see `withRevision`). Default: none. */
  revision?(context: BrowserContext): Revision | undefined | PromiseLike<Revision | undefined>;
  /** The heading of the pages. Default: 'Archive'. */
  readonly title?: string;
  /** Rows on a page, 1 to 100. Default: 25. */
  readonly pageSize?: number;
  /** How many rows are restored at once at most, 1 to 1000. Default: 100. */
  readonly bulkLimit?: number;
}
