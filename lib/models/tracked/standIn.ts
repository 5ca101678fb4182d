import type { Model } from 'sequelize';
import { columnOf, inside, within } from '../internals';
import { columnsOf } from './state';

/** What a statement has answered: what was returned, by attribute, and how many rows there were. */
export interface Answer {
  readonly returned: ReadonlyMap<string, unknown>;
  readonly count: number;
}

/**
 * Sends a statement with a stand-in for the instance, which hears what is returned: Sequelize would write it over what is
 * unsaved. The statement is to have `model` for its model, where there is one.
 */
export async function withStandIn(
  instance: Model,
  send: (standIn: Model, model: object | undefined) => Promise<[unknown, number]>,
): Promise<Answer> {
  const heard = new Map<string, unknown>();
  // With its values: hooks of queries are handed it.
  const dataValues = new Proxy(
    { ...within(instance).dataValues },
    {
      set(values, key, value) {
        heard.set(String(key), value);
        return Reflect.set(values, key, value);
      },
    },
  );
  const standIn = Object.create(instance, { dataValues: { value: dataValues } }) as Model;
  const model = byColumn(instance.constructor);
  try {
    const [, count] = await send(standIn, model);
    return { returned: byAttribute(instance.constructor, heard, model !== undefined), count };
  } catch (error) {
    for (const each of (error as { errors?: { instance?: unknown }[] }).errors ?? [])
      if (each.instance === standIn) each.instance = instance;
    throw error;
  }
}

/**
 * Where one attribute has the name of another's column, Sequelize gives it what the column returns: a model whose
 * attributes have the names of their columns.
 */
function byColumn(model: object): object | undefined {
  const { rawAttributes } = inside(model);
  const isTaken = (name: string) =>
    columnOf(model, name) !== name && Object.hasOwn(rawAttributes, columnOf(model, name));
  if (!columnsOf(model).some(isTaken)) return undefined;
  const columns = columnsOf(model).map((name) => [columnOf(model, name), name] as const);
  const named = columns.map(([column, name]) => [column, { ...rawAttributes[name], fieldName: column }]);
  return Object.create(model, { rawAttributes: { value: Object.fromEntries(named) } });
}

function byAttribute(model: object, heard: ReadonlyMap<string, unknown>, byColumn: boolean): Map<string, unknown> {
  const isFolded = inside(model).sequelize.options.quoteIdentifiers === false;
  const returned = new Map<string, unknown>();
  for (const name of columnsOf(model)) {
    const column = columnOf(model, name);
    const keys = [byColumn ? column : name, ...(isFolded ? [column.toLowerCase()] : [])];
    const key = keys.find((each) => heard.has(each));
    if (key !== undefined) returned.set(name, heard.get(key));
  }
  return returned;
}
