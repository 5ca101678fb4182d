import { literal, Op, type Transaction, Utils, type WhereOptions } from 'sequelize';
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
  inside(model)._injectScope(copy);
  if (copy.where === undefined || copy.where === null || typeof copy.where !== 'object') {
    throw new DefinitionError(
      `${model.name}.${call}() needs { where }, so that no call touches a whole table by accident. ` +
        `Say { where: {} } when you mean every row.`,
    );
  }
  return { hooks: true, individualHooks: false, ...copy };
}

/**
 * The caller's `where`, whatever its shape, narrowed to live or archived rows; in columns. A `limit` picks the rows by
 * their key in a subquery, since PostgreSQL's UPDATE has none.
 */
export function narrowed(model: ModelClass, options: BulkOptions, state: 'live' | 'archived'): WhereOptions {
  const { deletedAt } = settingsOf(model).columns;
  const condition = { [deletedAt]: state === 'live' ? null : { [Op.ne]: null } };
  const given = Array.isArray(options.where) ? { [Op.and]: options.where } : options.where;
  const where = { [Op.and]: [mapped(model, given), condition] };
  if (options.limit === undefined || options.limit === null) return where;
  return picked(model, where, options);
}

function picked(model: ModelClass, where: object, options: BulkOptions): WhereOptions {
  const { queryGenerator } = inside(model).queryInterface;
  const attributes = model.primaryKeyAttributes.map((name) => columnOf(model, name));
  const { limit, order } = options;
  const rows = queryGenerator.selectQuery(model.getTableName(), { attributes, where, limit, order, model }, model);
  const key = attributes.map((column) => queryGenerator.quoteIdentifier(column)).join(', ');
  return { [Op.and]: [literal(`(${key}) IN (${rows.replace(/;$/, '')})`)] };
}

function mapped(model: ModelClass, where: unknown): unknown {
  return (Utils as unknown as { mapWhereFieldNames(where: unknown, model: ModelClass): unknown }).mapWhereFieldNames(where, model);
}
