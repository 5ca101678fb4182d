import { newRouter, type Router } from '../express';
import { actionHandler, broken, otherwise, pageHandler } from './handle';
import type { BrowserOptions } from './options';
import { ACTIONS, PAGES } from './routes';
import { resolve } from './settings';

/**
 * Pages for support staff, where archived rows are found, looked at, restored and purged. They load nothing from anywhere, and
 * keep to themselves: see docs/archive-browser.md.
 *
 * @throws DefinitionError there is no `authorize`, a model without soft deletion, or an option that there is not
 * @example app.use('/archive', archiveBrowser({ models: [Article], authorize: (_, { request }) => request.user?.isSupport }));
 */
export function archiveBrowser(options: BrowserOptions): Router {
  const settings = resolve(options);
  const router = newRouter();
  for (const route of ACTIONS) {
    router.route(route.path).post(actionHandler(settings, route)).all(otherwise(settings, 'POST'));
  }
  for (const route of PAGES) {
    router.route(route.path).get(pageHandler(settings, route)).all(otherwise(settings, 'GET, HEAD'));
  }
  router.use(otherwise(settings));
  router.use(broken(settings));
  return router;
}
