import type { Route } from '../routes';
import { listAsOf, readAsOf } from './asOf';
import { revertFields, rollBack, undo } from './back';
import { diff, listVersions, readVersion } from './versions';

/** The routes of the option `history`, fixed paths before those with a key. GET reads, and POST alone changes. */
export const HISTORY_ROUTES: readonly Route[] = [
  { name: 'listAsOf', method: 'get', path: '/as-of', job: listAsOf },
  { name: 'readAsOf', method: 'get', path: '/as-of/:pk', job: readAsOf },
  { name: 'listVersions', method: 'get', path: '/:pk/versions', job: listVersions },
  { name: 'readVersion', method: 'get', path: '/:pk/versions/:number', job: readVersion },
  { name: 'diff', method: 'get', path: '/:pk/diff', job: diff },
  { name: 'revertFields', method: 'post', path: '/:pk/revert-fields', job: revertFields },
  { name: 'rollBack', method: 'post', path: '/:pk/roll-back', job: rollBack },
  { name: 'undo', method: 'post', path: '/:pk/undo', job: undo },
];
