import type { Model, ModelStatic } from 'sequelize';
import { type NextFunction, newRouter, type Request, type Response, type Router } from './express';
import { fail, handlerOf } from './handle';
import type { RestOptions } from './options';
import { ProblemError } from './problem/problem';
import { type Route, routesOf } from './routes';
import { sendProblem } from './send';
import { resolve, type Settings } from './settings';

const described = new WeakMap<object, Settings>();

/** What a router of {@link softDeleteRouter} serves; undefined of another. */
export const settingsOfRouter = (router: object): Settings | undefined => described.get(router);

/**
 * The REST routes of a soft-deletable model: lists, single rows, archives, restores, by one and in bulk. Errors are problem
 * JSON (RFC 9457); those that are the application's own go to its error handler. See docs/rest.md.
 *
 * @throws DefinitionError the model has no soft deletion, or an option names what there is not
 * @example app.use('/articles', softDeleteRouter(Article, { filter: ['authorId'], sort: ['createdAt'] }));
 */
export function softDeleteRouter<M extends Model>(model: ModelStatic<M>, options: RestOptions<M> = {}): Router {
  const settings = resolve(model, options);
  const router = newRouter();
  described.set(router, settings);
  const routes = routesOf(settings);
  for (const path of new Set(routes.map((route) => route.path))) {
    const ofPath = routes.filter((route) => route.path === path);
    const place = router.route(path);
    for (const route of ofPath) place[route.method](handlerOf(settings, route));
    place.all(otherwise(ofPath));
  }
  // What Express itself finds wrong, as a path that cannot be decoded.
  router.use((error: unknown, _request: Request, response: Response, next: NextFunction) =>
    fail(error, response, next, 'query'),
  );
  return router;
}

/** Any other verb. */
function otherwise(routes: readonly Route[]) {
  const verbs = routes.map(({ method }) => method.toUpperCase());
  const allow = [...verbs, ...(verbs.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return ({ method }: Request, response: Response) => {
    if (method === 'OPTIONS') response.status(204).set('Allow', allow).end();
    else {
      const detail = `${method} is not for this path. Use one of: ${allow}.`;
      sendProblem(response, new ProblemError(405, detail, { headers: { Allow: allow } }));
    }
  };
}
