import type { Random } from '../../support/random';
import { key } from './paths';
import { cursor, filter, names, type Parameter, page, permanent } from './queries';
import type { Target } from './target';

/** What a request is for. */
export interface Aim {
  readonly method: string;
  readonly path: string;
  /** Parameters that it may well have. */
  readonly kinds: readonly Parameter[];
}

const LISTS = ['', '', '/deleted', '/with-deleted'];

/** A route that there is. */
export function route(random: Random, target: Target): Aim {
  const aim = (method: string, rest: string, kinds: readonly Parameter[]) => ({
    method,
    path: target.path + rest,
    kinds,
  });
  const segment = () => `/${key(random, target)}`;
  const list = () => aim('GET', random.pick(LISTS), [page, cursor, names, filter, filter]);
  const routes = [
    list,
    list,
    list,
    () => aim('GET', segment(), [names]),
    () => aim('GET', random.pick(['/deleted', '/with-deleted']) + segment(), [names]),
    () => aim('POST', '', []),
    () => aim('POST', '', []),
    () => aim('PUT', segment(), []),
    () => aim('PATCH', segment(), []),
    () => aim('PATCH', segment(), []),
    () => aim('DELETE', segment(), [permanent]),
    () => aim('DELETE', '', [filter, filter, permanent]),
    () => aim('PATCH', `${segment()}/restore`, [names]),
    () => aim('PATCH', '/restore', [filter]),
  ];
  return random.pick(routes)();
}
