import type { WhereOptions } from 'sequelize';
import { withRevision } from '../history/revision';
import { readBody } from './body/read';
import type { NextFunction, Request, RequestHandler, Response } from './express';
import { keyOfSegment } from './key';
import type { RequestContext } from './options';
import { type Phase, problemOf } from './problem';
import { ProblemError } from './problem/problem';
import { Parameters } from './query/parameters';
import { send, sendProblem } from './send';
import type { Settings } from './settings';
import type { Answer, Job } from './work';

/** A job as Express calls it. Errors that are no answer are the application's to handle. */
export function handlerOf(settings: Settings, job: Job): RequestHandler {
  return (request, response, next) => {
    serve(settings, job, request, response).then(
      (answer) => send(response, answer),
      (error) => fail(error, response, next, phaseOf(job)),
    );
  };
}

/** Answers a problem, or hands the error on. */
export function fail(error: unknown, response: Response, next: NextFunction, phase: Phase): void {
  const problem = problemOf(error, phase);
  if (problem && !response.headersSent) sendProblem(response, problem);
  else next(error);
}

const phaseOf = ({ writes, removes }: Job): Phase => (removes ? 'remove' : writes ? 'write' : 'query');

async function serve(settings: Settings, job: Job, request: Request, response: Response): Promise<Answer> {
  const { model, hooks } = settings;
  const parameters = new Parameters(request.url);
  const segment = request.params.pk as string | undefined;
  const key = segment === undefined ? undefined : keyOfSegment(model, segment);
  const action = job.action(parameters, settings);
  const context = { action, request, response, model, ...(key ? { key } : {}) } as unknown as RequestContext;
  const permitted = await permission(settings, context);
  const body = () => readBody(settings, request, response);
  const run = () => job.run({ settings, context, key, parameters, permitted, body });
  const revision = job.writes ? hooks.revision?.(context) : undefined;
  return revision ? withRevision(revision, run) : run();
}

async function permission({ hooks }: Settings, context: RequestContext): Promise<WhereOptions | undefined> {
  const given = hooks.authorize ? await hooks.authorize(context.action, context) : true;
  if (given === true) return undefined;
  // Anything that is not plainly a yes is a no.
  const where = typeof given === 'object' && given !== null ? given.where : undefined;
  if (where) return where;
  throw new ProblemError(403, 'You may not do this.', { code: 'forbidden' });
}
