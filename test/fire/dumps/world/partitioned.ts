import { DataTypes, Model, type Sequelize } from 'sequelize';
import { Guitar } from '../../../../lib';

/** The columns of the times, for tables that are made by hand. */
export const TIMES =
  '_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz';

/** Owners, their events, which are partitioned by the day and then by hash, and the events' notes. */
export function definePartitioned(sequelize: Sequelize): void {
  class Owner extends Guitar(Model) {}
  class Event extends Guitar(Model) {}
  const init = (name: string) => ({ sequelize, schema: 'app', modelName: name, tableName: name });
  Owner.init({ name: DataTypes.TEXT }, init('owner'));
  Event.init(
    {
      id: { type: DataTypes.INTEGER, primaryKey: true },
      day: { type: DataTypes.DATEONLY, primaryKey: true },
      owner_id: DataTypes.INTEGER,
    },
    { ...init('event'), guitar: { engine: 'trigger', partitionKey: ['day', 'id'] } },
  );
  Event.belongsTo(Owner, { foreignKey: 'owner_id', onDelete: 'CASCADE' });
}

/** Their tables, which Sequelize cannot make. */
export async function createPartitioned(sequelize: Sequelize): Promise<void> {
  for (const sql of [
    `CREATE TABLE app.owner (id serial PRIMARY KEY, name text, ${TIMES})`,
    `CREATE TABLE app.event (id int, day date, owner_id int REFERENCES app.owner ON DELETE CASCADE, ${TIMES}, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)`,
    'CREATE INDEX ON app.event (owner_id)',
    `CREATE TABLE app.event_2025 PARTITION OF app.event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')`,
    `CREATE TABLE app.event_2026 PARTITION OF app.event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY HASH (id)`,
    'CREATE TABLE app.event_2026_0 PARTITION OF app.event_2026 FOR VALUES WITH (MODULUS 2, REMAINDER 0)',
    'CREATE TABLE app.event_2026_1 PARTITION OF app.event_2026 FOR VALUES WITH (MODULUS 2, REMAINDER 1)',
  ])
    await sequelize.query(sql);
}
