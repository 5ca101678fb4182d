import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { audit, Guitar, install } from '../../lib';
import { eachEngine, held, live, refusal, sqlstate, useWorld } from '../contract/world';

eachEngine('tables that inherit', (engine) => {
  const world = useWorld(engine);
  const query = (sql: string) => world.db.sequelize.query(sql);
  const found = async () => {
    const { findings, warnings } = await audit(world.db.sequelize);
    return [...findings, ...warnings].filter(({ kind }) => kind === 'inheritance');
  };
  beforeEach(() => query(`INSERT INTO fan (id) VALUES (1), (2)`));

  /** What a DELETE that comes by another table does to the rows of fan. */
  async function comesBy(sql: string): Promise<void> {
    if (engine === 'rule') expect(await sqlstate(query(sql))).to.equal('23001');
    else await query(sql);
    const left = await live(world.db.sequelize, 'fan');
    expect([left, await held(world.db.sequelize, 'fan')]).to.deep.equal([engine === 'rule' ? 2 : 1, 2]);
  }

  it('D1 a DELETE of a table that ours inherits from removes no row', async () => {
    await query('CREATE TABLE elder (id int NOT NULL); ALTER TABLE fan INHERIT elder');
    await comesBy('DELETE FROM elder WHERE id = 1');
    const [finding] = await found();
    expect([finding?.severity, finding?.remedy]).to.deep.equal(
      engine === 'rule' ? ['warning', 'ALTER TABLE "app"."fan" NO INHERIT "app"."elder";'] : [undefined, undefined],
    );
    await query('ALTER TABLE fan NO INHERIT elder; DROP TABLE elder');
  });

  it('D1 a DELETE of a table that ours was attached to as a partition removes no row', async () => {
    await query(
      'CREATE TABLE whole (LIKE fan) PARTITION BY RANGE (id); ALTER TABLE whole ATTACH PARTITION fan DEFAULT',
    );
    await comesBy('DELETE FROM whole WHERE id = 1');
    const [finding] = await found();
    expect(finding?.severity).to.equal(engine === 'rule' ? 'error' : undefined);
    if (engine === 'rule') expect((await refusal(install(world.db.sequelize))).message).to.match(/is partitioned/);
    await query(finding?.remedy ?? 'ALTER TABLE whole DETACH PARTITION fan');
    await query('DROP TABLE whole');
    expect(await found()).to.deep.equal([]);
  });

  it('D1 DROP TABLE … CASCADE of a parent takes the rule along, and no row', async () => {
    await query('INSERT INTO region (id, name) VALUES (1, $$r$$); INSERT INTO city (id, region_id) VALUES (1, 1)');
    await query('BEGIN; DROP TABLE region CASCADE; SAVEPOINT dropped; COMMIT');
    expect(await sqlstate(query('DELETE FROM city'))).to.equal('42P01');
    expect(await held(world.db.sequelize, 'city')).to.equal(1);
    await world.db.sequelize.sync();
  });

  it('heirs that no model knows: the trigger engine refuses the table, and audit names them', async () => {
    await query('CREATE TABLE heir () INHERITS (fan)');
    const [finding] = await found();
    expect([finding?.severity, finding?.remedy]).to.deep.equal([
      engine === 'rule' ? 'warning' : 'error',
      'ALTER TABLE "app"."heir" NO INHERIT "app"."fan";',
    ]);
    if (engine === 'trigger')
      expect((await refusal(install(world.db.sequelize))).message).to.match(
        /the table "heir" inherits from "fan".*NO INHERIT/,
      );
    else await install(world.db.sequelize);
    class Heir extends Guitar(Model) {}
    Heir.init(
      { id: { type: DataTypes.INTEGER, primaryKey: true } },
      { sequelize: world.db.sequelize, modelName: 'heir', tableName: 'heir', guitar: { engine: 'trigger' } },
    );
    await query('ALTER TABLE heir ADD PRIMARY KEY (id)');
    await install(world.db.sequelize);
    expect(await found()).to.deep.equal([]);
    await query('INSERT INTO heir (id) VALUES (3); DELETE FROM fan WHERE id = 3');
    expect([await live(world.db.sequelize, 'heir'), await held(world.db.sequelize, 'heir')]).to.deep.equal([0, 1]);
    world.db.sequelize.modelManager.removeModel(Heir);
    await query('DROP TABLE heir');
  });
});

eachEngine('tables and columns that were renamed', (engine) => {
  const world = useWorld(engine);
  const query = (sql: string) => world.db.sequelize.query(sql);
  const kinds = async () => (await audit(world.db.sequelize)).findings.map(({ kind, message }) => `${kind} ${message}`);
  beforeEach(() => query(`INSERT INTO fan (id) VALUES (1)`));

  it('audit names a column that is not there, rather than fail', async () => {
    for (const [table, column] of [
      ['fan', '_updated_at'],
      ['fan', '_deleted_at'],
      ['city', 'region_id'],
      ['region', 'id'],
    ] as const) {
      await query(`ALTER TABLE ${table} RENAME ${column} TO was`);
      expect((await kinds())[0]).to.match(new RegExp(`^missing_column the table ${table} has no column "${column}"`));
      await query(`ALTER TABLE ${table} RENAME was TO ${column}`);
    }
    expect(await kinds()).to.deep.equal([]);
  });

  it('another table that has taken the name loses no row to a DELETE of the renamed one', async () => {
    await query('ALTER TABLE fan RENAME TO was; CREATE TABLE fan (LIKE was INCLUDING ALL); INSERT INTO fan TABLE was');
    if (engine === 'rule') await query('DELETE FROM was');
    else expect(await sqlstate(query('DELETE FROM was'))).to.equal('55000');
    expect([await live(world.db.sequelize, 'fan'), await held(world.db.sequelize, 'was')]).to.deep.equal([1, 1]);
    await query('DROP TABLE fan; ALTER TABLE was RENAME TO fan');
    expect(await kinds()).to.deep.equal([]);
  });
});
