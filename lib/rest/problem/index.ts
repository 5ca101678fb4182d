import {
  DatabaseError,
  EmptyResultError,
  OptimisticLockError,
  UniqueConstraintError,
  ValidationError,
} from 'sequelize';
import { StaleWriteError, UnknownAttributeError } from '../../errors';
import { HistoryError } from '../../history/errors';
import type { ModelClass } from '../../models/capabilities';
import { columnOf, inside } from '../../models/internals';
import { RevisionRequiredError, TriggerError } from '../../triggers/errors';
import { fromDatabase, type Phase } from './database';
import { type ProblemDetail, ProblemError, pointerTo } from './problem';

export type { Phase } from './database';

/** What an error means to the client; undefined: a fault of the application's, which is not the client's to know. */
export function problemOf(error: unknown, phase: Phase, model?: ModelClass): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (error instanceof UniqueConstraintError) {
    const { constraint, table } = error.parent as { constraint?: string; table?: string };
    const named = (path: string | null) => (model && model.tableName === table ? attributeOf(model, path) : path);
    const errors = error.errors.map(({ path }) => ({ pointer: pointerTo(named(path)), detail: 'It is taken.' }));
    const detail = 'Another row has a value that has to be unique. Change one of the two.';
    return new ProblemError(409, detail, { code: 'unique-taken', errors, members: { constraint }, cause: error });
  }
  if (error instanceof StaleWriteError || error instanceof OptimisticLockError) {
    const detail = 'Another has written the row since it was read. Read it again, and repeat the change.';
    return new ProblemError(409, detail, { code: 'stale-write', cause: error });
  }
  if (error instanceof HistoryError) {
    const detail = 'The history of the row does not let this be done. Read its versions.';
    return new ProblemError(409, detail, { code: 'history-conflict', cause: error });
  }
  if (error instanceof EmptyResultError) return new ProblemError(404, 'There is no such row.', { cause: error });
  return fromContent(error) ?? fromTrigger(error) ?? fromRequest(error) ?? fromParent(error, phase);
}

/** PostgreSQL tells columns, and clients know attributes. */
function attributeOf(model: ModelClass, column: string | null): string | null {
  const names = Object.keys(inside(model).rawAttributes);
  return names.find((name) => columnOf(model, name) === column) ?? column;
}

/** What Sequelize, the model, or a schema of the application's says of the body. */
function fromContent(error: unknown): ProblemError | undefined {
  const detail = 'The body is not as it should be.';
  const invalid = (errors: readonly ProblemDetail[]) =>
    new ProblemError(422, detail, { code: 'invalid', errors, cause: error });
  if (error instanceof ValidationError) {
    return invalid(error.errors.map(({ path, message }) => ({ pointer: pointerTo(path), detail: message })));
  }
  if (error instanceof UnknownAttributeError) {
    return invalid(error.unknown.map((name) => ({ pointer: pointerTo(name), detail: 'There is no such attribute.' })));
  }
  const { issues } = (typeof error === 'object' && error !== null ? error : {}) as { issues?: unknown };
  return error instanceof Error && Array.isArray(issues) ? invalid(issues.map(fromIssue)) : undefined;
}

/** An issue of zod, valibot and others that follow Standard Schema. */
function fromIssue(issue: { path?: readonly unknown[]; message?: unknown }): ProblemDetail {
  const steps = (issue?.path ?? []).map((step) => (step as { key?: unknown })?.key ?? step);
  return { pointer: steps.map((step) => pointerTo(String(step))).join(''), detail: String(issue?.message) };
}

/** What a declared trigger has refused. */
function fromTrigger(error: unknown): ProblemError | undefined {
  if (!(error instanceof TriggerError) || error instanceof RevisionRequiredError) return undefined;
  const { constraint } = error;
  const detail = 'A rule of the table does not let this change be made.';
  return new ProblemError(409, detail, { code: 'refused', members: { constraint }, cause: error });
}

/** What Express, its parsers and middleware say of a request. */
function fromRequest(error: unknown): ProblemError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status, statusCode = status, expose, headers } = error as Error & Record<string, never>;
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return undefined;
  const detail = expose === false ? 'The request was refused.' : REWORDED[String((error as { type?: string }).type)];
  const code = statusCode === 400 ? 'malformed' : undefined;
  return new ProblemError(statusCode, detail ?? error.message, { code, cause: error, ...(headers ? { headers } : {}) });
}

/** Errors of the body's parser, whose messages would repeat parts of it. */
const REWORDED: Readonly<Record<string, string>> = {
  'entity.parse.failed': 'The body is no JSON.',
  'entity.too.large': 'The body is too large.',
};

function fromParent(error: unknown, phase: Phase): ProblemError | undefined {
  return error instanceof DatabaseError ? fromDatabase(error, phase) : undefined;
}
