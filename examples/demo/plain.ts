import { type InferAttributes, type InferCreationAttributes, Model, type Sequelize } from 'sequelize';
import { columns } from './columns';

export class PlainCountry extends Model<InferAttributes<PlainCountry>, InferCreationAttributes<PlainCountry>> {
  declare code: string;
  declare name: string;
}

export class PlainRegion extends Model<InferAttributes<PlainRegion>, InferCreationAttributes<PlainRegion>> {
  declare code: string;
  declare countryCode: string;
}

export class PlainCity extends Model<InferAttributes<PlainCity>, InferCreationAttributes<PlainCity>> {
  declare id: number;
  declare name: string;
  declare regionCode: string;
  declare population: number;
}

/** The same three tables as plain Sequelize has them: `paranoid: true`, the same keys, the same indexes. */
export function definePlain(sequelize: Sequelize): void {
  const { country, region, city } = columns('plain_country', 'plain_region');
  const paranoid = { sequelize, timestamps: true, paranoid: true };
  PlainCountry.init(country, { ...paranoid, tableName: 'plain_country' });
  PlainRegion.init(region, { ...paranoid, tableName: 'plain_region', indexes: [{ fields: ['country_code'] }] });
  PlainCity.init(city, { ...paranoid, tableName: 'plain_city', indexes: [{ fields: ['region_code'] }] });
}

/** Copies the rows inside the database; how they get in is not what is compared. */
export const COPIES = [
  `INSERT INTO plain_country SELECT code, name, now(), now() FROM country`,
  `INSERT INTO plain_region SELECT code, country_code, now(), now() FROM region`,
  `INSERT INTO plain_city SELECT id, name, region_code, population, now(), now() FROM city`,
];
