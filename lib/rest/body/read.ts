import { jsonParser, type Request, type RequestHandler, type Response } from '../express';
import { malformed, ProblemError } from '../problem/problem';
import type { Settings } from '../settings';

/** Deeper than any value that is meant, and short of what recursion over it can bear. */
const DEEPEST = 64;

type Limited = Pick<Settings, 'bodyLimit'>;

const parsers = new WeakMap<Limited, RequestHandler>();

/**
 * The body, as JSON. One that the application's own parser has read is taken as it is.
 *
 * @throws ProblemError (400, 413, 415) it cannot be read
 */
export async function readBody(settings: Limited, request: Request, response: Response): Promise<unknown> {
  const type = request.headers['content-type'];
  const isThere = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  if (!isThere) throw malformed('There is no body. Send an object as application/json.');
  if (!request.is(['application/json', 'application/*+json'])) {
    const detail = `The body is ${type ? 'of another type' : 'of no type'}. Send an object as application/json.`;
    throw new ProblemError(415, detail, { headers: { Accept: 'application/json, application/merge-patch+json' } });
  }
  // Express 4 has {} where nothing was parsed.
  const isParsed = (request as { _body?: boolean })._body === true;
  if (!isParsed) await parse(parserOf(settings), request, response);
  refuseDeep(request.body);
  return request.body;
}

function parserOf(settings: Limited): RequestHandler {
  const parser = parsers.get(settings) ?? jsonParser(settings.bodyLimit);
  parsers.set(settings, parser);
  return parser;
}

const parse = (parser: RequestHandler, request: Request, response: Response) =>
  new Promise<void>((done, failed) => {
    // The parser waits for the rest of a compressed body for ever.
    const gone = () => request.complete || failed(malformed('The body was cut off.'));
    request.once('close', gone);
    if (request.destroyed) gone();
    parser(request, response, (error?: unknown) => (error ? failed(error) : done()));
  });

function refuseDeep(body: unknown): void {
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw malformed(`The body is nested deeper than ${DEEPEST} levels.`);
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? Object.values(each).filter((value) => typeof value === 'object') : [],
    );
  }
}
