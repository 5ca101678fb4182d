import { literal, Op } from 'sequelize';
import { type RequestContext, softDeleteRouter } from 'sequelize-guitars/express';
import { SCHEMA } from './database';
import { Author, Comment, Post } from './models';
import { authorize, roleOf } from './roles';

/** Who and why, for the history: the role, and what the header X-Comment says. */
const revision = ({ request, action }: RequestContext) => ({
  actor: roleOf(request),
  comment: request.get('x-comment') ?? action,
});

/** The routers. To be made when the models are. */
export const routers = () => ({
  authors: softDeleteRouter(Author, {
    path: '/authors',
    filter: { name: ['eq', 'icontains'], email: ['eq'] },
    sort: ['name', 'createdAt'],
    authorize: authorize(),
    revision,
    bulkResponseContent: true,
  }),
  posts: softDeleteRouter(Post, {
    path: '/posts',
    filter: { authorId: ['eq', 'in'], title: ['eq', 'icontains'], published: ['eq'], createdAt: ['gte', 'lt'] },
    sort: ['title', 'createdAt', 'updatedAt'],
    include: { author: { fields: ['id', 'name'] }, comments: true },
    // Readers see what is published, whatever they ask for.
    authorize: authorize({ published: true }),
    revision,
    history: true,
    bulkResponseContent: true,
  }),
  comments: softDeleteRouter(Comment, {
    path: '/comments',
    filter: ['postId'],
    authorize: authorize({ postId: { [Op.in]: literal(`(SELECT id FROM "${SCHEMA}".post WHERE published)`) } }),
    revision,
    bulkResponseContent: true,
    bulkHardDelete: true,
  }),
});
