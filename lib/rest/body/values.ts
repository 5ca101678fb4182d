import type { Model } from 'sequelize';
import { DefinitionError } from '../../errors';
import { inside, isExpression } from '../../models/internals';
import { typeOf } from '../../models/values';
import { malformed, type ProblemDetail, ProblemError, pointerTo } from '../problem/problem';
import type { Settings } from '../settings';
import type { Work } from '../work';
import { misfit } from './fit';
import { merged } from './merge';

/** The values of a body that is to be written. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * The values that a body says.
 *
 * @param shown the row as it is shown: what is not to be written may be sent back as it is
 * @param row the row that a body of changes is merged with
 * @throws ProblemError (400) it is no object; (422) it says what is not to be written, or `validate` refuses
 */
export async function valuesOf(work: Work, shown: Values = {}, row?: Model): Promise<Values> {
  const { settings, context } = work;
  const body = await work.body();
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw malformed('The body is no object. Send one, as {"name": "value"}.');
  }
  const entries = Object.entries(body).filter(([name, value]) => !isUnchanged(work, shown, name, value));
  const errors = entries.flatMap(([name, value]) => refusalOf(work, name, value));
  if (errors.length > 0)
    throw new ProblemError(422, 'The body says what cannot be written.', { code: 'invalid', errors });
  const values = Object.fromEntries(
    entries.map(([name, value]) => [name, merged(context.request, row, name, read(settings, name, value))]),
  );
  const fitting = answered(settings, (await settings.hooks.validate?.(values, context)) ?? values);
  refuseMisfits(settings, fitting);
  return fitting;
}

/** What `validate` answers are values to be set: a `false`, or the result of a parser, would be written as nothing. */
function answered({ model }: Settings, values: unknown): Values {
  const known = inside(model).rawAttributes;
  if (
    typeof values === 'object' &&
    values !== null &&
    Object.keys(values).every((name) => Object.hasOwn(known, name))
  ) {
    return values as Values;
  }
  throw new DefinitionError(
    `${model.name}: the option "validate" answered what are no values of attributes. Have it answer those, or nothing, and throw what is wrong.`,
  );
}

function refuseMisfits({ model }: Settings, values: Values): void {
  const errors = Object.entries(values).flatMap(([name, value]) => {
    const detail = misfit(model, name, value);
    return detail === undefined ? [] : [{ pointer: pointerTo(name), detail }];
  });
  if (errors.length > 0) throw new ProblemError(422, 'The body is not as it should be.', { code: 'invalid', errors });
}

function isUnchanged({ settings, key }: Work, shown: Values, name: string, value: unknown): boolean {
  if (!Object.hasOwn(shown, name) || (isWritable(settings, name) && !(key && Object.hasOwn(key, name)))) return false;
  return JSON.stringify(shown[name]) === JSON.stringify(value);
}

function refusalOf({ settings, key }: Work, name: string, value: unknown): ProblemDetail[] {
  const { model, fields } = settings;
  const isFixed = key !== undefined && model.primaryKeyAttributes.includes(name);
  const pointer = pointerTo(name);
  // Sequelize would write a backslash and a zero for it.
  if (holdsNul(value)) return [{ pointer, detail: 'It holds a NUL, which text in PostgreSQL cannot. Take it out.' }];
  if (isWritable(settings, name) && !isFixed) return [];
  if (isFixed) return [{ pointer, detail: 'The key of a row stays as it is. Leave it out.' }];
  const detail = fields.includes(name) ? 'It is not to be written. Leave it out.' : 'There is no such attribute.';
  return [{ pointer, detail }];
}

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  return typeof value === 'object' && value !== null && Object.entries(value).flat().some(holdsNul);
}

const isWritable = ({ writable }: Settings, name: string) => writable.includes(name);

/** A value of JSON as one of the attribute. Bytes are in base64. */
function read({ model }: Settings, name: string, value: unknown): unknown {
  if (typeof value !== 'string' || typeOf(model, name).key !== 'BLOB') return value;
  return Buffer.from(value, 'base64');
}

/** What a row that is replaced gets where the body says nothing: defaults, else null. */
export function blank({ model, writable }: Settings, values: Values): Values {
  const built = inside(model).build({}) as Model;
  const absent = writable.filter((name) => !Object.hasOwn(values, name) && !model.primaryKeyAttributes.includes(name));
  const entries = absent.map((name) => [name, (built.getDataValue(name as never) as unknown) ?? null] as const);
  // What the database computes for a new row is not for one that is there.
  return Object.fromEntries(entries.filter(([, value]) => !isExpression(value)));
}
