import { keyOfSegment } from '../key';
import { ProblemError } from '../problem/problem';
import { previewPurge } from './actions/previewPurge';
import { previewRestores } from './actions/previewRestore';
import { purge } from './actions/purge';
import { restore } from './actions/restore';
import type { Html } from './html';
import { history } from './pages/history';
import { list } from './pages/list';
import { overview } from './pages/overview';
import { row } from './pages/row';
import { type Shelf, shelfAt } from './settings';
import type { Visit } from './visit';

/** A page, by GET. */
export interface PageRoute {
  readonly path: string;
  show(visit: Visit): Promise<string>;
}

/** What the dialog asks for, by POST; it answers a part of a page. */
export interface ActionRoute {
  readonly path: string;
  run(visit: Visit): Promise<Html>;
}

export const PAGES: readonly PageRoute[] = [
  { path: '/', show: overview },
  { path: '/:model', show: (visit) => list(visit, shelfOf(visit)) },
  { path: '/:model/rows/:pk', show: (visit) => row(visit, shelfOf(visit), keyOf(visit)) },
  { path: '/:model/rows/:pk/history', show: (visit) => history(visit, shelfOf(visit), keyOf(visit)) },
];

export const ACTIONS: readonly ActionRoute[] = [
  { path: '/:model/preview', run: (visit) => previewRestores(visit, shelfOf(visit)) },
  { path: '/:model/restore', run: (visit) => restore(visit, shelfOf(visit)) },
  { path: '/:model/purge/preview', run: (visit) => previewPurge(visit, shelfOf(visit)) },
  { path: '/:model/purge', run: (visit) => purge(visit, shelfOf(visit)) },
];

function shelfOf({ settings, request }: Visit): Shelf {
  const shelf = shelfAt(settings, request.params.model as string);
  if (shelf) return shelf;
  throw new ProblemError(404, 'There is no such model here.', { code: 'not-found' });
}

const keyOf = (visit: Visit) => keyOfSegment(shelfOf(visit).model, visit.request.params.pk as string);
