/** `sequelize-guitars/express`: REST routes for Express. */

export { type Handlers, type HistoryHandlers, handlers } from './handlers';
export { segmentOf } from './key';
export type {
  Action,
  AttributeName,
  FilterOption,
  HistoryAction,
  IncludeOption,
  Permission,
  RequestContext,
  RestOptions,
} from './options';
export { type ProblemDetail, ProblemError, type ProblemOptions } from './problem/problem';
export type { Operator } from './query/operators';
export { softDeleteRouter } from './router';
export type { HandlerName } from './routes';
