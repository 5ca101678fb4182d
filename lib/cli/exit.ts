import { GuitarsError } from '../errors';
import { visible } from '../visible';
import { AFTER_A_CUT, isCut } from './cut';

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
  process.stderr.write(`guitars: ${visible(told || String(error))}\n`);
  if (isCut(error) && !/\brun it again\b/i.test(told ?? '')) process.stderr.write(`${AFTER_A_CUT}\n`);
  if (/guitars/.test(process.env.DEBUG ?? '')) process.stderr.write(`${stack ?? 'no stack'}\n`);
  else if (!known) process.stderr.write('(DEBUG=guitars shows where)\n');
  process.exitCode = EXIT.failed;
}
