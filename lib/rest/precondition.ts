import { ProblemError } from './problem/problem';
import type { Work } from './work';

/** What `If-Match` asks for: undefined, nothing; `*`, that there is a row; else one of these states. */
type Wanted = readonly string[] | '*' | undefined;

/** @throws ProblemError (428) it is required and missing */
export function wantedState({ context, settings }: Work): Wanted {
  const header = context.request.headers['if-match'];
  if (header === undefined) {
    if (!settings.requireIfMatch) return undefined;
    const detail = 'Say by If-Match which state of the row the change is for: the ETag that it was read with.';
    throw new ProblemError(428, detail, { code: 'precondition-required' });
  }
  if (header.trim() === '*') return '*';
  // Weak tags never match, says RFC 9110, and ours are strong.
  return [...header.matchAll(/(?<!W\/)"([^"]*)"/g)].map(([, tag = '']) => tag.replace(/\.[^.]*$/, ''));
}

/** @throws ProblemError (412) the row is in another state */
export function match(wanted: Wanted, state: string | undefined): void {
  if (wanted === undefined || wanted === '*') return;
  if (state !== undefined && wanted.includes(state)) return;
  const detail = 'Another has written the row since it was read. Read it again, and repeat the change.';
  throw new ProblemError(412, detail, { code: 'precondition-failed' });
}
