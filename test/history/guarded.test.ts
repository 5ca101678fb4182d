import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { assertEnforced, InstallError, install, Setar, uninstall } from '../../lib';
import { pruneHistory } from '../../lib/history/retention';
import { Versioned } from '../../lib/history/versioned';
import { refusal } from '../contract/world';
import { useHistory } from './world';

describe('history: what it is guarded by', () => {
  const { db, article, entries, query } = useHistory();

  it('months: TRUNCATE of each is refused, however it was made', async () => {
    const Article = await article({ partition: 'month', keep: '1 day' });
    await Article.create({ title: 'x' });
    const months = async () => {
      const [rows] = await query(
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = '${Article.table}_history'::regclass`,
      );
      return (rows as { name: string }[]).map(({ name }) => name);
    };
    const names = await months();
    expect(names).to.have.length(4);
    await assertEnforced(db.sequelize, { models: [Article], rebuild: true });
    const refused = async () => {
      for (const name of await months())
        expect(await refusal(query(`TRUNCATE ${name}`)), name).to.include({ constraint: 'append-only history' });
    };
    await refused();
    await query(`DROP TABLE ${names.sort().at(-1)}`);
    await pruneHistory(db.sequelize, { models: [Article] });
    expect(await months()).to.have.length(4);
    await refused();
    expect(await refusal(query(`TRUNCATE ${Article.table}_history`))).to.include({ code: '23U01' });
    await uninstall(db.sequelize, { models: [Article] });
    await install(db.sequelize, { models: [Article] });
    await refused();
    await assertEnforced(db.sequelize, { models: [Article] });
  });

  it('requireRevision: partitions too', async () => {
    await query(`CREATE TABLE parted (id integer, kind integer, title text, _created_at timestamptz, _updated_at timestamptz, PRIMARY KEY (id, kind)) PARTITION BY LIST (kind);
      CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1)`);
    class Parted extends Versioned(Setar(Model), { requireRevision: true }) {}
    Parted.init(
      {
        id: { type: DataTypes.INTEGER, primaryKey: true },
        kind: { type: DataTypes.INTEGER, primaryKey: true },
        title: DataTypes.TEXT,
      },
      {
        sequelize: db.sequelize,
        modelName: 'parted',
        tableName: 'parted',
        guitar: { partitionKey: ['kind'] },
      } as never,
    );
    await install(db.sequelize, { models: [Parted as never] });
    for (const table of ['parted', 'parted_1'])
      expect(await refusal(query(`INSERT INTO ${table} (id, kind) VALUES (1, 1)`))).to.have.property('code', '23U05');
    await query(
      `BEGIN; SELECT set_config('guitars.revision', '{"actor":"a"}', true); INSERT INTO parted_1 (id, kind) VALUES (1, 1); COMMIT`,
    );
    expect(await entries('parted')).to.have.length(1);
    await assertEnforced(db.sequelize, { models: [Parted as never] });
  });

  it('rows that their owner may not see', async () => {
    await query(`CREATE TABLE hidden (id integer PRIMARY KEY, title text);
      ALTER TABLE hidden ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY visible ON hidden USING (title <> 'hidden')`);
    class Hidden extends Versioned(Model) {}
    Hidden.init(
      { title: DataTypes.TEXT },
      { sequelize: db.connect(), modelName: 'hidden', tableName: 'hidden', timestamps: false },
    );
    const models = [Hidden as never];
    const error = await refusal(install(Hidden.sequelize as never, { models }));
    expect(error).to.be.instanceOf(InstallError);
    expect((error as Error).message).to.match(
      /"hidden" forces row-level.*ALTER TABLE "app"."hidden" NO FORCE ROW LEVEL SECURITY/,
    );
    await query('ALTER TABLE hidden NO FORCE ROW LEVEL SECURITY');
    await install(Hidden.sequelize as never, { models });
  });
});
