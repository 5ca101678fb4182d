import { Op } from 'sequelize';
import { type ModelClass, settingsOf } from './capabilities';
import { columnOf, inside } from './internals';
import { conflictTarget, liveUniqueOn, liveUniques } from './uniques';
import { enclosed } from './where';

type Options = Record<string, unknown> & { [option: string]: unknown };

const columnsOf = (model: ModelClass, names: readonly string[]) => names.map((name) => columnOf(model, name));

/** Upsert options whose conflict target PostgreSQL can match with an index that is unique among live rows. */
export function upsertOptions(model: ModelClass, values: object, options: Options = {}): Options {
  const given = options.conflictFields as string[] | undefined;
  // Sequelize's own choice would fall on any unique index that has one of the columns, and forget its condition.
  const target = given ? columnsOf(model, given) : conflictTarget(model, namesIn(values));
  if (!target) return options;
  return { ...options, conflictFields: target, ...conflictWhere(model, target, options) };
}

/** The same for bulkCreate with updateOnDuplicate. */
export function conflictingOptions(model: ModelClass, records: readonly object[], options: Options = {}): Options {
  // Without an index of ours Sequelize's own choice is right.
  if (!options.updateOnDuplicate || !records?.length || liveUniques(model).length === 0) return options;
  const given = options.conflictAttributes as string[] | undefined;
  const names = new Set(records.flatMap((record) => namesIn(plain(record))));
  const target = given ? columnsOf(model, given) : conflictTarget(model, names, options.updateOnDuplicate as string[]);
  if (!target) return options;
  const conflictAttributes = target.map((column) => attributeOf(model, column));
  return { ...options, conflictAttributes, ...conflictWhere(model, target, options) };
}

function conflictWhere(model: ModelClass, target: readonly string[], options: Options): Options {
  const where = options.conflictWhere ?? liveUniqueOn(model, target)?.where;
  return where ? { conflictWhere: where } : {};
}

/** Increment options that leave archived rows alone, as every other bulk call does; the caller's are not touched. */
export function incrementOptions(model: ModelClass, options: Options = {}): Options {
  const ofInstance = 'instance' in options;
  const archivedToo = options.paranoid ?? inside(model)._scope.paranoid;
  if (ofInstance || archivedToo === false || !options.where) return { ...options };
  const { deletedAt } = settingsOf(model).attributes;
  return { ...options, where: { [Op.and]: [{ [deletedAt]: null }, enclosed(options.where)] } };
}

/** The names that carry a value: a null key is a key that the database will make. */
function namesIn(values: object): string[] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name]) => name);
}

function attributeOf(model: ModelClass, column: string): string {
  const found = Object.entries(inside(model).rawAttributes).find(([, definition]) => definition.field === column);
  return found?.[0] ?? column;
}

// A record may be an instance already.
function plain(record: object): object {
  return 'dataValues' in record ? (record.dataValues as object) : record;
}
