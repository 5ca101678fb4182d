import { type DatabaseError, ForeignKeyConstraintError } from 'sequelize';
import { ProblemError } from './problem';

/** What node-postgres tells of an error. */
interface Refusal {
  readonly code?: string;
  readonly column?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly message?: string;
  readonly routine?: string;
}

/** What a request was about, as far as the meaning of a refusal depends on it. */
export type Phase = 'query' | 'write' | 'remove';

const AGAIN = { 'Retry-After': '1' };

/** What a refusal of the database means to a client; undefined: a fault of the application's. */
export function fromDatabase(error: DatabaseError, phase: Phase): ProblemError | undefined {
  const { code = '', constraint, table, routine } = error.parent as Refusal;
  const cause = error;
  const members = { ...(constraint ? { constraint } : {}), ...(table ? { table } : {}) };
  if (code === '23503' || code === '23001') return fromKey(error, phase, members);
  if (code === '23P01') {
    return new ProblemError(409, 'Another row excludes this one.', { code: 'excluded', members, cause });
  }
  if (code === '40001' || code === '40P01') {
    const detail = 'Another request changed the same rows. Nothing was done; send the request again.';
    return new ProblemError(409, detail, { code: 'concurrent', headers: AGAIN, cause });
  }
  if (code === '55P03' || code === '57014') {
    const detail = 'The database took too long. Nothing was done; send the request again, or ask for less.';
    return new ProblemError(503, detail, { code: 'busy', headers: AGAIN, cause });
  }
  // Refused by a trigger or by row-level security; a privilege that the application lacks is the application's fault.
  if (code === '42501' && ['exec_stmt_raise', 'ExecWithCheckOptions'].includes(routine ?? '')) {
    return new ProblemError(403, 'The database does not let you do that to this row.', { code: 'forbidden', cause });
  }
  if (!/^(?:22|54|235(?:02|14)$)/.test(code)) return undefined;
  return phase === 'query'
    ? new ProblemError(400, 'A value in the request cannot be one of its column.', { code: 'malformed', cause })
    : new ProblemError(422, 'A value in the body cannot be stored in its column.', { code: 'invalid', members, cause });
}

function fromKey(error: DatabaseError, phase: Phase, members: object): ProblemError {
  const { column, message = '' } = error.parent as Refusal;
  const options = (code: string) => ({ code, members: { ...members }, cause: error });
  // Refusals of ours name the column, PostgreSQL's own do not; and only PostgreSQL's are translated.
  if (column && message.startsWith('live row')) {
    return new ProblemError(
      409,
      'The row refers to one that is archived. Restore that one first.',
      options('parent-archived'),
    );
  }
  if (phase === 'write' && !column && error instanceof ForeignKeyConstraintError) {
    return new ProblemError(422, 'The row refers to one that is not there.', options('unknown-reference'));
  }
  const detail = 'Other rows refer to the row, and are not to be left without it. Remove those first.';
  return new ProblemError(409, detail, options('guarded'));
}
