import { AsyncLocalStorage } from 'node:async_hooks';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { softDeleteRouter } from '../../../lib/rest';
import type { Operator } from '../../../lib/rest/query/operators';
import type { Models } from './models';
import { wrongStatements } from './statements';

/** What the application has seen of the requests. */
export interface Seen {
  /** Errors that no answer was made of. */
  readonly errors: string[];
  /** What is wrong with the statements that were sent. */
  readonly statements: string[];
  /** Every request, and its answer. */
  readonly served: { readonly url: string; readonly response: Response }[];
  /** How many statements were logged. */
  logged: number;
}

const current = new AsyncLocalStorage<string[]>();

const ALL: readonly Operator[] = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'notIn', 'isNull'];
const TEXT: readonly Operator[] = [...ALL, 'contains', 'startsWith', 'icontains', 'istartsWith'];

/** Hears of each statement that Sequelize sends. */
export function logging(seen: Seen) {
  return (sql: string) => {
    seen.logged++;
    current.getStore()?.push(sql);
  };
}

/** All routers in one application, which looks at what they do. */
export function application(models: Models, seen: Seen): Express {
  const { note, stock, page, token, every, article, comment, document, closed } = models;
  const app = express();
  app.use((request, response, next) => {
    const sent: string[] = [];
    const isSafe = ['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(request.method);
    seen.served.push({ url: `${request.method} ${request.url}`, response });
    response.on('close', () => {
      seen.statements.push(...wrongStatements(sent, isSafe).map((each) => `${request.method} ${request.url}: ${each}`));
    });
    current.run(sent, next);
  });
  app.use('/note', softDeleteRouter(note, { filter: { title: TEXT }, sort: ['title'], bulkResponseContent: true }));
  app.use('/stock', softDeleteRouter(stock, { filter: { amount: ALL }, sort: ['amount'], requireIfMatch: true }));
  app.use('/page', softDeleteRouter(page, { filter: { slug: TEXT }, sort: ['title'] }));
  app.use('/token', softDeleteRouter(token, { filter: { id: ALL }, bulkHardDelete: true, bulkResponseContent: true }));
  app.use('/every', softDeleteRouter(every, { filter: FILTERS, sort: Object.keys(FILTERS) as never }));
  app.use(
    '/article',
    softDeleteRouter(article, {
      filter: { title: TEXT, stock: ALL, writtenAt: ALL },
      sort: ['title', 'stock', 'writtenAt'],
      include: ['comments'],
      pageSize: { default: 5, max: 20 },
    }),
  );
  app.use(
    '/comment',
    softDeleteRouter(comment, { filter: { articleId: ALL }, include: { article: { archived: true } } }),
  );
  const authorize = () => ({ where: { tenant: 1 } });
  app.use(
    '/document',
    softDeleteRouter(document, {
      authorize,
      filter: { title: TEXT, tenant: ALL },
      sort: ['tenant'],
      bulkHardDelete: true,
      bulkResponseContent: true,
    }),
  );
  app.use('/closed', softDeleteRouter(closed, { authorize: () => false, filter: ['title'], bulkHardDelete: true }));
  app.use((_request, response) => {
    response.status(404).type('application/problem+json').send('{"status":404}');
  });
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    seen.errors.push(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`);
    if (response.headersSent) next(error);
    else response.status(500).type('application/problem+json').send('{"status":500}');
  });
  return app;
}

/** Every attribute that rows can go by. */
const FILTERS: Readonly<Record<string, readonly Operator[]>> = Object.fromEntries(
  'decimal bigint small real double float boolean date day time string char enum uuid inet cidr mac'
    .split(' ')
    .map((name) => [name, ['string', 'char'].includes(name) ? TEXT : ALL]),
);
