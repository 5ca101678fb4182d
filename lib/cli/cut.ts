/** What stays of a command whose server went away, and what to do. */
export const AFTER_A_CUT =
  'The server cannot be reached. What was committed stays, and what was not is undone. Run it again once the server answers.';

// An operator or a crash has ended the session, or it is starting up; and what sockets and the driver say.
const CUT = /^(08|57P0[1-5]$|ECONNRESET$|ECONNREFUSED$|EPIPE$|ETIMEDOUT$)/;
const CUT_SAYS = /^Connection terminated|connection error and is not queryable/;

/** Is it the connection that failed? Umzug and Sequelize keep the driver's error within theirs. */
export function isCut(error: unknown): boolean {
  const { code, message, parent, cause } = (error ?? {}) as Record<string, unknown>;
  if (CUT.test(String(code ?? '')) || CUT_SAYS.test(String(message ?? ''))) return true;
  return [parent, cause].some((each) => each !== undefined && each !== null && each !== error && isCut(each));
}
