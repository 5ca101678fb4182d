import { DataTypes, Model, type Sequelize } from 'sequelize';
import { Guitar } from '../../../../lib';
import { Versioned } from '../../../../lib/history';
import { TIMES } from './partitioned';

const SAME = 'é'.repeat(31);
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Names that are hard to quote, or that agree in the first 62 of their 63 bytes: parent, child, its key, its link. */
const NAMES: readonly (readonly [string, string, string, string])[] = [
  ['%I %s', ':name ?', 'the key\\', 'a\\b%s'],
  [`${SAME}1`, `${SAME}2`, `${SAME}3`, `${SAME}4`],
  ['table', 'order', 'user', 'group'],
  [`o"brien's $$`, `l"ink's`, '表🎸', '$guitars$'],
];

/** Parents and their children of odd names, of which the children are versioned. */
export function defineOdd(sequelize: Sequelize, schema: string): void {
  NAMES.forEach(([parent, child, key, link], n) => {
    class Parent extends Guitar(Model) {}
    class Child extends Versioned(Guitar(Model)) {}
    const init = { sequelize, schema, guitar: { engine: n % 2 ? ('trigger' as const) : ('rule' as const) } };
    const id = (extra: object = {}) => ({ type: DataTypes.INTEGER, primaryKey: true, field: key, ...extra });
    Parent.init({ id: id({ autoIncrement: true }) }, { ...init, modelName: `OddParent${n}`, tableName: parent });
    const references = { model: { tableName: parent, schema } as never, key };
    Child.init(
      {
        id: id(),
        no: { type: DataTypes.INTEGER, primaryKey: true },
        parentId: { type: DataTypes.INTEGER, field: link, references, onDelete: 'CASCADE' },
      },
      { ...init, modelName: `OddChild${n}`, tableName: child },
    );
  });
}

/** Their tables; Sequelize leaves quotes out of the names that it writes. */
export async function createOdd(sequelize: Sequelize, schema: string): Promise<void> {
  for (const [parent, child, key, link] of NAMES) {
    const [one, other] = [parent, child].map((name) => `${quoted(schema)}.${quoted(name)}`);
    await sequelize.query(`CREATE TABLE ${one} (${quoted(key)} serial PRIMARY KEY, ${TIMES})`);
    await sequelize.query(
      `CREATE TABLE ${other} (${quoted(key)} int, no int, ${quoted(link)} int REFERENCES ${one} ON DELETE CASCADE, ${TIMES}, PRIMARY KEY (${quoted(key)}, no))`,
    );
    await sequelize.query(`CREATE INDEX ON ${other} (${quoted(link)})`);
  }
}
