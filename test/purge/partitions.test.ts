import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { Guitar, install } from '../../lib';
import { held } from '../contract/world';
import { useDatabase } from '../support/database';
import { both, define, ids, OLD, told } from './world';

const TIMES = `_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz`;

describe('purge: keys of partitions, and tables that inherit', () => {
  const db = useDatabase();
  const sql = (text: string) => db.sequelize.query(text);
  let Note: ReturnType<typeof define>;
  let Event: ReturnType<typeof define>;
  before(async () => {
    Note = define(db.sequelize, 'note');
    const partitioned = (name: string) => {
      class Any extends Guitar(Model) {}
      Any.init(
        { id: { type: DataTypes.INTEGER, primaryKey: true }, note: DataTypes.INTEGER },
        {
          sequelize: db.sequelize,
          modelName: name,
          tableName: name,
          guitar: { engine: 'trigger', partitionKey: ['id'] },
        },
      );
      return Any;
    };
    Event = partitioned('event');
    await sql(`CREATE TABLE note (id int PRIMARY KEY, ${TIMES});
      CREATE TABLE event (id int PRIMARY KEY, note int, ${TIMES}) PARTITION BY RANGE (id);
      CREATE TABLE event_low PARTITION OF event FOR VALUES FROM (0) TO (100);
      CREATE TABLE event_high PARTITION OF event FOR VALUES FROM (100) TO (1000);
      CREATE TABLE tag (id int, event int REFERENCES event_low ON DELETE CASCADE);
      CREATE TABLE hold (id int, event int REFERENCES event_low)`);
    await install(db.sequelize);
    // After installing, which would refuse it.
    await sql('ALTER TABLE event_low ADD CONSTRAINT of FOREIGN KEY (note) REFERENCES note ON DELETE CASCADE');
  });
  beforeEach(() =>
    sql(`INSERT INTO note (id, _deleted_at) VALUES (1, ${OLD}), (2, ${OLD});
      INSERT INTO event (id, note, _deleted_at) VALUES (1, 1, ${OLD}), (2, 2, NULL), (3, NULL, ${OLD}), (101, 1, ${OLD});
      INSERT INTO tag VALUES (1, 1), (3, 3)`),
  );
  afterEach(() => sql('BEGIN; SET LOCAL guitars.hard_delete = on; TRUNCATE note, event, tag, hold; COMMIT'));

  it('a live row of a partition with a key of its own stays', async () => {
    const [dry, run] = await both(db.sequelize, Note);
    expect(told(dry)).to.deep.equal({ went: { note: 1, event: 1, tag: 1 }, left: 1, because: ['of 1'] });
    expect(told(run)).to.deep.equal(told(dry));
    expect([await ids(db.sequelize, 'note'), await ids(db.sequelize, 'event')]).to.deep.equal([[2], [2, 3, 101]]);
  });

  it('a key into a partition is followed, and heeded', async () => {
    await sql('INSERT INTO hold VALUES (1, 1)');
    const [dry, run] = await both(db.sequelize, Event);
    expect(told(dry)).to.deep.equal({ went: { event: 2, tag: 1 }, left: 1, because: ['hold_event_fkey 1'] });
    expect(told(run)).to.deep.equal(told(dry));
    expect([await ids(db.sequelize, 'event'), await ids(db.sequelize, 'tag')]).to.deep.equal([[1, 2], [1]]);
  });

  it('a live row of a partition that has the model stays, whatever it is a partition of', async () => {
    await sql(`CREATE TABLE plain (id int, note int REFERENCES note ON DELETE CASCADE, _deleted_at timestamptz) PARTITION BY RANGE (id);
      CREATE TABLE modelled PARTITION OF plain FOR VALUES FROM (0) TO (100)`);
    const Modelled = define(db.sequelize, 'modelled', [], { engine: 'trigger', partitionKey: ['id'] });
    await sql('INSERT INTO modelled (id, note) VALUES (5, 1)');
    const [dry, run] = await both(db.sequelize, Note);
    await sql('DROP TABLE plain');
    (db.sequelize as unknown as { modelManager: { removeModel(model: unknown): void } }).modelManager.removeModel(
      Modelled,
    );
    expect(told(dry)).to.deep.include({ left: 2, because: ['of 1', 'plain_note_fkey 1'] });
    expect(told(run)).to.deep.equal(told(dry));
  });

  it('rows of a table that inherits are not its own', async () => {
    await sql(`CREATE TABLE heir () INHERITS (note); INSERT INTO heir (id, _deleted_at) VALUES (7, ${OLD})`);
    const [dry, run] = await both(db.sequelize, Note);
    const left = await held(db.sequelize, 'heir');
    await sql('DROP TABLE heir');
    expect([dry.left, run.left, left]).to.deep.equal([1, 1, 1]);
    expect(told(run)).to.deep.equal(told(dry));
  });
});
