import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type ModelAttributes,
  type ModelOptions,
  type Sequelize,
} from 'sequelize';
import { install } from '../../lib';
import type { Trigger } from '../../lib/triggers';
import { useDatabase } from '../support/database';

/** A plain table with a column of each sort that conditions have to do with. */
export class Item extends Model<InferAttributes<Item>, InferCreationAttributes<Item>> {
  declare id: CreationOptional<number>;
  declare name: string | null;
  declare status: CreationOptional<string | null>;
  declare price: number | null;
  declare stock: CreationOptional<number | null>;
}

export const ATTRIBUTES = {
  id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
  name: DataTypes.TEXT,
  status: { type: DataTypes.TEXT, field: 'item status' },
  price: DataTypes.DECIMAL,
  stock: DataTypes.INTEGER,
} satisfies ModelAttributes;

export type Triggers = readonly (Trigger | readonly Trigger[])[];

/** A database for a block of tests, and tables made and dropped with their triggers. */
export function useTriggers() {
  const db = useDatabase();
  let made = 0;
  return {
    db,
    query: (sql: string) => db.sequelize.query(sql),
    /** A table of its own, with its model and triggers, on a connection pool of its own. */
    async item(
      triggers: Triggers,
      attributes: ModelAttributes = ATTRIBUTES,
      options: ModelOptions = {},
      sequelize: Sequelize = db.connect(),
    ) {
      const name = `item_${++made}`;
      class Made extends Model<InferAttributes<Item>, InferCreationAttributes<Item>> {}
      Made.init(
        attributes as never,
        { sequelize, modelName: name, tableName: name, timestamps: false, ...options, triggers } as never,
      );
      await Made.sync({ guitars: false });
      await install(sequelize, { models: [Made as never] });
      return Object.assign(Made as unknown as typeof Item, { table: name });
    },
  };
}
