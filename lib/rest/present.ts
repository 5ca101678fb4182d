import { Model, type ModelStatic } from 'sequelize';
import { inside, within } from '../models/internals';
import type { Include } from './query/includes';
import { type Shape, stateIn } from './query/shape';
import { tagOf } from './send';
import type { Settings } from './settings';
import type { Answer, Work } from './work';

/** A row as clients see it. */
export async function present({ settings, context }: Work, instance: Model, shape: Shape): Promise<unknown> {
  const { serialize } = settings.hooks;
  // JSON has no undefined.
  return serialize ? ((await serialize(instance, context)) ?? null) : shown(instance, shape);
}

/** A row's fields and what was included. What a `toJSON()` of the model's own leaves out is not shown. */
export function shown(row: Row, { fields, includes }: Shape): Record<string, unknown> {
  const read = readerOf(row);
  const values: Record<string, unknown> = {};
  for (const name of fields) {
    const value = read(name);
    if (value !== undefined) values[name] = Buffer.isBuffer(value) ? value.toString('base64') : value;
  }
  for (const include of includes) values[include.as] = associated(row as Model, include);
  return values;
}

/** A row of a query: an instance, or its values alone. */
type Row = Model | Readonly<Record<string, unknown>>;

function readerOf(row: Row): (name: string) => unknown {
  if (!(row instanceof Model)) return (name) => row[name];
  if (row.toJSON === Model.prototype.toJSON) return (name) => row.get(name as never);
  const told = row.toJSON() as Record<string, unknown>;
  return (name) => (Object.hasOwn(told, name) ? told[name] : undefined);
}

/** May rows of a list do without instances, which take most of its time? Not where something of the model's own looks at them. */
export function mayBeRaw({ model, hooks }: Settings, { fields, includes }: Shape): boolean {
  const { prototype, sequelize } = model;
  if (hooks.serialize || includes.length > 0 || 'include' in inside(model)._scope) return false;
  if (prototype.toJSON !== Model.prototype.toJSON || prototype.get !== Model.prototype.get) return false;
  if ([model, sequelize].some((each) => (each as unknown as ModelStatic<Model>).hasHook('afterFind'))) return false;
  const { _customGetters } = within(prototype);
  return fields.every((name) => !Object.hasOwn(_customGetters, name) && !inside(model)._virtualAttributes.has(name));
}

function associated(instance: Model, { as, fields }: Include): unknown {
  const found = instance.get(as as never) as Model | Model[] | null | undefined;
  const each = (row: Model) => shown(row, { fields, includes: [] });
  return Array.isArray(found) ? found.map(each) : found ? each(found) : null;
}

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
