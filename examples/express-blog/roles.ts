import type { Request } from 'express';
import type { WhereOptions } from 'sequelize';
import { type Action, type Permission, ProblemError } from 'sequelize-guitars/express';

/*
 * AN EXAMPLE'S: whoever says that he is support is taken to be support. Yours asks your sessions or tokens instead. Basic
 * authentication is here since browsers and curl (-u editor:) speak it by themselves. There are no passwords.
 */
export type Role = 'reader' | 'editor' | 'support';
const ROLES: readonly string[] = ['reader', 'editor', 'support'] satisfies Role[];

/** Who asks. Nobody in particular is a reader. */
export function roleOf(request: Request): Role {
  const [, encoded] = /^Basic (.+)$/i.exec(request.get('authorization') ?? '') ?? [];
  if (encoded === undefined) return 'reader';
  const [name = ''] = Buffer.from(encoded, 'base64').toString().split(':');
  if (ROLES.includes(name)) return name as Role;
  throw signIn('There is nobody of that name. Say reader, editor or support.');
}

const READ: readonly Action[] = ['list', 'read'];
const EDIT: readonly Action[] = [
  ...READ,
  ...(['create', 'replace', 'update', 'delete', 'restore'] as const),
  ...(['listDeleted', 'readDeleted', 'listWithDeleted', 'readWithDeleted'] as const),
  ...(['listVersions', 'readVersion', 'diff', 'listAsOf', 'readAsOf', 'revertFields', 'rollBack', 'undo'] as const),
];

/** What each role may do with a model; `readable` are the rows that readers see. Lists of what is allowed: the rest is not. */
export const authorize =
  (readable?: WhereOptions) =>
  (action: Action, { request }: { request: Request }): Permission => {
    const role = roleOf(request);
    if (role === 'support') return true;
    if (role === 'editor') return EDIT.includes(action);
    if (READ.includes(action)) return readable ? { where: readable } : true;
    if (request.get('authorization') === undefined) throw signIn('Sign in as editor or support.');
    return false;
  };

const signIn = (detail: string) =>
  new ProblemError(401, detail, { headers: { 'WWW-Authenticate': 'Basic realm="express-blog"' } });
