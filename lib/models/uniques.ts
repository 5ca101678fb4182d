import { Op, type WhereOptions } from 'sequelize';
import { DefinitionError } from '../errors';
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
    index.name = shortened(index.name);
    index.where = index.where ? { [Op.and]: [index.where, live] } : live;
    index.live = true;
  }
  const groups = new Map<string, string[]>();
  for (const [name, definition] of Object.entries(rawAttributes)) {
    if (!definition.liveUnique) continue;
    const index = shortened(nameOf(definition.liveUnique) ?? `${tableName}_${name}_unique`);
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
  refuseUnknown(model);
  return internals(model)._indexes.filter((index) => index.live);
}

/** Not at `init`: an association may bring the attribute or the index that is named. Project-wide names are for some model. */
function refuseUnknown(model: ModelClass): void {
  const { uniqueAmongLive } = model.options.guitar ?? {};
  if (typeof uniqueAmongLive !== 'object') return;
  const { rawAttributes, _indexes } = internals(model);
  const named = Object.entries(rawAttributes).flatMap(([name, { unique, liveUnique }]) =>
    unique || liveUnique ? [name, nameOf(unique ?? liveUnique ?? true)] : [],
  );
  const known = new Set([...named, ..._indexes.filter(({ unique }) => unique).map(({ name }) => name)]);
  const unknown = Object.keys(uniqueAmongLive).filter((name) => !known.has(name) && !known.has(shortened(name)));
  if (unknown.length === 0) return;
  throw new DefinitionError(
    `${model.name}: guitar.uniqueAmongLive names ${unknown.map((name) => `"${name}"`).join(', ')}, which is no unique ` +
      `attribute or index of it. Use one of: ${[...known].filter(Boolean).join(', ') || '(none)'}.`,
  );
}

/**
 * The columns that an upsert conflicts on: the primary key if the values carry it, else the first of their names that
 * begins or continues a unique index all of whose columns they carry, live-unique or not. This is the order in which
 * Sequelize looks. An index with a condition of its own is taken only when it is asked for.
 *
 * @param given names of the attributes that have a value
 * @param updated names of those to be overwritten; they do not identify the row unless nothing else does
 */
export function conflictTarget(
  model: ModelClass,
  given: Iterable<string>,
  updated: readonly string[] = [],
): string[] | undefined {
  const columns = new Set([...given].map((name) => columnOf(model, name)));
  const keys = keysOf(model);
  if (carries(columns, keys)) return keys;
  const changing = new Set(updated.map((name) => columnOf(model, name)));
  const carried = targets(model).filter((fields) => carries(columns, fields));
  const steady = carried.filter((fields) => !fields.some((field) => changing.has(field)));
  for (const candidates of [steady, carried]) {
    for (const column of columns) {
      const found = candidates.find((fields) => fields.includes(column));
      if (found) return found;
    }
  }
  return keys.length > 0 ? keys : undefined;
}

/** The columns of each unique constraint and index that has no condition but ours; those of attributes first. */
function targets(model: ModelClass): string[][] {
  const { uniqueKeys, _indexes, options } = inside(model);
  const unique = (_indexes as ModelIndex[]).filter((index) => index.unique && (!index.where || isPlain(index)));
  const declared = new Set((options.indexes ?? []).map(({ name }) => name));
  const ofAttributes = unique.filter(({ name }) => !declared.has(name));
  const ofOptions = unique.filter(({ name }) => declared.has(name));
  return [...Object.values(uniqueKeys), ...ofAttributes, ...ofOptions].map(({ fields }) => fields.map(columnIn));
}

/** The live-unique index on just these columns, in any order; one without a condition of its own first. */
export function liveUniqueOn(model: ModelClass, columns: readonly string[]): ModelIndex | undefined {
  const wanted = [...columns].sort().join('\0');
  const found = liveUniques(model).filter(({ fields }) => fields.map(columnIn).sort().join('\0') === wanted);
  return found.find(isPlain) ?? found[0];
}

const keysOf = (model: ModelClass) => model.primaryKeyAttributes.map((name) => columnOf(model, name));
const carries = (columns: ReadonlySet<string>, fields: readonly string[]) =>
  fields.length > 0 && fields.every((field) => columns.has(field));

/** The column of an index's field; of an expression the empty string, which no column is called. */
export function columnIn(field: unknown): string {
  if (typeof field === 'string') return field;
  const { name, attribute } = field as { name?: string; attribute?: string };
  return name ?? attribute ?? '';
}

/** Has the index no condition but ours? */
const isPlain = ({ where }: ModelIndex) => where !== undefined && Reflect.ownKeys(where).every((key) => key !== Op.and);

function isLive(model: ModelClass, ...names: (string | undefined)[]): boolean {
  const choice = settingsOf(model).uniqueAmongLive;
  if (typeof choice === 'boolean') return choice;
  return !names.some((name) => name !== undefined && choice[name] === false);
}

function nameOf(unique: UniqueOption): string | undefined {
  if (typeof unique === 'string') return unique;
  return typeof unique === 'object' ? unique.name : undefined;
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= MAX_IDENTIFIER_BYTES) return name;
  return `${truncateBytes(name, MAX_IDENTIFIER_BYTES - 9)}_${shortHash(name)}`;
}
