import { expect } from 'chai';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { audit, Guitar, InstallError, install } from '../../lib';
import { live, refusal } from '../contract/world';
import { useDatabase } from '../support/database';

const TIMES =
  '_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz';

/** Songs and their takes, which are partitioned. */
function define(sequelize: Sequelize, known: boolean) {
  class Song extends Guitar(Model) {}
  class Take extends Guitar(Model) {}
  const id = () => ({ type: DataTypes.INTEGER, primaryKey: true });
  Song.init({ id: id() }, { sequelize, modelName: 'song', tableName: 'song' });
  Take.init(
    { id: id(), songId: DataTypes.INTEGER },
    { sequelize, modelName: 'take', tableName: 'take', guitar: { engine: 'trigger', partitionKey: ['id'] } },
  );
  if (known) Take.belongsTo(Song, { foreignKey: 'songId', onDelete: 'CASCADE' });
  return sequelize;
}

describe('a key that stands on a partition by itself', () => {
  const db = useDatabase();
  const query = (sql: string) => db.sequelize.query(sql);
  const kinds = async (sequelize: Sequelize) =>
    (await audit(sequelize)).findings.map(({ kind, model }) => `${kind} ${model}`);

  before(async () => {
    await query(`CREATE TABLE song (id int PRIMARY KEY, ${TIMES})`);
    await query(`CREATE TABLE take (id int PRIMARY KEY, "songId" int, ${TIMES}) PARTITION BY RANGE (id);
      CREATE TABLE take_low PARTITION OF take FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (id);
      CREATE TABLE take_lowest PARTITION OF take_low FOR VALUES FROM (0) TO (10);
      CREATE INDEX ON take ("songId");
      ALTER TABLE take_lowest ADD CONSTRAINT sly FOREIGN KEY ("songId") REFERENCES song ON DELETE CASCADE`);
  });

  it('F1 unknown to the models: install refuses it, as it does on the table', async () => {
    const error = await refusal(install(define(db.connect(), false)));
    expect(error).to.be.instanceOf(InstallError);
    expect(error.message).to.match(
      /^take: the foreign key "sly" \(songId → song\) of its partition "take_lowest" is ON DELETE CASCADE/,
    );
  });

  it('the audit finds it, and what it prints mends it', async () => {
    await query('ALTER TABLE take_lowest DROP CONSTRAINT sly');
    const sequelize = define(db.connect(), false);
    await install(sequelize);
    await query(
      'ALTER TABLE take_lowest ADD CONSTRAINT sly FOREIGN KEY ("songId") REFERENCES song ON DELETE CASCADE; CREATE TABLE fan (take int REFERENCES take_lowest)',
    );
    const { findings, warnings } = await audit(sequelize);
    expect(findings.map(({ kind, model }) => `${kind} ${model}`)).to.deep.equal(['unknown_key take']);
    expect(findings[0]?.message).to.match(/sly \("songId" of take_lowest onto song, ON DELETE CASCADE\) is unknown/);
    expect(warnings.map(({ kind, model }) => `${kind} ${model}`)).to.include('unknown_key take');
    for (const { remedy } of [...findings, ...warnings]) if (remedy) await query(remedy);
    expect(await kinds(sequelize)).to.deep.equal([]);
  });

  it('known to the models: followed, judged like the table’s own, and no key of the other partitions', async () => {
    const sequelize = define(db.connect(), true);
    await install(sequelize);
    expect(await kinds(sequelize)).to.deep.equal(['key_differs take', 'missing_key take']);
    const { findings } = await audit(sequelize);
    for (const { remedy } of findings) if (remedy) await query(remedy);
    expect(await kinds(sequelize)).to.deep.equal([]);
    await query('INSERT INTO song (id) VALUES (1); INSERT INTO take (id, "songId") VALUES (1, 1), (2, 1)');
    await query('DELETE FROM song');
    expect([await live(sequelize, 'song'), await live(sequelize, 'take')]).to.deep.equal([0, 0]);
  });
});
