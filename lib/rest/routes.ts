import { removeMany, restoreMany } from './actions/bulk';
import { create } from './actions/create';
import { list } from './actions/list';
import { read } from './actions/read';
import { remove } from './actions/remove';
import { restore } from './actions/restore';
import { update } from './actions/update';
import { HISTORY_ROUTES } from './history/routes';
import type { HistoryAction } from './options';
import type { Settings } from './settings';
import type { Job } from './work';

/** One verb of one path. */
export interface Route {
  /** The name of its handler. */
  readonly name: HandlerName | HistoryAction;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly job: Job;
}

/** The names of the handlers. */
export type HandlerName =
  | 'list'
  | 'create'
  | 'deleteMany'
  | 'restoreMany'
  | 'listDeleted'
  | 'readDeleted'
  | 'listWithDeleted'
  | 'readWithDeleted'
  | 'read'
  | 'replace'
  | 'update'
  | 'delete'
  | 'restore';

/** The routes, fixed paths before those with a key. The one definition of which there are. */
export const ROUTES: readonly Route[] = [
  { name: 'list', method: 'get', path: '/', job: list('list', 'live') },
  { name: 'create', method: 'post', path: '/', job: create },
  { name: 'deleteMany', method: 'delete', path: '/', job: removeMany },
  { name: 'restoreMany', method: 'patch', path: '/restore', job: restoreMany },
  { name: 'listDeleted', method: 'get', path: '/deleted', job: list('listDeleted', 'archived') },
  { name: 'readDeleted', method: 'get', path: '/deleted/:pk', job: read('readDeleted', 'archived') },
  { name: 'listWithDeleted', method: 'get', path: '/with-deleted', job: list('listWithDeleted', 'any') },
  { name: 'readWithDeleted', method: 'get', path: '/with-deleted/:pk', job: read('readWithDeleted', 'any') },
  { name: 'read', method: 'get', path: '/:pk', job: read('read', 'live') },
  { name: 'replace', method: 'put', path: '/:pk', job: update('replace') },
  { name: 'update', method: 'patch', path: '/:pk', job: update('update') },
  { name: 'delete', method: 'delete', path: '/:pk', job: remove },
  { name: 'restore', method: 'patch', path: '/:pk/restore', job: restore },
];

/** The routes of a router. */
export const routesOf = ({ history }: Settings): readonly Route[] => (history ? WITH_HISTORY : ROUTES);

// `/deleted/versions` is the archived row of that key.
const isFixed = ({ path }: Route) => !path.startsWith('/:pk');
const ALL = [...ROUTES, ...HISTORY_ROUTES];
const WITH_HISTORY: readonly Route[] = [...ALL.filter(isFixed), ...ALL.filter((route) => !isFixed(route))];
