import { readBody } from '../../body/read';
import { malformed } from '../../problem/problem';
import type { Visit } from '../visit';

const LIMITED = { bodyLimit: '1mb' } as const;

/**
 * The members of a body.
 *
 * @throws ProblemError (400, 413, 415) it is no object, or has others than these
 */
export async function bodyOf(
  { request, response }: Visit,
  known: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const body = await readBody(LIMITED, request, response);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw malformed('The body is no object.');
  const other = Object.keys(body).find((name) => !known.includes(name));
  if (other !== undefined) {
    throw malformed(`The body has a member ${JSON.stringify(other.slice(0, 100))}. Use of: ${known.join(', ')}.`);
  }
  return body as Record<string, unknown>;
}
