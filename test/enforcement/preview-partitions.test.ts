import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { Guitar, install } from '../../lib';
import { useDatabase } from '../support/database';

describe('previewDestroy and partitioned tables', () => {
  const db = useDatabase();

  it('counts the rows of partitions with their table, as parents and as children', async () => {
    const { sequelize } = db;
    class Owner extends Guitar(Model) {}
    class Event extends Guitar(Model) {}
    class Note extends Guitar(Model) {}
    const guitar = { engine: 'trigger', partitionKey: ['id'] } as const;
    Owner.init({ name: DataTypes.TEXT }, { sequelize, tableName: 'owner' });
    Event.init({ id: { type: DataTypes.INTEGER, primaryKey: true } }, { sequelize, tableName: 'event', guitar });
    Note.init({ text: DataTypes.TEXT }, { sequelize, tableName: 'note' });
    Event.belongsTo(Owner, { foreignKey: 'owner_id', onDelete: 'CASCADE' });
    Note.belongsTo(Event, { foreignKey: 'event_id', onDelete: 'CASCADE' });
    const times = `_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz`;
    await sequelize.query(`CREATE TABLE owner (id serial PRIMARY KEY, name text, ${times});
      CREATE TABLE event (id int PRIMARY KEY, owner_id int REFERENCES owner ON DELETE CASCADE, ${times}) PARTITION BY RANGE (id);
      CREATE TABLE event_low PARTITION OF event FOR VALUES FROM (0) TO (100);
      CREATE TABLE event_deep PARTITION OF event FOR VALUES FROM (100) TO (1000) PARTITION BY HASH (id);
      CREATE TABLE event_deep_0 PARTITION OF event_deep FOR VALUES WITH (MODULUS 1, REMAINDER 0);
      CREATE TABLE note (id serial PRIMARY KEY, text text, event_id int REFERENCES event ON DELETE CASCADE, ${times})`);
    await install(sequelize);
    await sequelize.query(`INSERT INTO owner (name) VALUES ('a'), ('b'); INSERT INTO event (id, owner_id) VALUES (1, 1), (101, 1), (102, 2);
      INSERT INTO note (event_id) VALUES (1), (101), (101), (102); DELETE FROM note WHERE id = 3`);
    const told = async (row: InstanceType<ReturnType<typeof Guitar>> | null) => {
      const { soft, hard } = (await row?.previewDestroy()) ?? {};
      return [soft, hard].map((each) => each?.takes.map(({ table, rows }) => `${table} ${rows}`).join(', '));
    };
    expect(await told(await Owner.findByPk(1))).to.deep.equal(['owner 1, event 2, note 2', 'owner 1, event 2, note 3']);
    expect(await told(await Event.findByPk(101))).to.deep.equal(['event 1, note 1', 'event 1, note 2']);
  });

  it('takes a hundred thousand children in its stride', async () => {
    const { sequelize } = db;
    await sequelize.query(
      'CREATE INDEX ON note (event_id); INSERT INTO note (event_id) SELECT 1 FROM generate_series(1, 100000)',
    );
    const row = (await sequelize.model('Event').findByPk(1)) as never as InstanceType<ReturnType<typeof Guitar>>;
    const { soft } = await row.previewDestroy();
    expect(soft?.rows).to.equal(100002);
  });
});
