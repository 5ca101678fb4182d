import { DataTypes, Model, type Sequelize } from 'sequelize';
import { Guitar, type GuitarOptions, type PurgeReport, purge } from '../../lib';
import { rows } from '../contract/world';

/** A soft-deletable model with a whole number for a key, and more whole numbers. */
export function define(
  sequelize: Sequelize,
  name: string,
  columns: readonly string[] = [],
  guitar: GuitarOptions = {},
) {
  class Any extends Guitar(Model) {}
  Any.init(
    {
      id: { type: DataTypes.INTEGER, primaryKey: true },
      ...Object.fromEntries(columns.map((column) => [column, { type: DataTypes.INTEGER }])),
    },
    { sequelize, modelName: name, tableName: name, guitar },
  );
  return Any;
}

/** SQL: a time that `90d` is later than. */
export const OLD = `now() - interval '100 days'`;

/** What a dry run says, then what the run says, of rows archived 90 days ago. */
export async function both(sequelize: Sequelize, model: typeof Model): Promise<[PurgeReport, PurgeReport]> {
  const dry = await purge(sequelize, model, { archivedBefore: '90d', dryRun: true });
  return [dry, await purge(sequelize, model, { archivedBefore: '90d' })];
}

/** A report without what differs between the two. */
export function told({ tables, left, because }: PurgeReport) {
  const went = Object.fromEntries(tables.filter(({ rows }) => rows > 0).map(({ table, rows }) => [table, rows]));
  return { went, left, because: because.map(({ rows, constraint }) => `${constraint} ${rows}`).sort() };
}

/** The keys of a table's rows. */
export const ids = async (sequelize: Sequelize, table: string) =>
  (await rows<{ id: number }>(sequelize, `SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id);
