import { DefinitionError } from '../../errors';
import type { Revision } from './revision';

/**
 * A revision as the database is told it: `{"actor": …, "comment": …, "context": {…}}`, without what it does not say.
 *
 * @throws DefinitionError JSON, or PostgreSQL's idea of it, cannot hold it
 */
export function textOf({ actor, comment, ...context }: Revision): string {
  const text = json({ actor, comment, context: Object.keys(context).length > 0 ? context : undefined });
  // JSON of PostgreSQL is made of characters.
  if (/\\u(?:0000|d[89a-f])/i.test(text.replaceAll('\\\\', '')))
    refuse('there is a NUL character, or half of a surrogate pair, in it');
  return text;
}

/** What {@link textOf} made, each time anew. */
export function revisionOf(text: string): Revision {
  const { context, ...said } = JSON.parse(text) as { context?: Record<string, unknown> };
  return { ...said, ...context };
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value, held);
  } catch (error) {
    if (error instanceof DefinitionError) throw error;
    return refuse((error as Error).message, error);
  }
}

// JSON.stringify leaves these out, or writes null or {}.
function held(key: string, value: unknown): unknown {
  if (['function', 'symbol', 'bigint'].includes(typeof value)) refuse(`"${key}" is a ${typeof value}`);
  if (typeof value === 'number' && !Number.isFinite(value)) refuse(`"${key}" is ${value}`);
  if (value instanceof Map || value instanceof Set) refuse(`"${key}" is a ${value.constructor.name}`);
  return value;
}

function refuse(reason: string, cause?: unknown): never {
  throw new DefinitionError(
    `withRevision(): JSON cannot hold this revision: ${reason}. Say it with texts, numbers, booleans, null, lists and plain objects.`,
    { cause },
  );
}
