import { DataTypes, Model } from 'sequelize';
import { Guitar, type GuitarOptions } from '../lib';
import { Versioned } from '../lib/history/versioned';
import type { Trigger } from '../lib/triggers';
import type { World } from './harness/world';
import { CITY } from './source';

const city = {
  id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
  name: { type: DataTypes.TEXT, allowNull: false },
  country: { type: DataTypes.TEXT, allowNull: false },
  feature: { type: DataTypes.TEXT, allowNull: false },
  admin: { type: DataTypes.TEXT, allowNull: false },
  population: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
  longitude: { type: DataTypes.DOUBLE, allowNull: false },
  latitude: { type: DataTypes.DOUBLE, allowNull: false },
};

/** Defines a Guitar model of cities on the table `table`, with one index; `world.sequelize.sync()` creates it. */
export function guitarCities(
  world: World,
  table: string,
  guitar: GuitarOptions = {},
  index: object = countries(table),
) {
  class City extends Guitar(Model) {}
  const { sequelize } = world;
  City.init({ ...city }, { sequelize, modelName: table, tableName: table, guitar, indexes: [index as never] });
  return City;
}

/** The columns of every table of cities. */
export const COLUMNS = Object.keys(city);

/** Defines a plain model of cities that keeps a history, on the table `table`. */
export function versionedCities(world: World, table: string) {
  class City extends Versioned(Model) {}
  const { sequelize } = world;
  const indexes = [countries(table)];
  City.init({ ...city }, { sequelize, modelName: table, tableName: table, timestamps: false, indexes });
  return City;
}

/** Defines a plain model of cities with declared triggers on the table `table`. */
export function declaredCities(world: World, table: string, triggers: readonly (Trigger | readonly Trigger[])[]) {
  class City extends Model {}
  const { sequelize } = world;
  const indexes = [countries(table)];
  City.init({ ...city }, { sequelize, modelName: table, tableName: table, timestamps: false, triggers, indexes });
}

const countries = (table: string) => ({ name: `${table}_country`, fields: ['country'] });

/** Parents `regions` and children `cities`, both Guitar models, tied by an indexed `ON DELETE CASCADE` key. */
export function guitarRegions(world: World) {
  const Region = guitarCities(world, 'regions');
  const City = guitarCities(world, 'cities', {}, { name: 'cities_region', fields: ['region_id'] });
  const foreignKey = { name: 'region_id', allowNull: false };
  Region.hasMany(City, { foreignKey, onDelete: 'CASCADE' });
  City.belongsTo(Region, { foreignKey, onDelete: 'CASCADE' });
}

/** A plain paranoid Sequelize model with the columns of a Guitar model, on the table `table`; of another base, if given. */
export function paranoidCities(world: World, table: string, Base: typeof Model = Model) {
  class City extends Base {}
  const times = {
    createdAt: { type: DataTypes.DATE, allowNull: false, field: '_created_at' },
    updatedAt: { type: DataTypes.DATE, allowNull: false, field: '_updated_at' },
    deletedAt: { type: DataTypes.DATE, field: '_deleted_at' },
  };
  const { sequelize } = world;
  City.init(
    { ...city, ...times },
    { sequelize, modelName: `${Base === Model ? 'plain' : 'other'} ${table}`, tableName: table, paranoid: true },
  );
  return City;
}

/** A table with the columns and indexes of another, and with nothing of the library. */
export async function twin(world: World, table: string, of: string): Promise<void> {
  await world.sql(
    `CREATE TABLE ${table} (LIKE ${of} INCLUDING DEFAULTS INCLUDING INDEXES)`,
    `ALTER TABLE ${table} DROP COLUMN IF EXISTS _deletion`,
  );
}

/** {@link twin} for both tables of {@link guitarRegions}, with a foreign key between them. */
export async function twinRegions(world: World, regions: string, cities: string): Promise<void> {
  await twin(world, regions, 'regions');
  await twin(world, cities, 'cities');
  const key = 'FOREIGN KEY (region_id)';
  await world.sql(`ALTER TABLE ${cities} ADD ${key} REFERENCES ${regions} ON DELETE CASCADE ON UPDATE CASCADE`);
}

/** Fills tables of cities alike, children with the parent that `parent` says in SQL, and readies them for a run. */
export async function fill(world: World, tables: string[], rows: number, parent?: string): Promise<void> {
  for (const table of tables) {
    await world.sql(
      `ALTER TABLE ${table} SET (autovacuum_enabled = off)`,
      insertion(table, rows, parent),
      `VACUUM (ANALYZE) ${table}`,
    );
  }
}

/** SQL that adds the first `rows` real cities to a table, with their numbers moved by `offset`. */
export function insertion(table: string, rows: number, parent?: string, offset = 0): string {
  const values = CITY.replace('id', `id + ${offset}`);
  const from = `FROM source WHERE source.id <= ${rows} ORDER BY source.id`;
  if (!parent) return `INSERT INTO ${table} (${CITY}) SELECT ${values} ${from}`;
  return `INSERT INTO ${table} (${CITY}, region_id) SELECT ${values}, ${parent} ${from}`;
}
