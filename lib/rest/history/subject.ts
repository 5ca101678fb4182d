import { VERSION_COLUMN } from '../../history/columns';
import { entriesOf, isPresent, type Page } from '../../history/reading/entries';
import { type Asking, type Located, locateOne } from '../../history/reading/located';
import { type Version, versionOf } from '../../history/reading/version';
import { findRow, missing } from '../find';
import type { Key } from '../key';
import { badParameter, ProblemError } from '../problem/problem';
import { conditionOf, type Work } from '../work';

/** The row whose history is asked for. */
export interface Subject {
  readonly key: Key;
  readonly history: Located;
  /** SQL: which entries of its key are meant. */
  readonly where: string;
  readonly how: Asking;
}

/**
 * The row that the path names, archived or not; else those that have had its key and are gone. Of a row that is there, what
 * others were that had its key before is not told: they may have been others' rows.
 *
 * @throws ProblemError (404) history knows none, or the request may not be about it
 */
export async function subjectOf(work: Work): Promise<Subject> {
  const { model } = work.settings;
  const key = work.key as Key;
  const isThere = await findRow(work, 'any', { shape: { fields: [], includes: [] } }).then(
    () => true,
    (error) => {
      // What is gone is nothing that a condition could pick.
      if (!(error instanceof ProblemError) || conditionOf(work)) throw error;
      return false;
    },
  );
  if (isThere) return presentSubject(work);
  const history = await locateOne(model, {});
  const [any] = await entriesOf(history, key, { limit: 1 });
  if (!any) throw missing(work, 'any');
  return { key, history, where: 'true', how: {} };
}

/** The row that the path names, which is there. */
export async function presentSubject({ settings, key = {} }: Work, how: Asking = {}): Promise<Subject> {
  const history = await locateOne(settings.model, how);
  return { key, history, where: isPresent(history, key), how };
}

/** Versions of a row, in order. */
export async function versionsOf({ key, history, where, how }: Subject, page: Page): Promise<Version[]> {
  return (await entriesOf(history, key, { ...page, ...how, where })).map((entry) =>
    versionOf(history.model, key, entry),
  );
}

/** @throws ProblemError (404) the row has none of that number */
export async function versionNumbered({ key, history, where, how }: Subject, number: number): Promise<Version> {
  const [entry] = await entriesOf(history, key, {
    ...how,
    where: `${where} AND e.${VERSION_COLUMN} = ${number}`,
    // A delete has the number of the row that it removed, which is told by the change that made it so.
    orderBy: `e._operation = 'delete', e._entry DESC`,
    limit: 1,
  });
  if (entry) return versionOf(history.model, key, entry);
  throw new ProblemError(404, `The row has no version ${number}.`, { code: 'no-version' });
}

/** @throws ProblemError (400) it is no number of a version */
export function numberOf(parameter: string, text: string | undefined): number {
  if (/^[0-9]{1,15}$/.test(text ?? '')) return Number(text);
  throw badParameter(parameter, 'must be the number of a version, as 3.');
}
