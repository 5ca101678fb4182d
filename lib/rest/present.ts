import type { Model } from 'sequelize';
import type { Include } from './query/includes';
import { type Shape, stateIn } from './query/shape';
import { tagOf } from './send';
import type { Answer, Work } from './work';

/** A row as clients see it. */
export async function present({ settings, context }: Work, instance: Model, shape: Shape): Promise<unknown> {
  const { serialize } = settings.hooks;
  // JSON has no undefined.
  return serialize ? ((await serialize(instance, context)) ?? null) : shown(instance, shape);
}

/** A row's fields and what was included. */
export function shown(instance: Model, { fields, includes }: Shape): Record<string, unknown> {
  const values = Object.fromEntries(fields.map((name) => [name, written(instance.get(name as never))]));
  for (const include of includes) values[include.as] = associated(instance, include);
  return values;
}

function associated(instance: Model, { as, fields }: Include): unknown {
  const found = instance.get(as as never) as Model | Model[] | null | undefined;
  const each = (row: Model) => shown(row, { fields, includes: [] });
  return Array.isArray(found) ? found.map(each) : found ? each(found) : null;
}

// JSON has no bytes.
const written = (value: unknown) => (Buffer.isBuffer(value) ? value.toString('base64') : value);

/** An answer of one row, with its entity tag. */
export async function answerRow(
  work: Work,
  instance: Model,
  shape: Shape,
  { status = 200, headers = {} }: Partial<Answer> = {},
): Promise<Answer> {
  const body = await present(work, instance, shape);
  const state = stateIn(instance);
  return { status, body, headers: { ...headers, ...(state === undefined ? {} : { ETag: tagOf(state, body) }) } };
}
