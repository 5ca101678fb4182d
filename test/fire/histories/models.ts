import { DataTypes, Model, type ModelAttributes, type ModelStatic, type Sequelize } from 'sequelize';
import { Guitar } from '../../../lib';
import { EDGES, TABLES, type Table, WIDE_KEY } from './graph';

export type Models = Record<string, ModelStatic<Model>>;

/** The tables as models: of Guitar where they have an engine, else plain. */
export function defineModels(sequelize: Sequelize): Models {
  const models: Models = Object.fromEntries(TABLES.map((table) => [table.name, define(sequelize, table)]));
  for (const { child, column, parent, action } of EDGES) {
    models[child]?.belongsTo(models[parent] as ModelStatic<Model>, {
      as: `${column}_link`,
      foreignKey: column,
      onDelete: action,
    });
  }
  return models;
}

function define(sequelize: Sequelize, table: Table): ModelStatic<Model> {
  const { name, engine, keys } = table;
  const options = {
    sequelize,
    modelName: name,
    tableName: name,
    indexes: keys.map(({ column }) => ({ fields: [column] })),
  };
  if (!engine) {
    class Plain extends Model {}
    return Plain.init(attributesOf(table), { ...options, timestamps: false });
  }
  const overrides = keys.filter(({ override }) => override).map(({ column, policy }) => [`${column}_link`, policy]);
  class Soft extends Guitar(Model) {}
  return Soft.init(attributesOf(table), {
    ...options,
    guitar: { engine, onSoftDelete: Object.fromEntries(overrides) },
  }) as unknown as ModelStatic<Model>;
}

function attributesOf({ name, id, keys, coded }: Table): ModelAttributes {
  const integer = () => ({ type: DataTypes.INTEGER });
  const single = id.length === 1;
  return {
    ...Object.fromEntries(keys.map(({ column }) => [column, integer()])),
    ...(name === WIDE_KEY.child ? { number: integer() } : {}),
    ...Object.fromEntries(id.map((column) => [column, { ...integer(), primaryKey: true, autoIncrement: single }])),
    n: integer(),
    value: DataTypes.TEXT,
    ...(coded ? { code: { type: DataTypes.TEXT, unique: true } } : {}),
  };
}
