import { DataTypes, Model, type Sequelize } from 'sequelize';
import { type Engine, Guitar, type GuitarOptions } from '../../lib';

const int = () => ({ type: DataTypes.INTEGER });

/** Tables of a graph: `"table": { "column": ["parent", "ON DELETE action"] }`. Every table has a text key. */
export function defineShape(
  sequelize: Sequelize,
  engine: Engine,
  shape: Record<string, Record<string, [string, string]>>,
  options: Record<string, GuitarOptions> = {},
) {
  const models: Record<string, ReturnType<typeof table>> = {};
  const table = (name: string, columns: string[]) => {
    class Node extends Guitar(Model) {
      declare id: number;
    }
    Node.init(
      Object.fromEntries([['id', { ...int(), primaryKey: true }], ...columns.map((column) => [column, int()])]),
      {
        sequelize,
        modelName: name,
        tableName: name,
        guitar: { engine, ...options[name] },
        indexes: columns.map((column) => ({ fields: [column] })),
      },
    );
    return Node;
  };
  for (const [name, links] of Object.entries(shape)) models[name] = table(name, Object.keys(links));
  for (const [name, links] of Object.entries(shape)) {
    for (const [column, [parent, onDelete]] of Object.entries(links)) {
      models[name]?.belongsTo(models[parent] as never, { as: `${column}_link`, foreignKey: column, onDelete });
    }
  }
  return models;
}
