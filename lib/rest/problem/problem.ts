import { STATUS_CODES } from 'node:http';
import { GuitarsError } from '../../errors';

/** One member of a request that is not as it should be. */
export interface ProblemDetail {
  /** What is wrong and what to do. */
  readonly detail: string;
  /** The member of the body, as a JSON pointer: `/title`. */
  readonly pointer?: string;
  /** The parameter of the query. */
  readonly parameter?: string;
}

/** What a problem says beside its status and detail. */
export interface ProblemOptions {
  /** The last part of the problem's type. Default: none, and the type is `about:blank`. */
  readonly code?: string;
  /** Each member of the request that is wrong. */
  readonly errors?: readonly ProblemDetail[];
  /** Further members of the body. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The error behind it. It is not told. */
  readonly cause?: unknown;
}

/**
 * An answer that is no success. Throw one from `authorize`, `validate` or `serialize` to say what the client is told.
 *
 * @example throw new ProblemError(401, 'Sign in first.', { headers: { 'WWW-Authenticate': 'Bearer' } });
 */
export class ProblemError extends GuitarsError {
  readonly headers: Readonly<Record<string, string>>;
  /** The body, of the media type `application/problem+json` (RFC 9457). */
  readonly body: Readonly<Record<string, unknown>>;

  constructor(
    readonly status: number,
    detail: string,
    { code, errors, members, headers = {}, cause }: ProblemOptions = {},
  ) {
    super(detail, cause === undefined ? undefined : { cause });
    this.headers = headers;
    this.body = {
      type: code ? `${TYPE}${code}` : 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail,
      ...members,
      ...(errors ? { errors } : {}),
    };
  }
}

/** What the types of problems begin with. */
export const TYPE = 'urn:sequelize-guitars:problem:';

/** A request that cannot be read. */
export const malformed = (detail: string, errors?: readonly ProblemDetail[]) =>
  new ProblemError(400, detail, { code: 'malformed', ...(errors ? { errors } : {}) });

/** A parameter of the query that cannot be read. */
export const badParameter = (parameter: string, detail: string) =>
  malformed(`The parameter "${parameter}" ${detail}`, [{ parameter, detail: `It ${detail}` }]);

/** A member of a body, as a JSON pointer. */
export const pointerTo = (name: string | null) => `/${(name ?? '').replaceAll('~', '~0').replaceAll('/', '~1')}`;
