import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type ModelAttributes,
  type ModelOptions,
  QueryTypes,
  type Sequelize,
} from 'sequelize';
import { Guitar, install } from '../../lib';
import type { VersionedOptions } from '../../lib/history/options';
import { Versioned } from '../../lib/history/versioned';
import { useDatabase } from '../support/database';

export class Article extends Versioned(Guitar(Model))<InferAttributes<Article>, InferCreationAttributes<Article>> {
  declare id: CreationOptional<number>;
  declare title: string;
  declare meta: CreationOptional<Record<string, unknown> | null>;
  declare secret: CreationOptional<string | null>;
}

export const ATTRIBUTES = () =>
  ({
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    title: DataTypes.TEXT,
    meta: DataTypes.JSONB,
    secret: { type: DataTypes.TEXT, field: 'the secret' },
  }) satisfies ModelAttributes;

export interface Entry extends Record<string, unknown> {
  _entry: string;
  _operation: string;
  _version: number;
}

/** A database for a block of tests, and versioned models made on it. */
export function useHistory() {
  const db = useDatabase();
  let made = 0;
  const entries = (table: string, sequelize: Sequelize = db.sequelize) =>
    sequelize.query<Entry>(`SELECT * FROM "${table}_history" ORDER BY _entry`, { type: QueryTypes.SELECT });
  return {
    db,
    entries,
    query: (sql: string) => db.sequelize.query(sql),
    /** A versioned model with a table of its own, synced and installed. */
    async article(
      options: VersionedOptions = {},
      {
        base = Guitar(Model),
        attributes = ATTRIBUTES(),
        init = {},
        sequelize = db.sequelize,
      }: {
        base?: typeof Model;
        attributes?: ModelAttributes;
        init?: ModelOptions;
        sequelize?: Sequelize;
      } = {},
    ) {
      const name = `article_${++made}`;
      class Made extends Versioned(base, options) {}
      Made.init(attributes as never, { sequelize, modelName: name, tableName: name, ...init } as never);
      await Made.sync({ guitars: false });
      await install(sequelize, { models: [Made as never] });
      return Object.assign(Made as unknown as typeof Article, { table: name });
    },
  };
}
