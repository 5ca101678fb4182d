import express, { type Express } from 'express';
import { routers } from './routers';
import { welcome } from './welcome';

/** The application. The models are there already. */
export function application(): Express {
  const app = express();
  app.disable('x-powered-by');
  const { authors, posts, comments } = routers();
  app.use('/authors', authors);
  app.use('/posts', posts);
  app.use('/comments', comments);
  app.get('/', welcome());
  return app;
}
