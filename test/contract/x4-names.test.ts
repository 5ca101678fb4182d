import { expect } from 'chai';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { audit, DefinitionError, type Engine, Guitar, install, plan, uninstall } from '../../lib';
import { Versioned } from '../../lib/history';
import { useDatabase } from '../support/database';
import { eachEngine, number, sqlstate } from './world';

const LONG = 'x'.repeat(62);
/** Schema, parent table, child table, key column, link column. */
const NAMES: Record<string, [string, string, string, string, string]> = {
  'mixed case and spaces': ['My Schema', 'Parent Table', 'Child Table', 'The Key', 'The Parent'],
  'quotes and dollars': [`o"brien's`, `pa"r'ent$1`, `ch"i'ld$$`, `k"e'y$guitars$`, `l"in'k`],
  'percent signs, backslashes, colons and question marks': ['%I %s', 'a\\b%s', ':name ?', '%L', '\\'],
  'not ASCII': ['схема', '表🎸', 'bébé', 'clé', 'ŝlosilo'],
  'variables of PL/pgSQL': ['new', 'old', 'tg_op', 'found', 'archived'],
  'reserved words': ['select', 'table', 'order', 'user', 'group'],
  '63 bytes that agree in all but the last': [`${LONG}s`, `${LONG}1`, `${LONG}2`, `${LONG}3`, `${LONG}4`],
  'not ASCII, 63 bytes': ['é'.repeat(31), 'é'.repeat(31), `${'é'.repeat(31)}a`, 'é'.repeat(31), `${'é'.repeat(31)}b`],
};

eachEngine('X4 any legal identifier works', (engine) => {
  for (const [title, [schema, parent, child, key, link]] of Object.entries(NAMES)) {
    describe(title, () => {
      const db = useDatabase();
      it(`X4 ${title}: install, times, cascade, restore, hard delete, audit, uninstall`, async () => {
        const { sequelize } = db;
        const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
        await sequelize.query(`CREATE SCHEMA IF NOT EXISTS ${quote(schema)}`);
        class Parent extends Guitar(Model) {}
        class Child extends Versioned(Guitar(Model)) {}
        const init = (tableName: string) => ({ sequelize, schema, tableName, guitar: { engine } });
        const id = () => ({ type: DataTypes.UUID, primaryKey: true, field: key });
        Parent.init({ id: id() }, { ...init(parent), modelName: 'Parent' });
        Child.init(
          {
            id: id(),
            no: { type: DataTypes.INTEGER, primaryKey: true },
            parentId: {
              type: DataTypes.UUID,
              field: link,
              references: { model: { tableName: parent, schema } as never, key },
              onDelete: 'CASCADE',
            },
          },
          { ...init(child), modelName: 'Child', indexes: [{ fields: [link], name: 'by_link' }] },
        );
        const tables = [`${quote(schema)}.${quote(parent)}`, `${quote(schema)}.${quote(child)}`] as const;
        await create(sequelize, tables, key, link);
        await install(sequelize);
        expect((await audit(sequelize)).findings).to.deep.equal([]);
        expect((await install(sequelize)).installed).to.deep.equal([]);
        const uuid = '00000000-0000-4000-8000-000000000001';
        await sequelize.query(`INSERT INTO ${tables[0]} (${quote(key)}) VALUES ('${uuid}')`);
        await sequelize.query(
          `INSERT INTO ${tables[1]} (${quote(key)}, no, ${quote(link)}) SELECT '${uuid}', n, '${uuid}' FROM generate_series(1, 3) AS n`,
        );
        const count = (where: string) => number(sequelize, `SELECT count(*) AS n FROM ${tables[1]} WHERE ${where}`);
        await sequelize.query(`DELETE FROM ${tables[1]} WHERE no = 3`);
        await sequelize.query(`DELETE FROM ${tables[0]}`);
        expect([await count('_deleted_at IS NULL'), await count('true')]).to.deep.equal([0, 3]);
        await sequelize.query(`UPDATE ${tables[0]} SET _deleted_at = NULL, _created_at = NULL`);
        expect(await count('_deleted_at IS NULL')).to.equal(2);
        // Sequelize drops a double quote from a name, and so speaks of another table: raw SQL still holds.
        if (!title.startsWith('quotes')) {
          expect(await Child.destroy({ where: { no: 1 } })).to.equal(1);
          expect(await Parent.hardDelete({ where: {} })).to.equal(1);
        } else {
          await sequelize.query(`BEGIN; SET LOCAL guitars.hard_delete = on; DELETE FROM ${tables[0]}; COMMIT`);
        }
        expect(await count('true')).to.equal(0);
        // History goes on by the key where the column of versions had gone.
        await sequelize.query(`ALTER TABLE ${tables[1]} DROP COLUMN _version`);
        await install(sequelize);
        await uninstall(sequelize);
        expect((await audit(sequelize)).ok).to.equal(false);
      });
    });
  }
});

