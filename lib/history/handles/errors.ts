import { DefinitionError } from '../../errors';

/** A handle that is none, or one of another model: to whoever serves requests, the caller's mistake. */
export class HandleError extends DefinitionError {
  constructor(
    /** What was given. */
    readonly handle: unknown,
    reason: string,
  ) {
    super(`${shown(handle)}: ${reason}`);
  }
}

/** Whoever gave it may have given anything, and at any length. */
function shown(given: unknown): string {
  if (typeof given !== 'string') return `A handle is text, as 'org5', not ${given === null ? 'null' : typeof given}`;
  return `The handle ${JSON.stringify(given.length > 100 ? `${given.slice(0, 100)}…` : given)}`;
}
