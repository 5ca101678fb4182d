import { STATUS_CODES } from 'node:http';
import type { Route } from '../routes';
import type { Settings } from '../settings';
import type { Node } from './types';

/** What a problem of each status means here. */
const MEANINGS: Readonly<Record<number, string>> = {
  400: 'The request cannot be read: a parameter that there is not, or a value that is none of its type.',
  401: 'The application does not know who asks.',
  403: 'It is not allowed.',
  404: 'There is no such row in this state, or none that the request may be about.',
  409: 'What is in the database does not let it be done: a unique value that is taken, a parent that is archived, rows that refer to the row.',
  412: 'The row is in another state than If-Match says.',
  413: 'The body is too large.',
  415: 'The body is no JSON.',
  422: 'The body, or what would come of it, is not as it should be.',
  428: 'If-Match is missing.',
  503: 'The database took too long. Nothing was done.',
};

const RETRY: Node = { description: 'After so many seconds.', schema: { type: 'integer' } };
const HEADERS: Readonly<Record<number, Node>> = {
  401: { 'WWW-Authenticate': { description: 'If the application says how.', schema: { type: 'string' } } },
  409: { 'Retry-After': { ...RETRY, description: 'If another request was faster.' } },
  415: { Accept: { description: 'What a body may be.', schema: { type: 'string' } } },
  503: { 'Retry-After': RETRY },
};

const nameOf = (status: number) => (STATUS_CODES[status] ?? String(status)).replaceAll(/\W/g, '');

/** The statuses of an operation's problems. */
export function statusesOf({ path, job }: Route, settings: Settings): readonly number[] {
  const { ifMatch, body, mayBe = [] } = job.describes;
  const { hooks, requireIfMatch } = settings;
  const all = [
    400,
    ...(hooks.authorize ? [401, 403] : []),
    ...(path.includes(':pk') ? [404] : []),
    ...mayBe,
    ...(ifMatch ? [412] : []),
    ...(ifMatch && requireIfMatch ? [428] : []),
    ...(body ? [413, 415, 422] : []),
    503,
  ];
  return [...new Set(all)];
}

/** References to the answers of these statuses. */
export const problemReferences = (statuses: readonly number[]): Node =>
  Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/${nameOf(status)}` }]));

/** The answers that are problems, by name. */
export const problemResponses = (statuses: readonly number[]): Readonly<Record<string, Node>> =>
  Object.fromEntries(
    statuses.map((status) => [
      nameOf(status),
      {
        description: MEANINGS[status] ?? STATUS_CODES[status],
        ...(HEADERS[status] ? { headers: HEADERS[status] } : {}),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
