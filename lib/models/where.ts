import { literal, type Model, Op, type Transaction, type WhereOptions } from 'sequelize';
import { DefinitionError } from '../errors';
import { type ModelClass, settingsOf } from './capabilities';
import { columnOf, inside, isExpression, transactionOf, utils } from './internals';

/** Options that our bulk calls share. */
export interface BulkOptions {
  where?: WhereOptions;
  limit?: number | null | undefined;
  offset?: number | null | undefined;
  order?: unknown;
  transaction?: Transaction | null | undefined;
  hooks?: boolean | undefined;
  individualHooks?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: Sequelize's options are open
  [option: string]: any;
}

/** Which rows a bulk call is about. */
export type State = 'live' | 'archived' | 'any';

/** A copy of the caller's options with the CLS transaction and the scope in it, as Sequelize's own bulk calls make. */
export function bulkOptions(model: ModelClass, call: string, options: BulkOptions | undefined): BulkOptions {
  settingsOf(model);
  const copy = utils.cloneDeep({ ...options }) as BulkOptions;
  copy.transaction = transactionOf(model, copy.transaction);
  const given = copy.where ?? narrowingScope(model, call);
  inside(model)._injectScope(copy);
  if (typeof given !== 'object' || given === null || isVoid(given)) {
    throw new DefinitionError(
      `${model.name}.${call}() needs { where }, so that no call touches a whole table by accident. ` +
        `Say { where: {} } when you mean every row.`,
    );
  }
  return { ...copy, hooks: copy.hooks ?? true, individualHooks: copy.individualHooks ?? false };
}

/** Is it a list of conditions in which there is none? It would pick every row, and mean none. */
export function isVoid(where: object): boolean {
  const list = Array.isArray(where) ? where : (where as { [Op.and]?: unknown })[Op.and];
  if (!Array.isArray(list) || (!Array.isArray(where) && Reflect.ownKeys(where).length > 1)) return false;
  return list.every((each) => typeof each === 'object' && each !== null && (isEmpty(each) || isVoid(each)));
}

const isEmpty = (where: object) => isPlain(where) && Reflect.ownKeys(where).length === 0;
const isPlain = (value: unknown): value is Record<string | symbol, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** A scope that says more than live or archived is a `where` to Sequelize's own destroy; its restore never heeds one. */
function narrowingScope(model: ModelClass, call: string): unknown {
  if (call === 'restore') return undefined;
  const { where } = inside(model)._scope;
  const { deletedAt } = settingsOf(model).attributes;
  if (!where || Array.isArray(where) || where.constructor !== Object) return where;
  return Reflect.ownKeys(where).some((key) => key !== deletedAt) ? where : undefined;
}

/** The condition, in columns, of rows in this state. */
export function stateOf(model: ModelClass, state: State): Record<string, unknown> {
  if (state === 'any') return {};
  return { [settingsOf(model).columns.deletedAt]: state === 'live' ? null : { [Op.ne]: null } };
}

/** Does the call ask for some of the rows alone? */
export const isLimited = ({ limit, offset }: BulkOptions) => [limit, offset].some((n) => n !== undefined && n !== null);

/**
 * The caller's `where`, whatever its shape, narrowed to rows in this state; in columns. A `limit` picks the rows by
 * their key in a subquery, since PostgreSQL's UPDATE and DELETE have none.
 */
export function narrowed(model: ModelClass, options: BulkOptions, state: State): WhereOptions {
  const condition = stateOf(model, state);
  const where = { [Op.and]: [utils.mapWhereFieldNames(enclosed(options.where), model), condition] };
  if (!isLimited(options)) return where;
  // All of it is asked for again outside: a row that another session took, or changed to be none of these, while this one
  // waited for it is left alone.
  return { [Op.and]: [picked(model, where, options), where] };
}

/** The rows of these instances that are in the state still. */
export function narrowedTo(model: ModelClass, instances: readonly Model[], state: State): WhereOptions {
  const keys = instances.map((instance) => (instance as unknown as { where(): object }).where());
  return { [Op.and]: [keys.length > 0 ? { [Op.or]: keys } : literal('false'), stateOf(model, state)] };
}

/**
 * A `where` that can stand beside another condition. Sequelize puts no parentheses round a literal, wherever in a
 * condition it is: its OR would reach over to the condition that keeps archived rows out.
 */
export function enclosed(where: unknown): unknown {
  if (Array.isArray(where)) return where.length > 0 && typeof where[0] !== 'string' ? { [Op.and]: where } : where;
  return holdsWritten(where) && !isEnclosed(where) ? { [Op.and]: [where] } : where;
}

/** Is there anything in it that its author wrote in SQL, at any depth? */
function holdsWritten(where: unknown): boolean {
  if (isExpression(where)) return true;
  if (Array.isArray(where)) return where.some(holdsWritten);
  return isPlain(where) && Reflect.ownKeys(where).some((key) => holdsWritten(where[key]));
}

const isEnclosed = (where: unknown) =>
  isPlain(where) && Reflect.ownKeys(where).length === 1 && Array.isArray(where[Op.and]);

function picked(model: ModelClass, where: object, { limit, offset, order }: BulkOptions) {
  const { queryGenerator } = inside(model).queryInterface;
  const attributes = model.primaryKeyAttributes.map((name) => columnOf(model, name));
  const query = { attributes, where, limit, offset, order, model };
  const rows = queryGenerator.selectQuery(model.getTableName(), query, model);
  const key = attributes.map((column) => queryGenerator.quoteIdentifier(column)).join(', ');
  return literal(`(${key}) IN (${rows.replace(/;$/, '')})`);
}
