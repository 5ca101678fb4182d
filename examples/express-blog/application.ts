import express, { type Express } from 'express';
import { archive } from './archive';
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
  app.use('/archive', archive());
  app.get('/', welcome({ '/archive': 'what is archived, to look at, restore and remove (sign in as support)' }));
  return app;
}
