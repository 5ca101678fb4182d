import { withRevision } from '../history/revision';
import type { ModelClass } from '../models/capabilities';
import { readBody } from './body/read';
import type { NextFunction, Request, RequestHandler, Response } from './express';
import { keyOfSegment } from './key';
import type { RequestContext } from './options';
import { permittedBy } from './permission';
import { type Phase, problemOf } from './problem';
import { Parameters } from './query/parameters';
import type { Route } from './routes';
import { send, sendProblem } from './send';
import type { Settings } from './settings';
import type { Answer, Job } from './work';

/** A route's job as Express calls it. Errors that are no answer are the application's to handle. */
export function handlerOf(settings: Settings, route: Pick<Route, 'job' | 'path'>): RequestHandler {
  const { job } = route;
  return (request, response, next) => {
    serve(settings, route, request, response).then(
      (answer) => send(response, answer),
      (error) => fail(error, response, next, phaseOf(job), settings.model),
    );
  };
}

/** Answers a problem, or hands the error on. */
export function fail(error: unknown, response: Response, next: NextFunction, phase: Phase, model?: ModelClass): void {
  const problem = problemOf(error, phase, model);
  if (problem && !response.headersSent) sendProblem(response, problem);
  else next(error);
}

const phaseOf = ({ writes, removes }: Job): Phase => (removes ? 'remove' : writes ? 'write' : 'query');

async function serve(
  settings: Settings,
  { job, path }: Pick<Route, 'job' | 'path'>,
  request: Request,
  response: Response,
): Promise<Answer> {
  const { model, hooks } = settings;
  const parameters = new Parameters(request.url);
  // Elsewhere it would be of the path that the router is mounted at.
  const segment = path.includes(':pk') ? (request.params.pk as string | undefined) : undefined;
  const key = segment === undefined ? undefined : keyOfSegment(model, segment);
  const action = job.action(parameters, settings);
  const context = { action, request, response, model, ...(key ? { key } : {}) } as unknown as RequestContext;
  const permitted = permittedBy(hooks.authorize ? await hooks.authorize(action, context) : true);
  const body = () => readBody(settings, request, response);
  const run = () => job.run({ settings, context, key, parameters, permitted, body });
  const revision = job.writes ? await hooks.revision?.(context) : undefined;
  return revision ? withRevision(revision, run) : run();
}
