import { GuitarsError } from '../errors';

/** What the process ends with. */
export const EXIT = {
  /** Done, or nothing to do. */
  done: 0,
  /** Looked, and found something: a finding, a missing migration, something pending that was asked about. */
  found: 1,
  /** Could not do it: wrong usage, no configuration, no connection, a refusal of the database. */
  failed: 2,
} as const;

/** Says on standard error why it could not be done; the stack only with DEBUG=guitars. */
export function fail(error: unknown): void {
  // An application may throw anything.
  const { message, stack, parent } = (error ?? {}) as Error & { parent?: { message?: string } };
  const known = error instanceof GuitarsError;
  const told =
    known || !parent?.message || message?.includes(parent.message) ? message : `${message}: ${parent.message}`;
  process.stderr.write(`guitars: ${told || String(error)}\n`);
  if (isCut(error) && !/\brun it again\b/i.test(told ?? '')) process.stderr.write(`${AFTER_A_CUT}\n`);
  if (/guitars/.test(process.env.DEBUG ?? '')) process.stderr.write(`${stack ?? 'no stack'}\n`);
  else if (!known) process.stderr.write('(DEBUG=guitars shows where)\n');
  process.exitCode = EXIT.failed;
}

const AFTER_A_CUT =
  'The server cannot be reached. What was committed stays, and what was not is undone. Run it again once the server answers.';

// An operator or a crash has ended the session, or it is starting up; and what sockets and the driver say.
const CUT = /^(08|57P0[1-5]$|ECONNRESET$|ECONNREFUSED$|EPIPE$|ETIMEDOUT$)/;
const CUT_SAYS = /^Connection terminated|connection error and is not queryable/;

/** Is it the connection that failed? Umzug and Sequelize keep the driver's error within theirs. */
function isCut(error: unknown): boolean {
  const { code, message, parent, cause } = (error ?? {}) as Record<string, unknown>;
  if (CUT.test(String(code ?? '')) || CUT_SAYS.test(String(message ?? ''))) return true;
  return [parent, cause].some((each) => each !== undefined && each !== null && each !== error && isCut(each));
}
