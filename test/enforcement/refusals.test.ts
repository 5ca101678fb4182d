import { expect } from 'chai';
import { DataTypes, Model, type ModelAttributes, type Sequelize } from 'sequelize';
import { audit, DefinitionError, Guitar, type GuitarOptions, InstallError, install, Setar, uninstall } from '../../lib';
import { number, refusal, rows } from '../contract/world';
import { useDatabase } from '../support/database';

const TIMES =
  '_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz';

const define = (
  sequelize: Sequelize,
  name: string,
  attributes: ModelAttributes = {},
  guitar: GuitarOptions = {},
  modelName = name,
) => {
  class Made extends Guitar(Model) {}
  Made.init(attributes, { sequelize, modelName, tableName: name, guitar });
  return Made;
};

describe('install refuses what it could not protect', () => {
  const db = useDatabase();
  const query = (sql: string) => db.sequelize.query(sql);
  before(async () => {
    await query(`CREATE TABLE plain (id serial PRIMARY KEY, a int, b int, UNIQUE (a, b))`);
    await query(`CREATE TABLE parent (id serial PRIMARY KEY, ${TIMES})`);
  });
  beforeEach(() => query('DROP TABLE IF EXISTS child, tree'));
  const refused = async (sequelize: Sequelize) => {
    const before = await number(sequelize, `SELECT count(*) AS n FROM pg_trigger WHERE NOT tgisinternal`);
    const error = await refusal(install(sequelize));
    expect(error).to.be.instanceOf(InstallError);
    expect(await number(sequelize, `SELECT count(*) AS n FROM pg_trigger WHERE NOT tgisinternal`)).to.equal(before);
    return error.message;
  };

  it('F1 a key that cascades in the database and not in the models', async () => {
    await query(
      `CREATE TABLE child (id serial PRIMARY KEY, a int, b int, plain_id int REFERENCES plain ON DELETE CASCADE, ${TIMES})`,
    );
    const sequelize = db.connect();
    define(sequelize, 'child', { plain_id: DataTypes.INTEGER });
    expect(await refused(sequelize)).to.match(
      /child: the foreign key "child_plain_id_fkey" \(plain_id → plain\) is ON DELETE CASCADE.*\{ onDelete: 'CASCADE' \}/s,
    );
    await query('ALTER TABLE child DROP CONSTRAINT child_plain_id_fkey');
    await query('ALTER TABLE child ADD CONSTRAINT pair FOREIGN KEY (a, b) REFERENCES plain (a, b) ON DELETE CASCADE');
    expect(await refused(sequelize)).to.match(
      /"pair" \(a, b → plain\).*key of several columns: make it ON DELETE RESTRICT/s,
    );
    await query('ALTER TABLE child DROP CONSTRAINT pair');
    await install(sequelize);
  });

  it('F3 a deferrable key', async () => {
    await query(
      `CREATE TABLE child (id serial PRIMARY KEY, parent_id int REFERENCES parent DEFERRABLE, ${TIMES}); CREATE INDEX ON child (parent_id)`,
    );
    const sequelize = db.connect();
    define(sequelize, 'parent');
    define(sequelize, 'child', { parent_id: { type: DataTypes.INTEGER, references: { model: 'parent', key: 'id' } } });
    expect(await refused(sequelize)).to.match(/"child_parent_id_fkey".*is deferrable.*NOT DEFERRABLE/s);
    await query('ALTER TABLE child ALTER CONSTRAINT child_parent_id_fkey NOT DEFERRABLE');
    await install(sequelize);
  });

  it('an index whose name is that of another table’s', async () => {
    await query(`CREATE TABLE child (id serial PRIMARY KEY, name text, ${TIMES})`);
    await query('CREATE INDEX child_name_unique ON parent (id)');
    const sequelize = db.connect();
    define(sequelize, 'child', { name: { type: DataTypes.TEXT, unique: true } });
    expect(await refused(sequelize)).to.match(
      /the index "child_name_unique" .* that of another relation, on parent\. Rename/,
    );
    await query('DROP INDEX child_name_unique');
    await install(sequelize);
    await install(sequelize);
  });

  it('row-level security that a rule, or a cascade, would go round', async () => {
    await query(
      `CREATE TABLE tree (id serial PRIMARY KEY, up int REFERENCES tree ON DELETE CASCADE, ${TIMES}); ALTER TABLE tree ENABLE ROW LEVEL SECURITY`,
    );
    const up = { type: DataTypes.INTEGER, references: { model: 'tree', key: 'id' }, onDelete: 'CASCADE' };
    const byRule = db.connect();
    define(byRule, 'tree', { up });
    expect(await refused(byRule)).to.match(/tree: the table "tree" has row-level security.*engine: 'trigger'/s);
    const byTrigger = db.connect();
    define(byTrigger, 'tree', { up: { ...up } }, { engine: 'trigger' });
    await install(byTrigger);
    await query('ALTER TABLE tree FORCE ROW LEVEL SECURITY');
    expect(await refused(byTrigger)).to.match(/forces row-level security.*NO FORCE ROW LEVEL SECURITY/s);
  });

  it('two models of one table that do not agree; those that do are enforced together', async () => {
    await query(
      `CREATE TABLE child (id serial PRIMARY KEY, parent_id int REFERENCES parent ON DELETE CASCADE, ${TIMES}); CREATE INDEX ON child (parent_id)`,
    );
    const sequelize = db.connect();
    define(sequelize, 'parent');
    define(sequelize, 'child', {}, {}, 'one');
    const parent_id = { type: DataTypes.INTEGER, references: { model: 'parent', key: 'id' }, onDelete: 'CASCADE' };
    define(sequelize, 'child', { parent_id }, {}, 'other');
    await install(sequelize);
    expect((await audit(sequelize)).findings).to.deep.equal([]);
    await query(
      'INSERT INTO parent DEFAULT VALUES; INSERT INTO child (parent_id) SELECT id FROM parent; DELETE FROM parent',
    );
    expect(await number(sequelize, 'SELECT count(*) AS n FROM child WHERE _deleted_at IS NULL')).to.equal(0);
    class Less extends Setar(Model) {}
    Less.init({}, { sequelize, modelName: 'less', tableName: 'child' });
    const error = await refusal(install(sequelize));
    expect(error).to.be.instanceOf(DefinitionError);
    expect(error.message).to.match(/one and less are models of one table, "child", and do not agree/);
    await query('BEGIN; SET LOCAL guitars.hard_delete = on; DELETE FROM parent; COMMIT');
  });

  it('a schema "guitars" of somebody else', async () => {
    await query('DROP SCHEMA guitars CASCADE; CREATE SCHEMA guitars; CREATE TABLE guitars.price (n int)');
    const sequelize = db.connect();
    define(sequelize, 'parent');
    expect((await refusal(install(sequelize))).message).to.match(/schema "guitars" holds objects of somebody else/);
    await query('DROP SCHEMA guitars CASCADE');
  });
});

