import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { assertEnforced, audit, Guitar, install } from '../../lib';
import { eachEngine, rows } from '../contract/world';
import { useDatabase } from '../support/database';

const NAMES: Record<string, [schema: string, table: string, column: string]> = {
  plain: ['app', 'song', 'name'],
  'spaces and quotes': ['the ON', 'a song ON x', `it's`],
  'not ASCII, in a schema that is not searched': ['схема', '表🎸', 'clé'],
  'dollars and percent signs': ['$1 %s', '$& $$ %I', '\\'],
};

eachEngine('audit never trusts comments alone', (engine) => {
  for (const [title, [schema, table, column]] of Object.entries(NAMES)) {
    describe(title, () => {
      const db = useDatabase();
      const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
      const text = (value: string) => `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
      const ref = `${quote(schema)}.${quote(table)}`;
      const found = async () =>
        (await audit(db.sequelize)).findings.map(({ message }) => /^the (\w+ \S+)/.exec(message)?.[1]);
      /** Makes the comment agree with what the catalog has. */
      const seal = (kind: string, name: string, catalog: string) =>
        db.sequelize.query(
          `SELECT guitars.seal('${kind}', ${text(ref)}, '${name}', split_part(obj_description(${catalog}), ' ', 2))`,
        );

      before(async () => {
        const { sequelize } = db;
        await sequelize.query(`CREATE SCHEMA IF NOT EXISTS ${quote(schema)}`);
        class Song extends Guitar(Model) {}
        Song.init(
          {
            name: { type: DataTypes.TEXT, field: column, unique: { name: 'song_name' } as never },
            parentId: DataTypes.INTEGER,
          },
          {
            sequelize,
            schema,
            tableName: table,
            modelName: 'Song',
            guitar: { engine },
            indexes: [{ fields: ['parentId'], name: 'up' }],
          },
        );
        Song.belongsTo(Song, { foreignKey: 'parentId', onDelete: 'CASCADE' });
        await sequelize.sync();
      });
      afterEach(async () => {
        const { warnings } = await audit(db.sequelize);
        expect(warnings.map(({ kind }) => kind)).to.deep.equal(['role']);
        expect(await rows(db.sequelize, `SELECT FROM pg_class WHERE relname LIKE 'guitars_audit%'`)).to.deep.equal([]);
      });

      it('nothing to find', async () => {
        expect(await found()).to.deep.equal([]);
      });

      it('a forged trigger, index, function, and rule', async () => {
        const { sequelize } = db;
        const oid = text(ref);
        await sequelize.query(
          `CREATE OR REPLACE TRIGGER guitars_truncate BEFORE TRUNCATE ON ${ref} WHEN (false) EXECUTE FUNCTION guitars.refuse_truncate()`,
        );
        await seal(
          'trigger',
          'guitars_truncate',
          `(SELECT oid FROM pg_trigger WHERE tgname = 'guitars_truncate' AND tgrelid = ${oid}::regclass), 'pg_trigger'`,
        );
        const index = `${quote(schema)}.song_name`;
        await sequelize.query(
          `DO $x$ DECLARE mark text := obj_description(${text(index)}::regclass, 'pg_class'); BEGIN
            DROP INDEX ${index}; CREATE UNIQUE INDEX song_name ON ${ref} (id); EXECUTE format('COMMENT ON INDEX %s IS %L', ${text(index)}, mark); END $x$`,
        );
        await seal('index', 'song_name', `${text(index)}::regclass, 'pg_class'`);
        const [stamp] = await rows<{ name: string }>(
          sequelize,
          `SELECT proname AS name FROM pg_proc JOIN pg_trigger ON tgfoid = pg_proc.oid WHERE tgname = 'guitars_cascade'`,
        );
        await sequelize.query(`ALTER FUNCTION guitars.${quote(String(stamp?.name))}() SECURITY INVOKER`);
        await seal(
          'function',
          String(stamp?.name),
          `'guitars.${quote(String(stamp?.name))}()'::regprocedure, 'pg_proc'`,
        );
        const expected = [`function ${stamp?.name.split(' ')[0]}`, 'index song_name', 'trigger guitars_truncate'];
        if (engine === 'rule') {
          await sequelize.query(
            `CREATE OR REPLACE RULE guitars_soft_delete AS ON DELETE TO ${ref} WHERE false DO INSTEAD NOTHING`,
          );
          await seal(
            'rule',
            'guitars_soft_delete',
            `(SELECT oid FROM pg_rewrite WHERE rulename = 'guitars_soft_delete' AND ev_class = ${oid}::regclass), 'pg_rewrite'`,
          );
          expected.splice(2, 0, 'rule guitars_soft_delete');
        }
        expect((await found()).sort()).to.deep.equal(expected);
        expect((await audit(sequelize, { rebuild: false })).findings.map(({ kind }) => kind)).to.not.include(
          'no_table',
        );
        // At start-up comments are trusted, unless one asks.
        expect(
          await assertEnforced(sequelize, { rebuild: true }).then(
            () => 'fine',
            ({ name }) => name,
          ),
        ).to.equal('NotEnforcedError');
      });
    });
  }
});

describe('audit of a role that may not make temporary tables', () => {
  const db = useDatabase();

  it('says that comments had to be trusted', async () => {
    class Song extends Guitar(Model) {}
    Song.init({ name: DataTypes.TEXT }, { sequelize: db.sequelize, modelName: 'Song', tableName: 'song' });
    await db.sequelize.sync();
    await install(db.sequelize);
    const admin = await db.admin();
    const {
      rows: [{ owner }],
    } = await admin.query(`SELECT relowner::regrole AS owner FROM pg_class WHERE oid = 'app.song'::regclass`);
    await admin.query(`REVOKE TEMPORARY ON DATABASE "${db.name}" FROM PUBLIC, ${owner}`);
    await admin.query(`ALTER DATABASE "${db.name}" OWNER TO CURRENT_USER`);
    await admin.query(`REVOKE TEMPORARY ON DATABASE "${db.name}" FROM ${owner}`);
    const { ok, warnings } = await audit(db.sequelize);
    expect([ok, warnings.map(({ kind }) => kind)]).to.deep.equal([true, ['unproven', 'role']]);
    expect(warnings[0]?.message).to.match(
      /judged by their comments only.*permission denied to create temporary tables/,
    );
  });
});
