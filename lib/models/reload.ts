import { type FindOptions, Op } from 'sequelize';
import { type ModelClass, settingsOf } from './capabilities';
import { inside } from './internals';

// A string: Sequelize's reload copies no symbols of the options that it is given.
const ANY_STATE = 'guitarsAnyState';

/**
 * Options with which `reload()` finds the row in whatever state it is now. Sequelize loads it through the scope that
 * the instance came with, which may ask for the state that the row has left: see {@link scopeFor}.
 */
export function reloadOptions(options: FindOptions = {}): FindOptions {
  return options.paranoid === undefined ? ({ ...options, paranoid: false, [ANY_STATE]: true } as FindOptions) : options;
}

/** The class whose scope is to be put in the options of a query: the model; for `reload()` one that asks for no state. */
export function scopeFor(model: ModelClass, options: FindOptions & { [ANY_STATE]?: boolean } = {}): ModelClass {
  if (!options[ANY_STATE]) return model;
  delete options[ANY_STATE];
  const { where, ...scope } = inside(model)._scope;
  const Stateless = class extends model {};
  const { deletedAt } = settingsOf(model).attributes;
  inside(Stateless)._scope = { ...scope, ...(where ? { where: without(where, deletedAt) as object } : {}) };
  return Stateless;
}

/** A condition without what it asks of an attribute; merged scopes may keep theirs under `Op.and`. */
function without(where: unknown, attribute: string): unknown {
  if (where === null || typeof where !== 'object' || Object.getPrototypeOf(where) !== Object.prototype) return where;
  const { [attribute]: _state, ...rest } = where as Record<string | symbol, unknown>;
  const all = rest[Op.and];
  return Array.isArray(all) ? { ...rest, [Op.and]: all.map((each) => without(each, attribute)) } : rest;
}
