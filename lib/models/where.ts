import { literal, type Model, Op, type Transaction, Utils, type WhereOptions } from 'sequelize';
import { DefinitionError } from '../errors';
import { type ModelClass, settingsOf } from './capabilities';
import { columnOf, inside, transactionOf } from './internals';

/** Options that our bulk calls share. */
export interface BulkOptions {
  where?: WhereOptions;
  limit?: number | null | undefined;
  order?: unknown;
  transaction?: Transaction | null | undefined;
  hooks?: boolean | undefined;
  individualHooks?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: Sequelize's options are open
  [option: string]: any;
}

/** A copy of the caller's options with the CLS transaction and the scope in it, as Sequelize's own bulk calls make. */
export function bulkOptions(model: ModelClass, call: string, options: BulkOptions | undefined): BulkOptions {
  const copy = (Utils as unknown as { cloneDeep<T>(value: T): T }).cloneDeep({ ...options }) as BulkOptions;
  copy.transaction = transactionOf(model, copy.transaction);
  const given = copy.where ?? narrowingScope(model, call);
  inside(model)._injectScope(copy);
  if (typeof given !== 'object' || given === null) {
    throw new DefinitionError(
      `${model.name}.${call}() needs { where }, so that no call touches a whole table by accident. ` +
        `Say { where: {} } when you mean every row.`,
    );
  }
  return { ...copy, hooks: copy.hooks ?? true, individualHooks: copy.individualHooks ?? false };
}

/** A scope that says more than live or archived is a `where` to Sequelize's own destroy; its restore never heeds one. */
function narrowingScope(model: ModelClass, call: string): unknown {
  if (call === 'restore') return undefined;
  const { where } = inside(model)._scope;
  const { deletedAt } = settingsOf(model).attributes;
  if (!where || Array.isArray(where) || where.constructor !== Object) return where;
  return Reflect.ownKeys(where).some((key) => key !== deletedAt) ? where : undefined;
}

/** The condition, in columns, of rows in this state. */
export function stateOf(model: ModelClass, state: 'live' | 'archived'): Record<string, unknown> {
  return { [settingsOf(model).columns.deletedAt]: state === 'live' ? null : { [Op.ne]: null } };
}

/**
 * The caller's `where`, whatever its shape, narrowed to live or archived rows; in columns. A `limit` picks the rows by
 * their key in a subquery, since PostgreSQL's UPDATE has none.
 */
export function narrowed(model: ModelClass, options: BulkOptions, state: 'live' | 'archived'): WhereOptions {
  const condition = stateOf(model, state);
  const where = { [Op.and]: [mapped(model, enclosed(options.where)), condition] };
  if (options.limit === undefined || options.limit === null) return where;
  // The state is asked for again outside: a row that another session took while this one waited for it does not count.
  return { [Op.and]: [picked(model, where, options), condition] };
}

/** The rows of these instances that are in the state still. */
export function narrowedTo(model: ModelClass, instances: readonly Model[], state: 'live' | 'archived'): WhereOptions {
  const keys = instances.map((instance) => (instance as unknown as { where(): object }).where());
  return { [Op.and]: [keys.length > 0 ? { [Op.or]: keys } : literal('false'), stateOf(model, state)] };
}

/**
 * A `where` that can stand beside another condition. Sequelize puts no parentheses round a literal, whose OR would
 * reach over to the condition that keeps archived rows out.
 */
export function enclosed(where: unknown): unknown {
  const isMethod = where instanceof (Utils as unknown as { SequelizeMethod: new () => object }).SequelizeMethod;
  const isList = Array.isArray(where) && where.length > 0 && typeof where[0] !== 'string';
  return isMethod || isList ? { [Op.and]: isList ? where : [where] } : where;
}

function picked(model: ModelClass, where: object, options: BulkOptions) {
  const { queryGenerator } = inside(model).queryInterface;
  const attributes = model.primaryKeyAttributes.map((name) => columnOf(model, name));
  const { limit, order } = options;
  const rows = queryGenerator.selectQuery(model.getTableName(), { attributes, where, limit, order, model }, model);
  const key = attributes.map((column) => queryGenerator.quoteIdentifier(column)).join(', ');
  return literal(`(${key}) IN (${rows.replace(/;$/, '')})`);
}

function mapped(model: ModelClass, where: unknown): unknown {
  return (Utils as unknown as { mapWhereFieldNames(where: unknown, model: ModelClass): unknown }).mapWhereFieldNames(
    where,
    model,
  );
}
