import { type Model, QueryTypes, type Sequelize } from 'sequelize';
import type { ModelClass } from '../../models/capabilities';
import { columnOf } from '../../models/internals';
import { ident, literal, qualified } from '../../sql/identifiers';
import { FILTERED_CHANGED } from '../columns';
import { type Differences, differences } from './changes';
import { askingOf, type Entry } from './entries';
import { meantBy } from './find';
import { hasKey, keyOfInstance, type RowKey } from './key';
import { type Asking, type Located, locateOne } from './located';

/** What differs between two versions of an instance's row. */
export async function diffOf(instance: Model, a: unknown, b: unknown, options: Asking = {}): Promise<Differences> {
  const model = instance.constructor as ModelClass;
  const key = keyOfInstance(instance);
  const how = askingOf(options);
  const history = await locateOne(model, how);
  const [one, other] = [await meantBy(history, key, a, how), await meantBy(history, key, b, how)];
  const hidden = await hiddenChanges(history, key, [one, other], how);
  return differences(model, one.values, other.values, (name) => hidden.has(name));
}

/** The filtered attributes that may not be the same in two entries: some change between them was of them. */
async function hiddenChanges(
  history: Located,
  key: RowKey,
  [one, other]: readonly [Entry, Entry],
  how: Asking,
): Promise<Set<string>> {
  const { model, attributes, options } = history;
  const names = options.filter.filter((name) => attributes.has(name));
  if (names.length === 0) return new Set();
  const [first, last] = [one, other].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1)) as [Entry, Entry];
  // Of what came in by an insert, or while nobody looked, nobody knows whether it is the same.
  const unknown = `bool_or(_operation IN ('insert', 'baseline'))`;
  const marked = (name: string) => `bool_or(${ident(columnOf(model, name))} = ${literal(FILTERED_CHANGED)})`;
  const [row] = await (model.sequelize as Sequelize).query<Record<string, boolean | null>>(
    `SELECT ${names.map((name, n) => `${marked(name)} OR ${unknown} AS c${n}`).join(', ')} FROM ${qualified(history.history)} AS e
      WHERE ${hasKey(model, key, 'e')} AND _entry > ${first.id} AND _entry <= ${last.id}`,
    { ...how, type: QueryTypes.SELECT },
  );
  const none = (entry: Entry, name: string) => entry.values[name] === null;
  return new Set(
    names.filter(
      (name, n) =>
        !(none(one, name) && none(other, name)) && (none(one, name) !== none(other, name) || row?.[`c${n}`] === true),
    ),
  );
}
