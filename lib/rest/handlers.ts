import type { Model, ModelStatic } from 'sequelize';
import type { RequestHandler } from './express';
import { handlerOf } from './handle';
import type { HistoryAction, RestOptions } from './options';
import { type HandlerName, routesOf } from './routes';
import { resolve } from './settings';

/** The handlers of a model's routes, by name. */
export type Handlers = Readonly<Record<HandlerName, RequestHandler>>;

/** The handlers that the option `history` adds, by name. */
export type HistoryHandlers = Readonly<Record<HistoryAction, RequestHandler>>;

/**
 * The handlers of {@link softDeleteRouter}, each to be put where you like. A path with a key calls it `:pk`, one
 * with a version `:number`. Those of the history are among them where the option `history` is true.
 *
 * @throws DefinitionError as softDeleteRouter
 * @example app.get('/trash/:pk', handlers(Article).readDeleted);
 */
export function handlers<M extends Model>(
  model: ModelStatic<M>,
  options: RestOptions<M> & { history: true },
): Handlers & HistoryHandlers;
export function handlers<M extends Model>(model: ModelStatic<M>, options?: RestOptions<M>): Handlers;
export function handlers<M extends Model>(model: ModelStatic<M>, options: RestOptions<M> = {}): Handlers {
  const settings = resolve(model, options);
  const entries = routesOf(settings).map((route) => [route.name, handlerOf(settings, route)]);
  return Object.fromEntries(entries) as Handlers;
}
