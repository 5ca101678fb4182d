import { type Model, type QueryInterface, type Transaction, Utils } from 'sequelize';
import * as sequelizeHooks from 'sequelize/lib/hooks';

/** An attribute as Sequelize keeps it after init. */
export interface AttributeInternals {
  field?: string;
  type?: unknown;
  primaryKey?: boolean;
  unique?: unknown;
  references?: unknown;
  onDelete?: string;
}

/** What this library uses of a model class beyond Sequelize's declared types: all of it, in one place. */
export interface ModelInternals {
  /** Puts the scope's conditions into the options of a query. */
  _injectScope(this: unknown, options: object): void;
  /** Puts the paranoid condition into the options of a query and of its includes. */
  _paranoidClause(this: unknown, model: unknown, options: object): object;
  name: string;
  tableName: string;
  prototype: object;
  primaryKeyAttributes: string[];
  rawAttributes: Record<string, AttributeInternals>;
  associations: Record<string, { associationType: string; foreignKey: string; target: never }>;
  fieldRawAttributesMap: Record<string, unknown>;
  queryInterface: {
    queryGenerator: {
      addIndexQuery(table: object, options: object): string;
      selectQuery(table: unknown, options: object, model: unknown): string;
      whereItemsQuery(where: unknown, options: object): string;
      quoteIdentifier(name: string): string;
      quoteTable(table: unknown): string;
    };
    bulkInsert(table: unknown, rows: Record<string, unknown>[], options: object, attributes: object): Promise<unknown>;
    select(model: unknown, table: unknown, options: object): Promise<unknown>;
    rawSelect(table: unknown, options: object, attribute: unknown, model: unknown): Promise<unknown>;
    bulkDelete(table: unknown, where: object, options: object, model: unknown): Promise<unknown>;
    bulkUpdate(table: unknown, values: object, where: object, options: object, attributes: object): Promise<unknown>;
    update(instance: Model, table: unknown, values: object, where: object, options: object): Promise<[Model, number]>;
    insert(instance: Model, table: unknown, values: object, options: object): Promise<[Model, number]>;
    upsert(table: unknown, insert: object, update: object, where: object, options: object): Promise<unknown>;
    increment(...args: unknown[]): Promise<unknown>;
    decrement(...args: unknown[]): Promise<unknown>;
  } & Pick<QueryInterface, 'quoteIdentifier'>;
  sequelize: {
    constructor: { _cls?: { get(key: string): Transaction | undefined } };
    options: { quoteIdentifiers?: boolean };
  };
  options: { indexes?: readonly { name?: string }[] };
  _indexes: unknown[];
  uniqueKeys: Record<string, { fields: readonly string[] }>;
  _jsonAttributes: Set<string>;
  _defaultValues: Record<string, unknown>;
  _hasDefaultValues: boolean;
  _readOnlyAttributes: Set<string>;
  _hasReadOnlyAttributes: boolean;
  _scope: { where?: object; paranoid?: boolean };
  _versionAttribute: string | undefined;
  _virtualAttributes: Set<string>;
  /** Sequelize's own times, under its names for them. */
  _timestampAttributes?: Partial<Record<'createdAt' | 'updatedAt' | 'deletedAt', string>>;
  getTableName(): unknown;
  runHooks(hook: string, ...args: unknown[]): Promise<void>;
  unscoped(): ModelInternals;
  build(values: object, options?: object): Model;
  count(options: object): Promise<number>;
  findAll(options: object): Promise<Model[]>;
  findOne(options: object): Promise<Model | null>;
}

/** A model class with its internals in view. */
export const inside = (model: object) => model as ModelInternals;

/** What this library uses of an instance beyond Sequelize's declared types. */
export interface InstanceInternals {
  isNewRecord: boolean;
  dataValues: Record<string, unknown>;
  /** What `dataValues` were when the row was loaded or saved; the same objects. */
  _previousDataValues: Record<string, unknown>;
  _changed: Set<string>;
  _options: { includeNames?: readonly string[] };
  _customGetters: Record<string, unknown>;
  _customSetters: Record<string, (value: unknown, key: string) => void>;
}

/** An instance with its internals in view. */
export const within = (instance: object) => instance as InstanceInternals;

/** The column of an attribute. */
export const columnOf = (model: object, attribute: string) =>
  inside(model).rawAttributes[attribute]?.field ?? attribute;

/** The transaction that a call runs in: the caller's, else that of Sequelize's CLS. `null` opts out. */
export function transactionOf(model: object, given: Transaction | null | undefined): Transaction | null | undefined {
  return given === undefined ? inside(model).sequelize.constructor._cls?.get('transaction') : given;
}

/** What this library uses of Sequelize's helpers beyond their declared types. */
export const utils = Utils as unknown as {
  cloneDeep<T>(value: T): T;
  mapWhereFieldNames(where: unknown, model: object): unknown;
  mapValueFieldNames(values: object, fields: readonly string[], model: object): object;
  SequelizeMethod: new () => object;
};

/** Is it a literal, a function, a column or the like? */
export const isExpression = (value: unknown) => value instanceof utils.SequelizeMethod;

/** Every hook that Sequelize runs, by name. */
export const knownHooks = (sequelizeHooks as unknown as { hooks: Record<string, { noModel?: boolean }> }).hooks;
