import type { Model } from 'sequelize';
import { DefinitionError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { VERSION_COLUMN } from '../columns';
import { HistoryError } from '../errors';
import { askingOf, type Entry, entriesOf, isPresent, type Page } from './entries';
import { keyOf, keyOfInstance, keyText, type RowKey, sameRow } from './key';
import { type Asking, type Located, locateOne } from './located';
import { partsOf, type Version, versionOf } from './version';

/** The versions of an instance's row, in order; not of those that had its key before. */
export async function versionsOf(instance: Model, options: Page = {}): Promise<Version[]> {
  const model = instance.constructor as ModelClass;
  const key = keyOfInstance(instance);
  const history = await locateOne(model, askingOf(options));
  const entries = await entriesOf(history, key, { ...options, where: isPresent(history, key) });
  return entries.map((entry) => versionOf(model, key, entry));
}

/** All that is known of a key, in order: of every row that has had it. */
export async function historyOfKey(model: ModelClass, pk: unknown, options: Page = {}): Promise<Version[]> {
  const key = keyOf(model, pk);
  const history = await locateOne(model, askingOf(options));
  return (await entriesOf(history, key, options)).map((entry) => versionOf(model, key, entry));
}

/** One version of an instance's row; of the present one first, where others had its key before. */
export async function findVersion(instance: Model, number: number, options: Asking = {}): Promise<Version | null> {
  const model = instance.constructor as ModelClass;
  const key = keyOfInstance(instance);
  const how = askingOf(options);
  const entry = await entryOf(await locateOne(model, how), key, number, how);
  return entry ? versionOf(model, key, entry) : null;
}

async function entryOf(history: Located, key: RowKey, number: number, how: Asking): Promise<Entry | undefined> {
  if (!Number.isSafeInteger(number)) {
    throw new DefinitionError(`${history.model.name}: ${JSON.stringify(number)} is no version. Pass its number, as 3.`);
  }
  // A delete has the number of the row that it removed, which is told by the change that made it so.
  const orderBy = `(${isPresent(history, key)}) DESC, e._operation = 'delete', e._entry DESC`;
  const where = `e.${VERSION_COLUMN} = ${number}`;
  const [entry] = await entriesOf(history, key, { ...how, where, orderBy, limit: 1 });
  return entry;
}

/**
 * The entry of a row that is meant by a number or a version.
 *
 * @throws DefinitionError a version of another row, or something else
 * @throws HistoryError there is none of that number
 */
export async function meantBy(history: Located, key: RowKey, meant: unknown, how: Asking): Promise<Entry> {
  const { model } = history;
  const parts = partsOf(meant);
  if (parts) {
    if (isOf(model, parts.model) && sameRow(model, parts.key, key)) return parts.entry;
    throw new DefinitionError(
      `${model.name} ${keyText(key)}: the version is one of ${parts.model.name} ${keyText(parts.key)}. Pass one of the row's own.`,
    );
  }
  const entry = await entryOf(history, key, meant as number, how);
  if (entry) return entry;
  throw new HistoryError(
    `${model.name} ${keyText(key)}: its history holds no version ${meant}. versions() lists those that there are.`,
  );
}

/** Have they one table? */
const isOf = (one: ModelClass, other: ModelClass) =>
  one.sequelize === other.sequelize && JSON.stringify(one.getTableName()) === JSON.stringify(other.getTableName());
