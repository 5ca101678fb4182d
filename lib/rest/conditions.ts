import { Op, type WhereOptions } from 'sequelize';
import type { ModelClass } from '../models/capabilities';
import { inside, isExpression } from '../models/internals';

/** States of rows. */
export type State = 'live' | 'archived' | 'any';

/** Conditions of rows that are in a state, by the attribute of their deletion. */
export const inState = (deletedAt: string, state: State): WhereOptions[] =>
  ({ live: [{ [deletedAt]: null }], archived: [{ [deletedAt]: { [Op.ne]: null } }], any: [] })[state];

/** Rows for which conditions hold, what `authorize` permits, and what the model's scope asks for. */
export function picked(
  model: ModelClass,
  conditions: readonly (WhereOptions | undefined)[],
  permitted: WhereOptions | undefined,
): WhereOptions {
  const all = [...conditions, permitted && closed(permitted), ...lostOf(model)].filter((each) => each !== undefined);
  const [first = {}, ...more] = all;
  // Side by side with what a scope says of the same attribute; alone it would take its place.
  return all.length === 0 || (more.length === 0 && !scopeOf(model)) ? first : { [Op.and]: all };
}

/** What rows have to be by `authorize` and by the model's scope, whatever is asked; undefined: anything. */
export function demanded(model: ModelClass, permitted: WhereOptions | undefined): WhereOptions | undefined {
  // Side by side: merged by Sequelize, one would take the place of the other where both say something of an attribute.
  const all = [permitted, scopeOf(model)].flatMap((where) => (where && !isEmpty(where) ? [closed(where)] : []));
  return all.length > 0 ? { [Op.and]: all } : undefined;
}

/** Sequelize puts no parentheses round SQL of the application's: its OR would reach over to what stands beside it. */
const closed = (where: WhereOptions): WhereOptions => ({ [Op.and]: [where] });

const scopeOf = (model: ModelClass) => inside(model)._scope.where as WhereOptions | undefined;
const isEmpty = (where: WhereOptions) => !isExpression(where) && Reflect.ownKeys(where).length === 0;

/** What a scope asks for where Sequelize would have our `Op.and` take its place: another `Op.and`, or SQL. */
function lostOf(model: ModelClass): WhereOptions[] {
  const where = scopeOf(model);
  return where && (isExpression(where) || Op.and in where) ? [closed(where)] : [];
}
