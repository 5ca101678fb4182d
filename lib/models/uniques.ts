import { Op, type WhereOptions } from 'sequelize';
import { MAX_IDENTIFIER_BYTES, shortHash, truncateBytes } from '../sql/identifiers';
import { type ModelClass, settingsOf } from './capabilities';
import { columnOf, inside } from './internals';

/** An index as Sequelize keeps it in `Model._indexes`. */
export interface ModelIndex {
  name: string;
  unique?: boolean;
  fields: unknown[];
  where?: WhereOptions;
  /** Ours: the index is unique among live rows. */
  live?: boolean;
}

type UniqueOption = boolean | string | { name?: string };
interface Definition {
  unique?: UniqueOption;
  /** Ours: what `unique` said before we took it off, so that `sync` does not make a full constraint of it. */
  liveUnique?: UniqueOption;
  field?: string;
}
const internals = (model: ModelClass) => {
  const { rawAttributes, _indexes, tableName } = inside(model);
  return { rawAttributes: rawAttributes as Record<string, Definition>, _indexes: _indexes as ModelIndex[], tableName };
};

/** Before Sequelize reads the attributes: takes `unique` off those that are to be unique among live rows. */
export function takeUniquesOff(model: ModelClass): void {
  for (const [name, definition] of Object.entries(internals(model).rawAttributes)) {
    if (!definition.unique || !isLive(model, name, nameOf(definition.unique))) continue;
    definition.liveUnique = definition.unique;
    delete definition.unique;
  }
}

/** After Sequelize has read the attributes: makes partial unique indexes of them, and of the unique indexes. */
export function putLiveUniquesOn(model: ModelClass): void {
  const { rawAttributes, _indexes, tableName } = internals(model);
  const live = { [settingsOf(model).columns.deletedAt]: null };
  for (const index of _indexes) {
    if (!index.unique || index.live || !isLive(model, index.name)) continue;
    index.where = index.where ? { [Op.and]: [index.where, live] } : live;
    index.live = true;
  }
  const groups = new Map<string, string[]>();
  for (const [name, definition] of Object.entries(rawAttributes)) {
    if (!definition.liveUnique) continue;
    const index = fit(nameOf(definition.liveUnique) ?? `${tableName}_${name}_unique`);
    groups.set(index, [...(groups.get(index) ?? []), definition.field ?? name]);
  }
  for (const [name, fields] of groups) {
    const known = _indexes.find((index) => index.name === name);
    if (known) known.fields = fields;
    else _indexes.push({ name, fields, unique: true, where: live, live: true });
  }
}

/** The indexes of a model that are unique among live rows. */
export function liveUniques(model: ModelClass): ModelIndex[] {
  return internals(model)._indexes.filter((index) => index.live);
}

/** The condition of ON CONFLICT that makes PostgreSQL infer a live-unique index. */
export function liveCondition(model: ModelClass): Record<string, null> {
  return { [settingsOf(model).columns.deletedAt]: null };
}

/**
 * What an upsert conflicts on: the primary key when the values carry it, else the first live-unique index all of whose
 * columns they carry. Undefined leaves the choice to Sequelize.
 */
export function conflictTarget(model: ModelClass, given: Iterable<string>): string[] | undefined {
  const columns = new Set([...given].map((name) => columnOf(model, name)));
  const keys = model.primaryKeyAttributes.map((name) => columnOf(model, name));
  if (keys.length > 0 && keys.every((key) => columns.has(key))) return undefined;
  const index = liveUniques(model).find(({ fields }) =>
    fields.every((field) => typeof field === 'string' && columns.has(field)),
  );
  return index?.fields as string[] | undefined;
}

/** Are these columns (in any order) one of the model's live-unique indexes? */
export function isLiveUnique(model: ModelClass, columns: readonly string[]): boolean {
  const wanted = [...columns].sort().join('\0');
  return liveUniques(model).some(({ fields }) => [...fields].sort().join('\0') === wanted);
}

function isLive(model: ModelClass, ...names: (string | undefined)[]): boolean {
  const choice = settingsOf(model).uniqueAmongLive;
  if (typeof choice === 'boolean') return choice;
  return !names.some((name) => name !== undefined && choice[name] === false);
}

function nameOf(unique: UniqueOption): string | undefined {
  if (typeof unique === 'string') return unique;
  return typeof unique === 'object' ? unique.name : undefined;
}

function fit(name: string): string {
  if (Buffer.byteLength(name) <= MAX_IDENTIFIER_BYTES) return name;
  return `${truncateBytes(name, MAX_IDENTIFIER_BYTES - 9)}_${shortHash(name)}`;
}
