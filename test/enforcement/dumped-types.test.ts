import { expect } from 'chai';
import { DataTypes, Model, Op, type Sequelize } from 'sequelize';
import { audit, Guitar, install } from '../../lib';
import { Versioned } from '../../lib/history';
import { protect, update, when } from '../../lib/triggers';
import { rows, sqlstate } from '../contract/world';
import { useDatabase } from '../support/database';

/** Keys and conditions of `citext`, whose operators lie in the schema of the extension. */
function define(sequelize: Sequelize): void {
  class Word extends Versioned(Guitar(Model)) {}
  class Use extends Guitar(Model) {}
  Word.init(
    { id: { type: DataTypes.CITEXT, primaryKey: true }, state: DataTypes.CITEXT },
    {
      sequelize,
      tableName: 'word',
      guitar: { engine: 'trigger' },
      triggers: [
        protect({ operation: update, name: 'kept', condition: when({ old: { state: 'Kept' } }) }),
        protect({
          operation: update,
          name: 'others',
          condition: when({ old: { state: { [Op.in]: ['Held', 'Used'] } } }),
        }),
        protect({ operation: update, name: 'late', condition: when({ old: { state: { [Op.gte]: 'X' } } }) }),
      ],
    },
  );
  Use.init({ word: DataTypes.CITEXT }, { sequelize, tableName: 'use', indexes: [{ fields: ['word'] }] });
  Use.belongsTo(Word, { foreignKey: 'word', onDelete: 'CASCADE' });
}

const DEFINITIONS = `SELECT tgname AS name, tgrelid::regclass::text AS table, pg_get_triggerdef(oid) AS definition FROM pg_trigger
  WHERE NOT tgisinternal AND tgparentid = 0 ORDER BY tgname, tgrelid::regclass::text`;

describe("triggers of an extension's type, as pg_dump writes them", () => {
  const db = useDatabase();

  it('come back as they were, under a search_path that is empty', async () => {
    const { sequelize } = db;
    await (await db.admin()).query('CREATE EXTENSION citext SCHEMA app');
    define(sequelize);
    await sequelize.sync({ guitars: false });
    await install(sequelize);
    const found = await rows<{ definition: string }>(sequelize, DEFINITIONS);
    const client = await db.client();
    await client.query(`SELECT set_config('search_path', '', false)`);
    const { rows: dumped } = await client.query<{ name: string; table: string; definition: string }>(DEFINITIONS);
    expect(dumped.length).to.be.greaterThan(10);
    const comments = `SELECT format('COMMENT ON TRIGGER %I ON %s IS %L', tgname, tgrelid::regclass, obj_description(oid, 'pg_trigger')) AS sql FROM pg_trigger WHERE NOT tgisinternal`;
    const { rows: seals } = await client.query<{ sql: string }>(comments);
    for (const { name, table } of dumped) await client.query(`DROP TRIGGER "${name}" ON ${table}`);
    for (const { definition } of dumped) await client.query(definition);
    for (const { sql } of seals) await client.query(sql);
    expect(await rows(sequelize, DEFINITIONS)).to.deep.equal(found);
    expect((await audit(sequelize)).findings).to.deep.equal([]);
    await sequelize.query(
      `INSERT INTO word (id, state) VALUES ('a', 'kEPT'), ('b', 'hELD'), ('c', 'y'), ('d', 'free'), ('e', NULL)`,
    );
    for (const id of ['A', 'B', 'C'])
      expect(await sqlstate(sequelize.query(`UPDATE word SET state = 'z' WHERE id = '${id}'`)), id).to.equal('23U01');
    await sequelize.query(`UPDATE word SET state = 'z' WHERE id IN ('D', 'E')`);
  });
});
