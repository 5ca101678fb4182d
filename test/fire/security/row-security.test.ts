import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { Guitar } from '../../../lib';
import { Versioned } from '../../../lib/history/versioned';
import { live, number } from '../../contract/world';
import { useDatabase } from '../../support/database';
import { useAttacker } from './support/attacker';

/** Tenants see their own rows. Row-level security is for the trigger engine: the rule engine refuses it. */
describe('security: row-level security', () => {
  const db = useDatabase();
  const tenant = useAttacker(db, 'tenant');
  const run = (...sql: string[]) => tenant.it.client.query(sql.join('; '));

  before(async () => {
    const { sequelize } = db;
    const init = (name: string) => ({
      sequelize,
      modelName: name,
      tableName: name,
      guitar: { engine: 'trigger' } as const,
    });
    class Project extends Versioned(Guitar(Model)) {}
    class Task extends Guitar(Model) {}
    Project.init({ tenant: DataTypes.TEXT, name: { type: DataTypes.TEXT, unique: true } }, init('project'));
    Task.init({ tenant: DataTypes.TEXT }, { ...init('task'), indexes: [{ fields: ['project_id'] }] });
    Task.belongsTo(Project, { foreignKey: 'project_id', onDelete: 'CASCADE' });
    await sequelize.sync();
    for (const table of ['project', 'task'])
      await sequelize.query(
        `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON ${table} USING (tenant = 'a')`,
      );
    await tenant.grant();
    await sequelize.query(`REVOKE ALL ON project_history FROM "${tenant.it.role}"`);
    await run('SET search_path = app');
  });
  beforeEach(() =>
    db.sequelize.query(`BEGIN; SET LOCAL guitars.hard_delete = on; TRUNCATE project, task; COMMIT;
      INSERT INTO project (id, tenant, name) VALUES (1, 'a', 'mine'), (2, 'b', 'hidden');
      INSERT INTO task (id, tenant, project_id) VALUES (1, 'a', 1), (2, 'b', 1), (3, 'b', 2)`),
  );

  it('it archives and restores no row that it does not see', async () => {
    await run('DELETE FROM project', 'DELETE FROM task');
    expect([await live(db.sequelize, 'project'), await live(db.sequelize, 'task')]).to.deep.equal([1, 1]);
    await db.sequelize.query('DELETE FROM project WHERE id = 2');
    await run('UPDATE project SET _deleted_at = NULL');
    expect(await number(db.sequelize, `SELECT id AS n FROM project WHERE _deleted_at IS NULL`)).to.equal(1);
  });

  it('a cascade acts as the key does: on all children, also those that the role does not see', async () => {
    await run('DELETE FROM project');
    expect(await number(db.sequelize, 'SELECT id AS n FROM task WHERE _deleted_at IS NULL')).to.equal(3);
    await run('UPDATE project SET _deleted_at = NULL');
    expect(await live(db.sequelize, 'task')).to.equal(3);
  });

  it('a hidden parent is judged, and its values are not told', async () => {
    await db.sequelize.query('DELETE FROM project WHERE id = 2');
    const refused = await run(`INSERT INTO task (id, tenant, project_id) VALUES (4, 'a', 2)`).catch((error) => error);
    expect(refused.code).to.equal('23503');
    expect(JSON.stringify([refused.message, refused.detail, refused.hint])).not.to.match(/hidden/);
    await db.sequelize.query('UPDATE project SET _deleted_at = NULL');
    const taken = await run(`INSERT INTO project (id, tenant, name) VALUES (3, 'a', 'hidden')`).catch((error) => error);
    expect([taken.code, taken.detail]).to.deep.equal(['23505', undefined]);
  });

  it('its history has no policies: whom it is granted reads all of it', async () => {
    expect(await tenant.it.code('SELECT FROM project_history')).to.equal('42501');
    await db.sequelize.query(`GRANT SELECT ON project_history TO "${tenant.it.role}"`);
    expect(await tenant.it.value(`SELECT count(*)::int FROM project_history WHERE tenant = 'b'`)).to.be.greaterThan(0);
    await db.sequelize.query(
      `ALTER TABLE project_history ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON project_history USING (tenant = 'a')`,
    );
    expect(await tenant.it.value(`SELECT count(*)::int FROM project_history WHERE tenant = 'b'`)).to.equal(0);
    await run(`UPDATE project SET name = 'written'`);
    expect(await tenant.it.value(`SELECT count(*)::int FROM project_history WHERE name = 'written'`)).to.equal(1);
  });
});
