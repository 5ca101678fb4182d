import { expect } from 'chai';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { audit, Guitar, InstallError, install } from '../../lib';
import { installObjects } from '../../lib/enforcement/objects/change';
import { listObjects } from '../../lib/enforcement/objects/list';
import { refusal } from '../contract/world';
import { useDatabase } from '../support/database';

const TIMES =
  '_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz';

function define(sequelize: Sequelize) {
  class Note extends Guitar(Model) {}
  class Line extends Guitar(Model) {}
  const id = () => ({ id: { type: DataTypes.INTEGER, primaryKey: true } });
  const guitar = { engine: 'trigger', partitionKey: ['id'] } as const;
  Note.init(id(), { sequelize, tableName: 'note' });
  Line.init(id(), { sequelize, tableName: 'line', guitar });
  Line.belongsTo(Note, { foreignKey: 'noteId', onDelete: 'CASCADE' });
  return { Note, Line };
}

describe('our columns, as they should not be', () => {
  const db = useDatabase();
  const query = (sql: string) => db.sequelize.query(sql);
  const findings = async () => (await audit(db.sequelize)).findings;
  const told = async () => (await findings()).map(({ kind, model, message }) => `${kind} ${model}: ${message}`);
  let Note: ReturnType<typeof define>['Note'];
  before(() => {
    ({ Note } = define(db.sequelize));
  });
  beforeEach(() =>
    query(`DROP TABLE IF EXISTS line, note; DROP SCHEMA IF EXISTS guitars CASCADE;
      CREATE TABLE note (id int PRIMARY KEY, ${TIMES});
      CREATE TABLE line (id int PRIMARY KEY, "noteId" int REFERENCES note ON DELETE CASCADE, ${TIMES}) PARTITION BY RANGE (id);
      CREATE TABLE line_low PARTITION OF line FOR VALUES FROM (0) TO (10);
      CREATE INDEX ON line ("noteId")`),
  );

  it('a column _deletion of somebody’s is refused, of a table that a cascade reaches too', async () => {
    await query('ALTER TABLE line ADD _deletion text');
    for (const installing of [
      install(db.sequelize),
      install(db.sequelize, { models: [Note] }),
      installObjects(db.sequelize, { names: ['guitars_stamp'] }),
    ]) {
      const error = await refusal(installing);
      expect(error).to.be.instanceOf(InstallError);
      expect(error.message).to.match(
        /^Line: the column "_deletion" of the table "line" .* is of type text, and has to be uuid\. Run: ALTER TABLE "app"\."line" RENAME COLUMN "_deletion" TO "_deletion_before"; or set \{ guitar: \{ deletionColumn/,
      );
    }
    await query('ALTER TABLE line RENAME COLUMN _deletion TO _deletion_before');
    await install(db.sequelize);
    expect(await told()).to.deep.equal([]);
  });

  it('one whose type was changed is DRIFTED, and the audit finds it', async () => {
    await install(db.sequelize);
    await query('DROP RULE guitars_soft_delete ON note; DROP TRIGGER guitars_stamp ON note');
    await query('ALTER TABLE note ALTER _deletion TYPE varchar(40)');
    const { objects } = await listObjects(db.sequelize, { models: ['Note'], kinds: ['column'] });
    expect(objects.map(({ status, reason }) => [status, reason])).to.deep.equal([
      ['DRIFTED', 'it is of type character varying(40), and has to be uuid'],
    ]);
    const found = (await findings()).find(({ kind }) => kind === 'drifted');
    expect(found?.message).to.match(/^the column _deletion is drifted: it is of type character varying\(40\)/);
    await query(String(found?.remedy));
    await install(db.sequelize);
    expect(await told()).to.deep.equal([]);
  });

  it('a deletion time with a default, or that must not be empty, is found and mended by what is printed', async () => {
    await install(db.sequelize);
    await query('ALTER TABLE note ALTER _deleted_at SET DEFAULT now(), ALTER _deleted_at SET NOT NULL');
    await query('ALTER TABLE line ALTER _deleted_at SET DEFAULT now()');
    const all = await told();
    expect(all).to.have.length(3);
    expect(all[0]).to.match(
      /^born_archived Note: the column "_deleted_at" of note has the default now\(\), so rows are/,
    );
    expect(all[1]).to.match(/^born_archived Note: the column "_deleted_at" of note is NOT NULL, so no row can be live/);
    expect(all[2]).to.match(/^born_archived Line: the column "_deleted_at" of line has the default/);
    for (const { remedy } of await findings()) await query(String(remedy));
    expect(await told()).to.deep.equal([]);
    await query('ALTER TABLE line_low ALTER _deleted_at SET DEFAULT now()');
    expect(await told()).to.deep.equal([
      'born_archived Line: the column "_deleted_at" of line_low has the default now(), so rows are archived from the start. ' +
        'Run: ALTER TABLE "app"."line_low" ALTER COLUMN "_deleted_at" DROP DEFAULT;',
    ]);
  });
});
