import { versionedOptionsOf } from '../../history/options';
import { inside } from '../../models/internals';
import { malformed, type ProblemDetail, ProblemError, pointerTo } from '../problem/problem';
import type { Settings } from '../settings';
import type { Work } from '../work';

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/**
 * The one member of a body, or none.
 *
 * @throws ProblemError (400) it is no object; (422) it has others
 */
async function memberOf(work: Work, name: string | undefined, example: string): Promise<unknown> {
  const body = await work.body();
  if (!isObject(body)) throw malformed(`The body is no object. Send one, as ${example}.`);
  const others = Object.keys(body).filter((each) => each !== name);
  refuse(others.map((other) => ({ pointer: pointerTo(other), detail: `Leave it out: the body is as ${example}.` })));
  return name === undefined ? undefined : body[name];
}

/**
 * A body that says nothing, and is asked for all the same: without its type, a page of another site could have a browser send
 * the request in the user's name, and no preflight would tell.
 *
 * @throws ProblemError (400, 415, 422) it is missing, or says something
 */
export async function nothingIn(work: Work): Promise<void> {
  await memberOf(work, undefined, '{}');
}

/** @throws ProblemError (400, 422) the body does not say a version */
export async function versionIn(work: Work): Promise<number> {
  const version = await memberOf(work, 'version', '{"version": 3}');
  if (isNumber(version)) return version;
  throw invalid([{ pointer: '/version', detail: NUMBER }]);
}

/** @throws ProblemError (400, 422) the body does not say a version of each attribute, or one that is not to be written */
export async function fieldsIn(work: Work): Promise<Readonly<Record<string, number>>> {
  const fields = await memberOf(work, 'fields', '{"fields": {"title": 3}}');
  if (!isObject(fields) || Object.keys(fields).length === 0) {
    throw invalid([
      { pointer: '/fields', detail: 'It says of each attribute the number of a version, as {"title": 3}.' },
    ]);
  }
  const allowed = revertible(work.settings);
  refuse(
    Object.entries(fields).flatMap(([name, version]) => {
      const pointer = `/fields${pointerTo(name)}`;
      if (!allowed.includes(name)) return [{ pointer, detail: `It is not to be put back. ${use(allowed)}` }];
      return isNumber(version) ? [] : [{ pointer, detail: NUMBER }];
    }),
  );
  return fields as Record<string, number>;
}

/** What clients may put back: what they write, and history keeps. */
export function revertible({ model, writable }: Settings): readonly string[] {
  const { exclude = [], filter = [] } = versionedOptionsOf(model) ?? {};
  const kept = [...exclude, ...filter, ...model.primaryKeyAttributes];
  const { _virtualAttributes } = inside(model);
  return writable.filter((name) => !kept.includes(name) && !_virtualAttributes.has(name));
}

const NUMBER = 'It must be the number of a version, as 3.';
const use = (names: readonly string[]) => (names.length > 0 ? `Use of: ${names.join(', ')}.` : 'Nothing is, here.');

function refuse(errors: readonly ProblemDetail[]): void {
  if (errors.length > 0) throw invalid(errors);
}

const invalid = (errors: readonly ProblemDetail[]) =>
  new ProblemError(422, 'The body does not say what to put back.', { code: 'invalid', errors });
