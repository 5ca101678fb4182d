import { DataTypes, Model, type ModelStatic, type Sequelize } from 'sequelize';
import { type Engine, Guitar } from '../../../../lib';
import { TIMES } from './partitioned';

const int = () => ({ type: DataTypes.INTEGER });

/**
 * Kinds of link: country → region → city by CASCADE keys, a club guarded by its city, a fan whose link is SET NULL, a node
 * below its own kind, two that are each below the other, and children of a parent with a key of two columns.
 */
export function defineLinks(sequelize: Sequelize, engine: Engine) {
  const made: Record<string, ModelStatic<Model>> = {};
  const table = (name: string, columns: readonly string[], options: object = {}) => {
    class Row extends Guitar(Model) {}
    const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
    Row.init(
      { id, name: DataTypes.TEXT, ...Object.fromEntries(columns.map((column) => [column, int()])) },
      {
        sequelize,
        schema: engine,
        modelName: `${engine}_${name}`,
        tableName: name,
        guitar: { engine },
        indexes: columns.map((column) => ({ fields: [column], name: `${name}_${column}` })),
        ...options,
      },
    );
    made[name] = Row;
  };
  const link = (child: string, parent: string, onDelete: string) =>
    made[child]?.belongsTo(made[parent] as ModelStatic<Model>, {
      as: `its_${parent}`,
      foreignKey: `${parent}_id`,
      onDelete,
    });
  table('country', [], { indexes: [{ fields: ['name'], unique: true, name: 'country_name' }] });
  table('region', ['country_id']);
  table('city', ['region_id']);
  table('club', ['city_id']);
  table('fan', ['city_id']);
  table('node', ['node_id']);
  table('yin', ['yang_id']);
  table('yang', ['yin_id']);
  link('region', 'country', 'CASCADE');
  link('city', 'region', 'CASCADE');
  link('club', 'city', 'RESTRICT');
  link('fan', 'city', 'SET NULL');
  link('node', 'node', 'CASCADE');
  link('yin', 'yang', 'CASCADE');
  link('yang', 'yin', 'CASCADE');
  return made;
}

/** The tables that refer to each other. */
export async function createCycle(sequelize: Sequelize, engine: Engine): Promise<void> {
  const columns = `id serial PRIMARY KEY, name text, ${TIMES}`;
  await sequelize.query(`CREATE TABLE ${engine}.yin (yang_id int, ${columns})`);
  await sequelize.query(
    `CREATE TABLE ${engine}.yang (yin_id int REFERENCES ${engine}.yin ON DELETE CASCADE ON UPDATE CASCADE, ${columns})`,
  );
  await sequelize.query(
    `ALTER TABLE ${engine}.yin ADD FOREIGN KEY (yang_id) REFERENCES ${engine}.yang ON DELETE CASCADE ON UPDATE CASCADE`,
  );
}
