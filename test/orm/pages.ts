import { type CreationOptional, DataTypes, type InferAttributes, type InferCreationAttributes, Model } from 'sequelize';
import { type Engine, Guitar } from '../../lib';
import type { TestDatabase } from '../support/database';
import { emptied, id } from './shop';

/** Pages, unique among live ones by a slug, by a place (two columns) and by a serial number that is unique for good. */
export function usePages(database: TestDatabase, engine: Engine) {
  class Page extends Guitar(Model)<InferAttributes<Page>, InferCreationAttributes<Page>> {
    declare id: CreationOptional<number>;
    declare slug: CreationOptional<string | null>;
    declare site: CreationOptional<number | null>;
    declare path: CreationOptional<string | null>;
    declare serial: CreationOptional<string | null>;
    declare title: CreationOptional<string | null>;
    declare hits: CreationOptional<number>;
  }
  before(async () => {
    Page.init(
      {
        id: id(),
        slug: { type: DataTypes.TEXT, unique: true, field: 'page_slug' },
        site: { type: DataTypes.INTEGER, field: 'site_id' },
        path: { type: DataTypes.TEXT, field: 'page_path' },
        serial: { type: DataTypes.TEXT, unique: true },
        title: DataTypes.TEXT,
        hits: { type: DataTypes.INTEGER, defaultValue: 0, field: 'hit_count' },
      } as never,
      {
        sequelize: database.sequelize,
        tableName: 'page',
        guitar: { engine, uniqueAmongLive: { serial: false } },
        indexes: [{ unique: true, fields: ['site_id', { name: 'page_path' }], name: 'page_place' }],
      },
    );
    await database.sequelize.sync();
  });
  beforeEach(() => emptied(database.sequelize));
  /** Slug, title and whether it is live, of every row. */
  const pages = async () => {
    const rows = await Page.findAll({ paranoid: false, order: [['id', 'ASC']] });
    return rows.map((row) => [row.slug ?? row.path ?? row.serial, row.title, row.isAlive]);
  };
  return { Page, pages };
}
