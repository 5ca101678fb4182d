import { literal, Op, type WhereOptions } from 'sequelize';
import { versionedOptionsOf } from '../../history/options';
import { exactTime } from '../../history/since/time';
import { can, type ModelClass } from '../../models/capabilities';
import { columnOf, utils } from '../../models/internals';
import { badParameter } from '../problem/problem';
import type { Include } from '../query/includes';
import type { Parameters } from '../query/parameters';
import { columnIn, selectSql } from '../query/scoped';
import { TIME } from '../query/values';
import type { Settings } from '../settings';
import { conditionOf, type Work } from '../work';

/** What of a router's settings the past can tell of: no attributes that history does not keep, no models without one. */
export function pastOf(settings: Settings): Settings {
  const tells = tellsOf(settings.model);
  const isTold = ({ target, many, through, foreignKey, needs, fields }: Include) =>
    !through &&
    can(target, 'versioned') &&
    needs.every(tells) &&
    (many ? tellsOf(target) : tells)(foreignKey) &&
    fields.some(tellsOf(target));
  return {
    ...settings,
    fields: settings.fields.filter(tells),
    sort: settings.sort.filter(tells),
    filters: new Map([...settings.filters].filter(([, { attribute }]) => tells(attribute))),
    includes: new Map([...settings.includes].filter(([, include]) => isTold(include))),
  };
}

/** Does history tell of an attribute? */
function tellsOf(model: ModelClass): (name: string) => boolean {
  const { exclude = [], filter = [] } = versionedOptionsOf(model) ?? {};
  return (name) => !exclude.includes(name) && !filter.includes(name);
}

/** @throws ProblemError (400) the parameter `at` is missing, or no time */
export function takeMoment(model: ModelClass, parameters: Parameters): string {
  const text = parameters.take('at') ?? '';
  if (TIME.test(text) && isTime(model, text)) return text;
  throw badParameter('at', "must be a time with its zone, as '2026-01-31T12:00:00Z' (a plus is %2B in a query).");
}

function isTime(model: ModelClass, text: string): boolean {
  try {
    return exactTime(model.name, text) !== '';
  } catch {
    return false;
  }
}

/**
 * The rows that the request may be about as they are now, archived or not; undefined: it may be about any. As they were then
 * they have to be such rows, too: a key may have been another's.
 */
export function permittedNow(work: Work): WhereOptions | undefined {
  const { model } = work.settings;
  const where = conditionOf(work);
  if (!where) return undefined;
  const attributes = model.primaryKeyAttributes.map((name) => columnOf(model, name));
  // A literal is not read in the past: the table that it names is the present one.
  const rows = selectSql(model, { attributes, where: utils.mapWhereFieldNames(where, model) });
  const key = model.primaryKeyAttributes.map((name) => columnIn(model, name)).join(', ');
  return literal(`(${key}) IN (${rows})`);
}

/** Conditions, all of which have to hold. */
export const all = (...conditions: (WhereOptions | undefined)[]): WhereOptions => ({
  [Op.and]: conditions.filter((each) => each !== undefined),
});
