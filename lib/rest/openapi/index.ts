import { DefinitionError } from '../../errors';
import type { Router } from '../express';
import { settingsOfRouter } from '../router';
import { routesOf } from '../routes';
import { Components } from './components';
import { operationOf, type Served } from './operation';
import { pathOf } from './path';
import { problemResponses, statusesOf } from './problems';
import { PROBLEM } from './schemas/problem';
import type { Node, OpenApiDocument, OpenApiInfo } from './types';

export type { OpenApiDocument, OpenApiInfo } from './types';

/** A router in a document. */
export interface DocumentedRouter {
  readonly router: Router;
  /** Where it is mounted. Default: its option `path`. */
  readonly path?: string;
  /** What its schemas and operations are named by. Default: the name of its model. */
  readonly name?: string;
}

/** Options of {@link openApiDocument}. */
export interface OpenApiOptions {
  /** The title and version of the interface, and whatever else `info` may say. */
  readonly info: OpenApiInfo;
  /** Where it is served. Default: where the document is. */
  readonly servers?: readonly { readonly url: string; readonly description?: string }[];
}

/**
 * The OpenAPI 3.1 document of routers of `softDeleteRouter`: a plain object, to be served as JSON and extended at will. Other
 * verbs of its paths are a 405, and its GETs are HEADs as well.
 *
 * @throws DefinitionError a router of another kind, or two of one path or name
 * @example app.get('/openapi.json', (_request, response) => response.json(openApiDocument([articles], { info })));
 */
export function openApiDocument(
  routers: readonly (Router | DocumentedRouter)[],
  { info, servers }: OpenApiOptions,
): OpenApiDocument {
  const components = new Components();
  const paths: Record<string, Record<string, Node>> = {};
  const served = routers.map(servedBy);
  refuseTwice(served);
  for (const each of served) {
    const { settings, path, name } = each;
    const ref = components.of(settings, name);
    for (const route of routesOf(settings)) {
      const full = pathOf(path, route.path);
      if (paths[full]?.[route.method]) refusePath(full);
      paths[full] = { ...paths[full], [route.method]: operationOf(route, each, ref) };
    }
  }
  const statuses = served.flatMap(({ settings }) => routesOf(settings).flatMap((route) => statusesOf(route, settings)));
  return {
    openapi: '3.1.0',
    info,
    ...(servers ? { servers } : {}),
    tags: served.map(({ name }) => ({ name })),
    paths,
    components: {
      schemas: { ...components.schemas, Problem: PROBLEM },
      responses: problemResponses([...new Set(statuses)].sort((a, b) => a - b)),
    },
  };
}

function servedBy(given: Router | DocumentedRouter): Served {
  // A router is a function, with whatever members Express gives it.
  const { router, path, name }: DocumentedRouter = typeof given === 'function' ? { router: given } : given;
  const settings = settingsOfRouter(router);
  if (!settings) {
    throw new DefinitionError(
      'openApiDocument() describes routers of softDeleteRouter(), and this is none. Leave it out.',
    );
  }
  const base = (path ?? settings.path).replace(/\/+$/, '');
  if (base !== '' && !/^\/[^?#{}]*$/.test(base)) {
    throw new DefinitionError(`openApiDocument(): ${JSON.stringify(path)} is no path. Write it as '/articles'.`);
  }
  return { settings, path: base, name: (name ?? settings.model.name).replaceAll(/[^A-Za-z0-9_.-]/g, '_') };
}

function refusePath(path: string): never {
  throw new DefinitionError(`openApiDocument(): two routers serve ${path}. Say another path: { router, path: '…' }.`);
}

function refuseTwice(served: readonly Served[]): void {
  for (const member of ['path', 'name'] as const) {
    const values = served.map((each) => each[member]);
    const twice = values.find((value, n) => values.indexOf(value) !== n);
    if (twice === undefined) continue;
    throw new DefinitionError(
      `openApiDocument(): two routers have the ${member} ${JSON.stringify(twice)}. Say another: { router, ${member}: '…' }.`,
    );
  }
}
