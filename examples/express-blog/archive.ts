import { archiveBrowser } from 'sequelize-guitars/express';
import { Author, Comment, Post } from './models';
import { roleOf, signIn } from './roles';

/** The page of archives, which is support's alone. */
export const archive = () =>
  archiveBrowser({
    models: [Author, Post, { model: Comment, title: 'text' }],
    authorize(_action, { request }) {
      if (request.get('authorization') === undefined) throw signIn('Sign in as support. There is no password.');
      return roleOf(request) === 'support';
    },
    revision: ({ request, action }) => ({ actor: roleOf(request), comment: `archive page: ${action}` }),
  });