describe('install leaves alone what is not ours, and mends what is', () => {
  const db = useDatabase();
  const query = (sql: string) => db.sequelize.query(sql);
  before(async () => {
    define(db.sequelize, 'parent');
    define(db.sequelize, 'child', {
      parent_id: { type: DataTypes.INTEGER, references: { model: 'parent', key: 'id' }, onDelete: 'CASCADE' },
    });
    await db.sequelize.sync();
    await query('CREATE INDEX ON child (parent_id)');
  });

  it('a user’s trigger whose name begins as ours do', async () => {
    await query(`CREATE FUNCTION app.price() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`);
    await query('CREATE TRIGGER guitars_set_price BEFORE INSERT ON parent FOR EACH ROW EXECUTE FUNCTION app.price()');
    expect((await install(db.sequelize)).retired).to.deep.equal([]);
    await db.sequelize.sync({ alter: true });
    await uninstall(db.sequelize);
    expect(await rows(db.sequelize, `SELECT tgname FROM pg_trigger WHERE NOT tgisinternal`)).to.deep.equal([
      { tgname: 'guitars_set_price' },
    ]);
    await install(db.sequelize);
  });

  it('a shared function that is missing or was edited', async () => {
    await query(`DROP FUNCTION guitars.note_link(regclass)`);
    await query(
      `CREATE OR REPLACE FUNCTION guitars.refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
    );
    const { findings } = await audit(db.sequelize);
    expect(findings.map(({ message }) => /guitars\.\w+/.exec(message)?.[0])).to.have.members([
      'guitars.note_link',
      'guitars.refuse_truncate',
    ]);
    await install(db.sequelize);
    expect((await audit(db.sequelize)).findings).to.deep.equal([]);
  });

  it('uninstalling a child leaves what its parent’s cascade asks', async () => {
    await uninstall(db.sequelize, { models: [db.sequelize.models.child as never] });
    await query('INSERT INTO parent DEFAULT VALUES');
    const client = await db.client();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ; DELETE FROM parent; COMMIT');
    await install(db.sequelize);
  });

  it('X1 nobody but its owner may execute a function of a table', async () => {
    const open = `SELECT proname FROM pg_proc WHERE pronamespace = 'guitars'::regnamespace AND prosecdef AND proname ~ '_[0-9a-f]{8}$'
      AND EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0)`;
    expect(await rows(db.sequelize, open)).to.deep.equal([]);
    await query(`DO $$ BEGIN EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION guitars.%I() TO PUBLIC', proname) FROM pg_proc
      WHERE pronamespace = 'guitars'::regnamespace AND proname LIKE 'parent_cascade_%'); END $$`);
    expect((await audit(db.sequelize)).findings.map(({ kind }) => kind)).to.deep.equal(['drifted']);
    await install(db.sequelize);
    expect(await rows(db.sequelize, open)).to.deep.equal([]);
  });

  it('X3 an operator that somebody puts into public is not used', async () => {
    const sequelize = db.connect();
    const admin = await db.admin();
    await admin.query('GRANT CREATE ON SCHEMA public TO PUBLIC');
    define(sequelize, 'shelf', { code: { type: DataTypes.STRING(20), primaryKey: true } });
    define(sequelize, 'book', {
      shelf: { type: DataTypes.STRING(20), references: { model: 'shelf', key: 'code' }, onDelete: 'CASCADE' },
    });
    await sequelize.sync();
    await sequelize.query(
      `CREATE FUNCTION public.trap(varchar, varchar) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$`,
    );
    await sequelize.query('CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = public.trap)');
    await sequelize.query(
      `INSERT INTO shelf (code) VALUES ('a'); INSERT INTO book (shelf) VALUES ('a'), ('a'); DELETE FROM shelf`,
    );
    expect(await number(sequelize, 'SELECT count(*) AS n FROM book WHERE _deleted_at IS NOT NULL')).to.equal(2);
    await sequelize.query(`UPDATE shelf SET _deleted_at = NULL`);
    expect(await number(sequelize, 'SELECT count(*) AS n FROM book WHERE _deleted_at IS NULL')).to.equal(2);
  });
});
