import type { Request } from '../express';
import { ProblemError } from '../problem/problem';

/** The header that a change has to bear. No form can set one, and no other origin without asking by a preflight request. */
export const HEADER = 'x-guitars-archive';

/*
 * Why a page of another site cannot change anything, though the browser sends the session's cookie along:
 *
 * 1. Changes are POST. A GET never changes a row, so links, images and prefetching do nothing.
 * 2. The request must come from this very origin. Browsers say so in Sec-Fetch-Site, which no script can set: a sibling
 *    subdomain is "same-site" there, not "same-origin", and refused as well; so SameSite cookies, which would let it in, are
 *    not relied on. Where that header is missing (plain HTTP other than localhost, old browsers) the Origin header must
 *    name this host; every browser sends it with a POST. Where neither is there it is refused: no proof is no permission.
 * 3. The body must be JSON, and a header of our own must be there. Neither is possible for a form, and another origin's fetch
 *    needs a preflight for either, which is not answered here. This holds also should one of the headers of 2 be lost on the
 *    way, though not where the application answers preflights for everybody; 2 does.
 *
 * No token: it would have to be kept in a session, which the application may not have, or in a cookie of its own, which a
 * sibling subdomain can overwrite.
 */

/** @throws ProblemError (403, 415) the request may come from another site */
export function refuseForeign(request: Request): void {
  const { headers } = request;
  if (!fromHere(headers['sec-fetch-site'], headers.origin, headers.host)) {
    throw new ProblemError(403, 'The request does not come from a page of this archive. Open it, and do it there.', {
      code: 'foreign-origin',
    });
  }
  if (headers[HEADER] !== '1') {
    throw new ProblemError(403, `The request lacks the header ${HEADER}: 1. Open the archive, and do it there.`, {
      code: 'foreign-origin',
    });
  }
  if (!request.is('application/json')) {
    throw new ProblemError(415, 'The body is of another type. Send it as application/json.', {
      headers: { Accept: 'application/json' },
    });
  }
}

function fromHere(site: unknown, origin: string | undefined, host: string | undefined): boolean {
  if (site !== undefined) return site === 'same-origin';
  if (!origin || !host || !URL.canParse(origin)) return false;
  return new URL(origin).host === host.toLowerCase().replace(/:(?:80|443)$/, '');
}
