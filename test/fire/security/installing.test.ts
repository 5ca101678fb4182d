import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { audit, createUmzug, Guitar, InstallError, install } from '../../../lib';
import { Versioned } from '../../../lib/history/versioned';
import { refusal } from '../../contract/world';
import { useDatabase } from '../../support/database';
import { useAttacker } from './support/attacker';

describe('security: installing among strangers', () => {
  const db = useDatabase();
  const attacker = useAttacker(db, 'stranger');

  before(async () => {
    const { role } = await attacker.grant();
    const admin = await db.admin();
    // As every role may in public up to PostgreSQL 14.
    await admin.query(`GRANT CREATE ON SCHEMA public TO "${role}"; GRANT CREATE ON DATABASE "${db.name}" TO "${role}"`);
  });

  /** A model with keys of text, for which an operator of just these types can be made. */
  function define(path: string, name: string) {
    const sequelize = db.connect({ dialectOptions: { options: `-c search_path=${path}` } });
    class Parent extends Guitar(Model) {}
    class Child extends Guitar(Model) {}
    const init = (own: string) => ({ sequelize, modelName: own, tableName: own, schema: 'app' });
    Parent.init({ code: { type: DataTypes.STRING, primaryKey: true } }, init(name));
    Child.init(
      { code: { type: DataTypes.STRING, primaryKey: true } },
      { ...init(`${name}_child`), indexes: [{ fields: ['parent'] }] },
    );
    Child.belongsTo(Parent, { foreignKey: 'parent', onDelete: 'CASCADE' });
    return sequelize;
  }

  it('a schema "guitars" that somebody else has made first is refused, whatever it holds', async () => {
    const { client, role } = attacker.it;
    await client.query('CREATE SCHEMA guitars; GRANT ALL ON SCHEMA guitars TO PUBLIC');
    const sequelize = define('app', 'first');
    await sequelize.sync({ guitars: false });
    const said = new RegExp(`The schema "guitars" belongs to the role "${role}"`);
    const refused = await refusal(install(sequelize));
    expect(refused).to.be.instanceOf(InstallError);
    expect(refused.message).to.match(said);
    expect((await refusal(createUmzug(sequelize).up())).message).to.match(/schema "guitars" belongs to another role/);
    await client.query(`COMMENT ON SCHEMA guitars IS 'Functions and bookkeeping of sequelize-guitars'`);
    expect((await refusal(install(sequelize))).message).to.match(said);
    const admin = await db.admin();
    await admin.query(`ALTER SCHEMA guitars OWNER TO "${new URL(db.url).username}"`);
    await install(sequelize);
    expect((await audit(sequelize)).findings).to.deep.equal([]);
    await admin.query(`ALTER SCHEMA guitars OWNER TO "${role}"`);
    expect((await audit(sequelize)).findings.map(({ kind }) => kind)).to.include('captured');
    expect((await refusal(install(sequelize))).message).to.match(said);
    await admin.query(`ALTER SCHEMA guitars OWNER TO "${new URL(db.url).username}"`);
    await admin.query(`REVOKE ALL ON SCHEMA guitars FROM PUBLIC, "${role}"; GRANT USAGE ON SCHEMA guitars TO PUBLIC`);
  });

  it('an operator for just the types of a key, in a schema of the search_path, is not taken into what is installed', async () => {
    const { client, role } = attacker.it;
    await client.query(`CREATE FUNCTION public.same(varchar, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT true';
      CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = public.same)`);
    try {
      const open = define('app,public', 'open');
      await open.sync({ guitars: false });
      const error = await refusal(install(open));
      expect(error).to.be.instanceOf(InstallError);
      expect(error.message).to.match(new RegExp(`would call the operator .*=.* of the role "${role}"`));
      expect((await audit(open)).findings.map(({ kind }) => kind)).to.include('missing');
      const shut = define('app', 'open');
      await install(shut);
      expect((await audit(shut)).findings).to.deep.equal([]);
      // As a migration would, which is SQL alone.
      await open.query(
        `CREATE OR REPLACE RULE guitars_soft_delete AS ON DELETE TO app.open WHERE OLD.code = OLD.code DO INSTEAD NOTHING`,
      );
      const found = (await audit(shut)).findings.find(({ kind }) => kind === 'captured');
      expect(found?.message).to.match(/the rule guitars_soft_delete on "app"."open" calls the operator/);
      await install(shut);
      expect((await audit(shut)).findings).to.deep.equal([]);
    } finally {
      await client.query('DROP FUNCTION public.same CASCADE');
    }
  });

  it('nor an operator that a stranger has made of a function of somebody else', async () => {
    const { client, role } = attacker.it;
    const admin = await db.admin();
    await admin.query(`CREATE EXTENSION citext SCHEMA public; GRANT CREATE ON SCHEMA app TO "${role}"`);
    await client.query(
      `CREATE OPERATOR app.= (LEFTARG = public.citext, RIGHTARG = public.citext, FUNCTION = public.citext_ne)`,
    );
    try {
      const sequelize = db.connect({ dialectOptions: { options: '-c search_path=app,public' } });
      class Word extends Guitar(Model) {}
      Word.init(
        { code: { type: DataTypes.CITEXT, primaryKey: true } },
        { sequelize, modelName: 'word', tableName: 'word', schema: 'app' },
      );
      await sequelize.sync({ guitars: false });
      const { message } = await refusal(install(sequelize));
      expect(message).to.match(new RegExp(`would call the operator .*=.* of the role "${role}"`));
    } finally {
      await client.query('DROP OPERATOR app.= (public.citext, public.citext) CASCADE');
      await admin.query(`REVOKE CREATE ON SCHEMA app FROM "${role}"`);
    }
  });

  it('a table of the same name in a schema before ours is not taken for ours', async () => {
    const { client } = attacker.it;
    await client.query(
      'CREATE SCHEMA before_ours; GRANT ALL ON SCHEMA before_ours TO PUBLIC; CREATE TABLE before_ours.twin (id int PRIMARY KEY)',
    );
    await db.sequelize.query('CREATE TABLE app.twin (id int PRIMARY KEY)');
    class Twin extends Guitar(Model) {}
    const sequelize = db.connect({ dialectOptions: { options: '-c search_path=before_ours,app' } });
    Twin.init(
      { id: { type: DataTypes.INTEGER, primaryKey: true } },
      { sequelize, modelName: 'twin', tableName: 'twin' },
    );
    expect(await refusal(install(sequelize))).to.be.instanceOf(InstallError);
    await client.query('DROP SCHEMA before_ours CASCADE');
  });

  it('default privileges let nobody write a history, nor a month of it; what is granted later is told', async () => {
    const { role, client } = attacker.it;
    await db.sequelize.query(`ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT ALL ON TABLES TO "${role}"`);
    await db.sequelize.query('ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT INSERT ON TABLES TO PUBLIC');
    class Note extends Versioned(Guitar(Model)) {}
    class Log extends Versioned(Guitar(Model), { partition: 'month' }) {}
    const sequelize = db.connect();
    Note.init({ text: DataTypes.STRING }, { sequelize, modelName: 'note', tableName: 'note' });
    Log.init({ text: DataTypes.STRING }, { sequelize, modelName: 'log', tableName: 'log' });
    await sequelize.sync();
    await db.sequelize.query(`REVOKE TRIGGER ON note, log FROM "${role}"`);
    await client.query(
      `INSERT INTO app.note (id, text) VALUES (1, 'a'); INSERT INTO app.log (id, text) VALUES (1, 'a')`,
    );
    const [months] = await sequelize.query(
      `SELECT oid::regclass::text AS name FROM pg_class WHERE relnamespace = 'app'::regnamespace AND relkind IN ('r', 'p') AND relname ~ '_history'`,
    );
    expect(months).to.have.length(6);
    for (const { name } of months as { name: string }[]) {
      const entry = `INSERT INTO app.${name} (_operation, _at, _transaction) VALUES ('insert', now(), 1)`;
      for (const sql of [
        entry,
        `UPDATE app.${name} SET _actor = 'b'`,
        `SET guitars.edit_history = on; DELETE FROM app.${name}`,
        `TRUNCATE app.${name}`,
      ])
        expect(await attacker.it.code(sql), sql).to.equal('42501');
    }
    await client.query('RESET guitars.edit_history');
    expect((await audit(sequelize)).warnings.filter(({ model }) => model !== '*')).to.deep.equal([]);
    await sequelize.query(`GRANT INSERT ON ALL TABLES IN SCHEMA app TO "${role}"; GRANT TRIGGER ON note TO "${role}"`);
    const told = (await audit(sequelize)).warnings.map(({ remedy }) => remedy);
    expect(told).to.include.members([
      `REVOKE INSERT ON "app"."note_history" FROM "${role}";`,
      `REVOKE INSERT ON "app"."log_history" FROM "${role}";`,
      `REVOKE TRIGGER ON "app"."note" FROM "${role}";`,
    ]);
  });
});
