import { DataTypes } from 'sequelize';

/** The attributes that the Guitar models and the plain ones have in common; the arguments name the parents' tables. */
export function columns(countries: string, regions: string) {
  const child = (field: string, model: string) => ({
    type: DataTypes.TEXT,
    field,
    allowNull: false,
    references: { model, key: 'code' },
    onDelete: 'CASCADE',
  });
  return {
    country: { code: { type: DataTypes.TEXT, primaryKey: true }, name: { type: DataTypes.TEXT, allowNull: false } },
    region: { code: { type: DataTypes.TEXT, primaryKey: true }, countryCode: child('country_code', countries) },
    city: {
      id: { type: DataTypes.INTEGER, primaryKey: true },
      name: { type: DataTypes.TEXT, allowNull: false },
      regionCode: child('region_code', regions),
      population: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
    },
  };
}
