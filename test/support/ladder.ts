import { DataTypes, type Model, type ModelAttributes, type ModelStatic, type Sequelize } from 'sequelize';

/** The statements that `work` sends, logged through the option that it is handed. */
export async function statementsOf(work: (logging: (sql: string) => void) => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  await work((sql) => sent.push(sql.replace(/^Executing \(.*?\): /, '')));
  return sent;
}

/** Is there anything of Sequelize's own (a literal, a function) among the values of a row? */
export function leaks(row: Model | Record<string, unknown>): string[] {
  const values = row as Model;
  const all = Object.entries(typeof values.get === 'function' ? values.get() : row);
  return all.filter(([, value]) => value && (value as object).constructor?.name === 'Literal').map(([name]) => name);
}

/** Initialises a model with an `id` and a `title`, and makes its table. */
export async function initialised<M extends ModelStatic<Model>>(
  model: M,
  sequelize: Sequelize,
  options = {},
): Promise<M> {
  const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
  const attributes: ModelAttributes = { id, title: { type: DataTypes.TEXT, unique: true }, n: DataTypes.INTEGER };
  model.init(attributes as never, { sequelize, ...options });
  await model.sync();
  return model;
}
