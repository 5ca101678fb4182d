import express, { type Express } from 'express';
import { openApiDocument } from 'sequelize-guitars/express';
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
  const document = openApiDocument([authors, posts, comments], { info: { title: 'express-blog', version: '1.0.0' } });
  app.get('/openapi.json', (_request, response) => void response.json(document));
  app.get(
    '/',
    welcome({
      '/archive': 'what is archived, to look at, restore and remove (sign in as support)',
      '/openapi.json': 'the OpenAPI document',
    }),
  );
  return app;
}
