import { expect } from 'chai';
import { DataTypes, Model, Sequelize } from 'sequelize';
import { audit, createUmzug, Guitar, install } from '../../../lib';
import { refusal } from '../../contract/world';
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

  it('may have made the role of an application, which is a stranger to it all the same', async () => {
    const admin = await db.admin();
    const [maker, made] = [`maker_${db.name}`, `made_${db.name}`].map((name) => name.slice(0, 63)) as [string, string];
    const connect = (name: string) => {
      const url = new URL(db.url);
      Object.assign(url, { username: name, password: 'attacker' });
      return new Sequelize(url.href, { logging: false, dialectOptions: { options: '-c search_path=shop' } });
    };
    await admin.query(`CREATE ROLE "${maker}" LOGIN CREATEROLE PASSWORD 'attacker'; CREATE SCHEMA shop AUTHORIZATION "${maker}";
      GRANT CREATE ON DATABASE "${db.name}" TO "${maker}" WITH GRANT OPTION`);
    const [sequelize, application] = [connect(maker), connect(made)];
    try {
      await sequelize.query(`CREATE ROLE "${made}" LOGIN PASSWORD 'attacker'; GRANT USAGE, CREATE ON SCHEMA shop TO "${made}";
        GRANT CREATE ON DATABASE "${db.name}" TO "${made}"`);
      class Song extends Guitar(Model) {}
      Song.init(
        { code: { type: DataTypes.STRING, primaryKey: true } },
        { sequelize, modelName: 'song', tableName: 'song', schema: 'shop' },
      );
      await sequelize.sync({ guitars: false });
      await admin.query('ALTER SCHEMA guitars RENAME TO were');
      await application.query('CREATE SCHEMA guitars');
      expect((await refusal(install(sequelize))).message).to.match(/schema "guitars" belongs to the role "made_/);
      expect((await refusal(createUmzug(sequelize).up())).message).to.match(/"guitars" belongs to another role/);
      await application.query('DROP SCHEMA guitars');
      await application.query(`CREATE FUNCTION shop.same(varchar, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT true';
        CREATE OPERATOR shop.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = shop.same)`);
      expect((await refusal(install(sequelize))).message).to.match(/would call the operator .*=.* of the role "made_/);
    } finally {
      await Promise.all([sequelize.close(), application.close()]);
      await admin.query(
        `DROP OWNED BY "${made}" CASCADE; DROP OWNED BY "${maker}" CASCADE; DROP ROLE "${made}"; DROP ROLE "${maker}"`,
      );
    }
  });
});
