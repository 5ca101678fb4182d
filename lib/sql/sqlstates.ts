/** SQLSTATEs that the database functions raise or that callers look for. */
export const SQLSTATE = {
  foreignKeyViolation: '23503',
  uniqueViolation: '23505',
  /** TRUNCATE without the door. */
  restrictViolation: '23001',
  insufficientPrivilege: '42501',
  serializationFailure: '40001',
  lockNotAvailable: '55P03',
  failedTransaction: '25P02',
  invalidTransactionTermination: '2D000',
  undefinedTable: '42P01',
  undefinedFunction: '42883',
  invalidSchemaName: '3F000',
} as const;

/** Is it the server's code, rather than one of the driver or of a socket, such as EPIPE? */
export const isSqlstate = (code: unknown): boolean => /^(?=.*\d)[0-9A-Z]{5}$/.test(String(code));
