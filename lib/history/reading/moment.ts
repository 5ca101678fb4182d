import { DefinitionError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { literal, qualified } from '../../sql/identifiers';
import { faultArguments } from '../changes/ask';
import { type Cursor, read } from '../changes/cursor';
import { seen } from '../changes/snapshot';
import type { Located } from './located';

/** An SQL condition on the entries of a history: had they been made by then? `root` is that of the model that is asked. */
export type Moment = (history: Located, root: Located) => string;

const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.(\d{1,6}))?)?\s*(?:Z|[+-]\d\d(?::?\d\d)?))?$/i;

/**
 * The moment that is meant by a Date, an ISO string or a cursor.
 *
 * @throws DefinitionError it is none of these
 */
export function momentOf(model: ModelClass, given: unknown): Moment {
  if (given instanceof Date) return byTime(given, given);
  const text = typeof given === 'string' ? given.trim() : '';
  const iso = ISO.exec(text);
  if (!iso) return byCursor(model, given);
  // PostgreSQL's microseconds, which no Date holds.
  if ((iso[1] ?? '').length > 3) return () => `_at <= ${literal(text)}::timestamptz`;
  return byTime(new Date(text.replace(' ', 'T')), given);
}

/** To the end of the millisecond: the time of an entry that is itself in it has lost its microseconds on the way here. */
function byTime(date: Date, given: unknown): Moment {
  if (Number.isNaN(date.getTime())) refuse(given);
  const end = literal(new Date(date.getTime() + 1).toISOString());
  return () => `_at < ${end}::timestamptz`;
}

/** What the cursor has seen: up to the last entry of its own history, so that it says nothing of others. */
function byCursor(model: ModelClass, given: unknown): Moment {
  const cursor = cursorOf(model, given);
  const { from, to, ceiling } = cursor;
  if (!from || to) {
    throw new DefinitionError(
      `${model.name}.asOf(): the cursor is between two pages of changes, which is no moment. Take one of cursor(), or of changes() where there are no more.`,
    );
  }
  return (history, root) => {
    if (history !== root) {
      throw new DefinitionError(
        `${model.name}.asOf(): a cursor is a position in the history of ${model.name} alone, and ${history.model.name} has another. Leave it out of the include, or pass a time.`,
      );
    }
    const known = [`(${seen(from, '_transaction')})`];
    if (ceiling !== undefined) known.push(`_entry <= ${ceiling}`);
    const position = `guitars.history_position(${faultArguments(literal(qualified(root.history)), cursor)})`;
    return `(SELECT ${position}) AND (${known.join(' OR ')})`;
  };
}

function cursorOf(model: ModelClass, given: unknown): Cursor {
  try {
    return read(model.name, given);
  } catch (error) {
    return refuse(given, error);
  }
}

function refuse(given: unknown, cause?: unknown): never {
  throw new DefinitionError(
    `${given instanceof Date ? 'An invalid Date' : JSON.stringify(given)} is no moment. Pass a Date, an ISO string with its zone, as '2031-05-01T12:00:00Z', or a cursor.`,
    { cause },
  );
}
