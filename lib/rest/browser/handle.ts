import type { NextFunction, Request, RequestHandler, Response } from '../express';
import { problemOf } from '../problem';
import { ProblemError } from '../problem/problem';
import { sendProblem } from '../send';
import { protect } from './headers';
import { html } from './html';
import { HEADER, refuseForeign } from './origin';
import { page } from './page';
import type { ActionRoute, PageRoute } from './routes';
import type { Settings } from './settings';
import type { Visit } from './visit';

/** A page as Express calls it. */
export function pageHandler(settings: Settings, { show }: PageRoute): RequestHandler {
  return (request, response, next) => {
    const visit = visitOf(settings, request, response);
    show(visit).then(
      (text) => void response.type('html').send(text),
      (error) => failPage(visit, error, next),
    );
  };
}

/** What the dialog asks for, as Express calls it. */
export function actionHandler(settings: Settings, { run }: ActionRoute): RequestHandler {
  return (request, response, next) => {
    const visit = visitOf(settings, request, response);
    const work = async () => {
      refuseForeign(request);
      return run(visit);
    };
    work().then(
      ({ text }) => void response.set(HEADER, '1').type('html').send(text),
      (error) => failAction(error, response, next),
    );
  };
}

/** Any other path or verb. */
export function otherwise(settings: Settings, allow?: string): RequestHandler {
  return (request, response, next) => {
    const visit = visitOf(settings, request, response);
    const problem = allow
      ? new ProblemError(405, `${request.method} is not for this path. Use ${allow}.`, { headers: { Allow: allow } })
      : new ProblemError(404, 'There is no such page.', { code: 'not-found' });
    failPage(visit, problem, next);
  };
}

/** What Express itself finds wrong, as a path that cannot be decoded. */
export function broken(settings: Settings) {
  return (error: unknown, request: Request, response: Response, next: NextFunction) =>
    failPage(visitOf(settings, request, response), error, next);
}

function visitOf(settings: Settings, request: Request, response: Response): Visit {
  // A path of two slashes at its beginning would be another host; to browsers a backslash is one.
  const rest = request.baseUrl.replace(/^[\\/]+/, '');
  const base = rest && `/${rest}`;
  return { settings, request, response, base, nonce: protect(response) };
}

function failPage(visit: Visit, error: unknown, next: NextFunction): void {
  const { response, request } = visit;
  const problem = problemOf(error, 'query');
  if (!problem || response.headersSent) next(error);
  else if (!request.accepts('html')) sendProblem(response, problem);
  else sendPage(visit, problem).catch(next);
}

async function sendPage(visit: Visit, problem: ProblemError): Promise<void> {
  const title = String(problem.body.title);
  const body = html`<h1>${title}</h1><p class="lead">${problem.message}</p><p><a href="${visit.base}/">To the overview</a></p>`;
  const text = await page(visit, { title, body });
  visit.response
    .status(problem.status)
    .set({ ...problem.headers })
    .type('html')
    .send(text);
}

function failAction(error: unknown, response: Response, next: NextFunction): void {
  const problem = problemOf(error, 'remove');
  if (problem && !response.headersSent) sendProblem(response, problem);
  else next(error);
}
