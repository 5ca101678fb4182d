import { expect } from 'chai';
import { DataTypes, Model, Sequelize } from 'sequelize';
import { audit, Guitar, install } from '../../../lib';
import { useDatabase } from '../../support/database';
import { useAttacker } from './support/attacker';

describe('security: who deploys', () => {
  const db = useDatabase();
  const deployer = useAttacker(db, 'deployer');

  it('may be a member of the role that owns the tables, and is no stranger to it', async () => {
    const { role } = await deployer.grant();
    const admin = await db.admin();
    const owner = new URL(db.url).username;
    await admin.query(`GRANT "${owner}" TO "${role}"; GRANT CREATE ON DATABASE "${db.name}" TO "${role}"`);
    const url = new URL(db.url);
    Object.assign(url, { username: role, password: 'attacker' });
    const sequelize = new Sequelize(url.href, { logging: false });
    try {
      for (const own of [db.sequelize, sequelize]) {
        class Song extends Guitar(Model) {}
        Song.init({ title: DataTypes.TEXT }, { sequelize: own, tableName: 'song', schema: 'app' });
      }
      await db.sequelize.sync({ guitars: false });
      await install(sequelize);
      expect((await audit(sequelize)).findings).to.deep.equal([]);
      expect((await audit(db.sequelize)).findings).to.deep.equal([]);
    } finally {
      await sequelize.close();
    }
  });
});
