import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  QueryTypes,
  type Sequelize,
} from 'sequelize';
import { type Engine, Guitar } from '../../lib';
import { type TestDatabase, useDatabase } from '../support/database';

/** Runs a block of tests for both engines of D1. */
export function eachEngine(title: string, tests: (engine: Engine) => void): void {
  for (const engine of ['rule', 'trigger'] as const) describe(`${title} (${engine})`, () => tests(engine));
}

// Functions: Sequelize writes into the definitions that it is given.
const id = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });
const key = () => ({ type: DataTypes.INTEGER, allowNull: true });

/** country → region → city by CASCADE keys; a club is guarded by its city, a fan's link is SET NULL. */
export function defineWorld(sequelize: Sequelize, engine: Engine) {
  const guitar = { engine };
  const init = (name: string) => ({ sequelize, guitar, modelName: name, tableName: name, freezeTableName: true });
  class Country extends Guitar(Model)<InferAttributes<Country>, InferCreationAttributes<Country>> {
    declare id: CreationOptional<number>;
    declare name: string;
  }
  class Region extends Guitar(Model)<InferAttributes<Region>, InferCreationAttributes<Region>> {
    declare id: CreationOptional<number>;
    declare name: string;
    declare country_id: number | null;
  }
  class City extends Guitar(Model)<InferAttributes<City>, InferCreationAttributes<City>> {
    declare id: CreationOptional<number>;
    declare name: string;
    declare region_id: number | null;
  }
  class Club extends Guitar(Model)<InferAttributes<Club>, InferCreationAttributes<Club>> {
    declare id: CreationOptional<number>;
    declare city_id: number | null;
  }
  class Fan extends Guitar(Model)<InferAttributes<Fan>, InferCreationAttributes<Fan>> {
    declare id: CreationOptional<number>;
    declare city_id: CreationOptional<number | null>;
  }
  Country.init({ id: id(), name: DataTypes.TEXT }, init('country'));
  Region.init(
    { id: id(), name: DataTypes.TEXT, country_id: key() },
    { ...init('region'), indexes: [{ fields: ['country_id'] }] },
  );
  City.init(
    { id: id(), name: DataTypes.TEXT, region_id: key() },
    { ...init('city'), indexes: [{ fields: ['region_id'] }] },
  );
  Club.init({ id: id(), city_id: key() }, { ...init('club'), indexes: [{ fields: ['city_id'] }] });
  Fan.init({ id: id(), city_id: key() }, { ...init('fan'), indexes: [{ fields: ['city_id'] }] });
  Region.belongsTo(Country, { as: 'country', foreignKey: 'country_id', onDelete: 'CASCADE' });
  City.belongsTo(Region, { as: 'region', foreignKey: 'region_id', onDelete: 'CASCADE' });
  Club.belongsTo(City, { as: 'city', foreignKey: 'city_id', onDelete: 'RESTRICT' });
  Fan.belongsTo(City, { as: 'city', foreignKey: 'city_id', onDelete: 'SET NULL' });
  return { Country, Region, City, Club, Fan };
}

export type World = ReturnType<typeof defineWorld>;

/** A database with the world installed; rows of every test are removed after it. */
export function useWorld(engine: Engine): { readonly db: TestDatabase; readonly models: World } {
  const db = useDatabase();
  let models: World | undefined;
  before(async () => {
    models = defineWorld(db.sequelize, engine);
    await db.sequelize.sync();
  });
  afterEach(() => wipe(db.sequelize));
  return {
    db,
    get models() {
      return models as World;
    },
  };
}

/** Removes every row, through the door. */
export async function wipe(sequelize: Sequelize): Promise<void> {
  const tables = Object.values(sequelize.models).map((model) => `"${model.tableName}"`);
  await sequelize.transaction(async (transaction) => {
    await sequelize.query('SET LOCAL guitars.hard_delete = on', { transaction });
    await sequelize.query(`TRUNCATE ${tables.join(', ')} RESTART IDENTITY CASCADE`, { transaction });
  });
}

/** Rows of a query, as the database answers them. */
export function rows<R extends object>(sequelize: Sequelize, sql: string): Promise<R[]> {
  return sequelize.query<R>(sql, { type: QueryTypes.SELECT });
}

/** One number out of a query whose column is called n. */
export async function number(sequelize: Sequelize, sql: string): Promise<number> {
  const [row] = await rows<{ n: string }>(sequelize, sql);
  return Number(row?.n);
}

/** How many rows of a table are live. */
export const live = (sequelize: Sequelize, table: string) =>
  number(sequelize, `SELECT count(*) AS n FROM "${table}" WHERE _deleted_at IS NULL`);

/** How many rows a table physically holds. */
export const held = (sequelize: Sequelize, table: string) => number(sequelize, `SELECT count(*) AS n FROM "${table}"`);

/** The error that a promise is rejected with. */
export async function refusal(
  promise: PromiseLike<unknown>,
): Promise<Error & { parent?: { code?: string; constraint?: string; table?: string } }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was refused.');
}

/** The SQLSTATE that a raw client's or Sequelize's promise is rejected with. */
export async function sqlstate(promise: PromiseLike<unknown>): Promise<string | undefined> {
  const error = (await refusal(promise)) as { code?: string; parent?: { code?: string } };
  return error.parent?.code ?? error.code;
}
