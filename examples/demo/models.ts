import {
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Sequelize,
} from 'sequelize';
import { Guitar } from '../../lib';
import { columns } from './columns';

export class Country extends Guitar(Model)<InferAttributes<Country>, InferCreationAttributes<Country>> {
  declare code: string;
  declare name: string;
}

export class Region extends Guitar(Model)<InferAttributes<Region>, InferCreationAttributes<Region>> {
  declare code: string;
  declare countryCode: string;
}

export class City extends Guitar(Model)<InferAttributes<City>, InferCreationAttributes<City>> {
  declare id: number;
  declare name: string;
  declare regionCode: string;
  declare population: CreationOptional<number>;
}

/** The three Guitar models. Nothing about the cascade is said but `onDelete: 'CASCADE'`. */
export function defineGuitars(sequelize: Sequelize): void {
  const { country, region, city } = columns('country', 'region');
  Country.init(country, { sequelize, tableName: 'country' });
  Region.init(region, { sequelize, tableName: 'region', indexes: [{ fields: ['country_code'] }] });
  City.init(city, { sequelize, tableName: 'city', indexes: [{ fields: ['region_code'] }] });
}
