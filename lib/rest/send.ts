import { createHash } from 'node:crypto';
import type { Response } from './express';
import type { ProblemError } from './problem/problem';
import type { Answer } from './work';

/** Writes an answer. */
export function send(response: Response, { status, body, headers = {} }: Answer): void {
  response.status(status).set({ ...headers });
  if (body === undefined) response.end();
  else response.json(body);
}

/** Writes an answer that is no success. */
export function sendProblem(response: Response, { status, headers, body }: ProblemError): void {
  response.status(status).set({ 'Cache-Control': 'no-store', ...headers });
  response.type('application/problem+json').send(JSON.stringify(body));
}

/**
 * The entity tag of a row as it is answered: its state in the database, which `If-Match` asks for, and a digest of what is
 * shown of it, which may change by itself.
 */
export function tagOf(state: string, body: unknown): string {
  const digest = createHash('sha1').update(JSON.stringify(body)).digest('base64url').slice(0, 12);
  return `"${state}.${digest}"`;
}
