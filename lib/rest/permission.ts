import type { WhereOptions } from 'sequelize';
import { isVoid } from '../models/where';
import type { Permission } from './options';
import { ProblemError } from './problem/problem';

/**
 * Of which rows `authorize` has permitted something; undefined: of all.
 *
 * @throws ProblemError (403) anything that is not plainly a yes
 */
export function permittedBy(given: Permission): WhereOptions | undefined {
  if (given === true) return undefined;
  const where = typeof given === 'object' && given !== null ? given.where : undefined;
  // A list without conditions would pick every row, and means none.
  if (where && !(typeof where === 'object' && isVoid(where))) return where;
  throw new ProblemError(403, 'You may not do this.', { code: 'forbidden' });
}
