import { type Model, QueryTypes, type Sequelize } from 'sequelize';
import { columnOf, inside, within } from '../../models/internals';
import { settle } from '../../models/settle';
import { copy } from '../../models/tracked/copy';
import { ident, qualified } from '../../sql/identifiers';
import { askingOf, type Entry } from '../reading/entries';
import { hasKey, type RowKey } from '../reading/key';
import type { Located } from '../reading/located';
import { takingFrom } from './queryInterface';
import type { InTransaction } from './row';

/** What is to be put back: by attribute, the entry whose value it is to have. */
export type Wanted = ReadonlyMap<string, Entry>;

/** Puts values of a history into a row that is locked, with one save; what differs from them, and nothing else that is dirty. */
export async function putBack(
  instance: Model,
  { history, key, row }: { history: Located; key: RowKey; row: Readonly<Record<string, unknown>> },
  wanted: Wanted,
  how: InTransaction,
): Promise<void> {
  const differing = await differingFrom(history, key, wanted, how);
  for (const name of wanted.keys()) settle(instance, name, row[name]);
  if (differing.length === 0) return;
  const columns = new Map<string, { entry: string; value: unknown }>();
  for (const name of differing) {
    const { id, values } = wanted.get(name) as Entry;
    columns.set(columnOf(instance.constructor, name), { entry: id, value: values[name] });
    // Past setters: it is the column's value, not what an application would set.
    instance.setDataValue(name as never, copy(values[name]) as never);
    instance.changed(name as never, true);
  }
  // defaultFields: what hooks change is written, too.
  const fields = { fields: differing, defaultFields: differing, returning: [...columns.keys(), ...history.generated] };
  await instance.save(takingFrom({ ...how, ...fields }, { history: history.history, enums: history.enums, columns }));
}

/** As the database compares: to JavaScript, two times may be the same that are not. */
async function differingFrom(
  { model, table, history, attributes }: Located,
  key: RowKey,
  wanted: Wanted,
  how: InTransaction,
): Promise<string[]> {
  if (wanted.size === 0) return [];
  const names = [...wanted.keys()];
  const terms = [...wanted].map(([name, { id }], n) => {
    const column = ident(attributes.get(name) as string);
    return `t.${column}::text IS DISTINCT FROM (SELECT ${column}::text FROM ${qualified(history)} WHERE _entry = ${id}) AS d${n}`;
  });
  const [row] = await (model.sequelize as Sequelize).query<Record<string, boolean>>(
    `SELECT ${terms.join(', ')} FROM ${qualified(table)} AS t WHERE ${hasKey(model, key, 't')}`,
    { ...askingOf(how as never), type: QueryTypes.SELECT },
  );
  return names.filter((_, n) => row?.[`d${n}`]);
}

/** Runs work on an instance that, if it fails, leaves what memory held of its attributes as it was. */
export async function orAsBefore<T>(instance: Model, work: () => Promise<T>): Promise<T> {
  const dirty = new Set(instance.changed() || []);
  const before = Object.keys(inside(instance.constructor).rawAttributes).map((name) => ({
    name,
    value: within(instance).dataValues[name],
    known: instance.previous(name as never) as unknown,
  }));
  try {
    return await work();
  } catch (error) {
    for (const { name, value, known } of before) {
      const now = within(instance).dataValues[name];
      if (Object.is(now, value) && (instance.changed(name as never) as boolean) === dirty.has(name)) continue;
      settle(instance, name, known);
      if (dirty.has(name)) instance.setDataValue(name as never, value as never);
      else if (value === undefined) delete within(instance).dataValues[name];
      else within(instance).dataValues[name] = value;
      instance.changed(name as never, dirty.has(name));
    }
    throw error;
  }
}