describe('X4 names, beside their tables', () => {
  const db = useDatabase();

  it('X4 a name that PostgreSQL would cut is refused, the column of deletions too', () => {
    const long = 'é'.repeat(32);
    for (const [tableName, deletionColumn] of [
      [long, '_deletion'],
      ['short', long],
    ] as const) {
      const sequelize = db.connect();
      class Long extends Guitar(Model) {}
      Long.init({ name: DataTypes.TEXT }, { sequelize, tableName, guitar: { deletionColumn } });
      expect(() => plan(sequelize)).to.throw(DefinitionError, `the name "${long}" is longer than the 63 bytes`);
    }
  });

  it('X4 an index that is unique among live rows may have quotes and dots in its names', async () => {
    const { sequelize } = db;
    class Odd extends Guitar(Model) {}
    const options = {
      tableName: 'o"d.d',
      modelName: 'Odd',
      indexes: [{ name: 'i"n.d', unique: true, fields: ['co"l.'] }],
    };
    Odd.init({ value: { type: DataTypes.TEXT, field: 'co"l.' } }, { sequelize, ...options });
    await sequelize.query(`CREATE TABLE "o""d.d" (id serial PRIMARY KEY, "co""l." text,
      _created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz)`);
    await install(sequelize);
    expect((await audit(sequelize)).findings).to.deep.equal([]);
    await sequelize.query(`INSERT INTO "o""d.d" ("co""l.") VALUES ('a')`);
    expect(await sqlstate(sequelize.query(`INSERT INTO "o""d.d" ("co""l.") VALUES ('a')`))).to.equal('23505');
  });

  it('X4 what was installed for a plain model’s history is uninstalled, and an engine’s function goes with the engine', async () => {
    const sequelize = db.connect();
    const time = 'timestamptz NOT NULL DEFAULT now()';
    await sequelize.query(`CREATE TABLE kept (id serial PRIMARY KEY); CREATE TABLE node (id serial PRIMARY KEY, "parentId" int
      REFERENCES node, _created_at ${time}, _updated_at ${time}, _deleted_at timestamptz)`);
    class Kept extends Versioned(Model) {}
    Kept.init({}, { sequelize, tableName: 'kept', timestamps: false });
    const nodes = (on: Sequelize, engine: Engine) => {
      class Node extends Guitar(Model) {}
      Node.init({}, { sequelize: on, tableName: 'node', guitar: { engine } });
      Node.belongsTo(Node, { foreignKey: 'parentId', onDelete: 'NO ACTION' });
      return on;
    };
    await install(nodes(sequelize, 'rule'));
    const other = nodes(db.connect(), 'trigger');
    expect((await install(other)).retired.join()).to.include('node_parents_insert');
    expect((await install(other)).retired).to.deep.equal([]);
    await uninstall(sequelize, { models: [Kept] });
    const triggers = `SELECT count(*) AS n FROM pg_trigger WHERE tgrelid = 'kept'::regclass AND NOT tgisinternal`;
    expect(await number(sequelize, triggers)).to.equal(0);
  });
});

// Sequelize's own createTable cannot quote all of these names; the library must.
async function create(
  sequelize: import('sequelize').Sequelize,
  [parent, child]: readonly [string, string],
  key: string,
  link: string,
) {
  const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const times =
    '_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz';
  await sequelize.query(`CREATE TABLE ${parent} (${quote(key)} uuid PRIMARY KEY, ${times})`);
  await sequelize.query(
    `CREATE TABLE ${child} (${quote(key)} uuid, no int, ${quote(link)} uuid REFERENCES ${parent} ON DELETE CASCADE, ${times}, PRIMARY KEY (${quote(key)}, no))`,
  );
  await sequelize.query(`CREATE INDEX ON ${child} (${quote(link)})`);
}
