import { DefinitionError } from '../../errors';
import { EVERYWHERE, settingsOn, whileSet } from '../../session/within';
import { REVISION } from '../../sql/settings';
import { revisionOf, textOf } from './text';

/** Who makes a change and why, and whatever else is to be known of it. All but these two is its context, kept as JSON. */
export interface Revision {
  /** Who: a name, a key, an address. Default: that of the revision around it, if any. */
  readonly actor?: string;
  /** Why. Default: that of the revision around it, if any. */
  readonly comment?: string;
  readonly [key: string]: unknown;
}

/**
 * Runs `fn` in a revision: history says of each change that it makes, by a model or raw SQL, in a transaction or not, by whom,
 * why and in which context. It holds for what `fn` awaits, and for nothing that runs beside it. Within another, what
 * this one does not say is taken from there.
 *
 * One that says nothing at all is none. Without a transaction each statement that may write gets one of its own. Statements that PostgreSQL runs outside of
 * transactions only (VACUUM, CREATE INDEX CONCURRENTLY) are sent as they are. What ends a transaction by itself is refused: a text
 * such as `BEGIN; INSERT …; COMMIT`, a procedure or a DO block that commits.
 *
 * @returns what `fn` answers
 * @throws DefinitionError the revision is no object, says what JSON cannot hold, or its actor or comment is no text; `fn` is no
 * function; a statement of its own that begins or ends transactions by itself, and writes
 * @example await withRevision({ actor: 'ann', comment: 'Typos', request: req.id }, () => article.update({ title: 'Fender' }));
 */
export async function withRevision<T>(revision: Revision, fn: () => PromiseLike<T> | T): Promise<T> {
  refuseOther(revision, fn);
  const said = Object.fromEntries(Object.entries(revision).filter(([, value]) => value !== undefined));
  const all = { ...currentRevision(), ...said };
  return Object.keys(all).length > 0 ? whileSet(EVERYWHERE, { [REVISION]: textOf(all) }, fn) : fn();
}

/**
 * The revision that the caller runs in, as history would be told it; a copy. Outside of {@link withRevision}: undefined.
 *
 * @example const by = currentRevision()?.actor ?? 'nobody';
 */
export function currentRevision(): Revision | undefined {
  const text = settingsOn(EVERYWHERE).get(REVISION);
  return text === undefined ? undefined : revisionOf(text);
}

/** Does the caller run in a revision? */
export const inRevision = (): boolean => settingsOn(EVERYWHERE).has(REVISION);

function refuseOther(revision: unknown, fn: unknown): void {
  const example = `as in withRevision({ actor: 'ann', comment: 'Typos' }, () => article.save())`;
  if (typeof revision !== 'object' || revision === null || Array.isArray(revision))
    throw new DefinitionError(`withRevision(): a revision is an object. Pass it first, ${example}.`);
  if (typeof fn !== 'function')
    throw new DefinitionError(`withRevision(): there is nothing to run. Pass a function second, ${example}.`);
  for (const key of ['actor', 'comment']) {
    const value = (revision as Record<string, unknown>)[key];
    if (value === undefined || typeof value === 'string') continue;
    const found = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
    throw new DefinitionError(`withRevision(): the ${key} is a text, not ${found}. Make it one, or leave it out.`);
  }
}
