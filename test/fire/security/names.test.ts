import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { audit, Guitar } from '../../../lib';
import { Versioned } from '../../../lib/history/versioned';
import { makeMigration, writeMigration } from '../../../lib/migrations/make';
import { FORMATS } from '../../../lib/migrations/make/formats';
import type { Step } from '../../../lib/migrations/make/step';
import { migrationsIn } from '../../../lib/migrations/run/folder';
import { ident } from '../../../lib/sql/identifiers';
import { fsm, protect } from '../../../lib/triggers';
import { number } from '../../contract/world';
import { useDatabase } from '../../support/database';
import { LONG } from '../support/form';

/** Names that would be code where somebody forgot to quote: of tables, columns, triggers, models. At most 40 bytes. */
const ALL = [
  `'; DROP TABLE witness; --`,
  `"; DROP TABLE witness; --`,
  '`); process.emit("hacked"); (`',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the point
  '${process.emit("hacked")}',
  '*/ process.emit("hacked") /*',
  '\n];\n// end of steps\nprocess.emit("hacked")',
  '\n-- guitars {"kind":"table"}\nSELECT 1;',
  `;\nSELECT guitars.seal('a','b','c','d')`,
  '\u2028process.emit("hacked")//',
  '$guitars$; DROP TABLE witness; $guitars$',
  "\\'; DROP TABLE witness; --",
  '%I %s %L %% %1$s',
  '</script><script>alert(1)</script>',
];
const HOSTILE = LONG ? ALL : ALL.slice(0, 8);

// Of an `.sql` file the statements of a step come back as fewer.
const told = (steps: readonly Step[] = []) =>
  steps.map(({ action, kind, table, name, digest, up }) => [
    action,
    kind,
    table,
    name,
    digest,
    up.join('').replaceAll(/[\s;]/g, ''),
  ]);

describe('security: hostile names', () => {
  const db = useDatabase();
  let hacked = 0;
  const count = () => ++hacked;
  before(() => {
    process.on('hacked' as never, count as never);
  });
  after(() => {
    process.off('hacked' as never, count as never);
  });

  /** By hand: Sequelize's own statements do not all quote names. */
  const tables = HOSTILE.map((name) => {
    const own = ident(name);
    const keys = 'id serial PRIMARY KEY, secret text, key text, link int';
    const times =
      '_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz';
    return `CREATE TABLE ${own} (${keys}, ${own} text, ${times}); ALTER TABLE ${own} ADD FOREIGN KEY (link) REFERENCES ${own} ON DELETE CASCADE; CREATE INDEX ON ${own} (link)`;
  });

  function define(sequelize: Sequelize) {
    HOSTILE.forEach((name, n) => {
      class Node extends Versioned(Guitar(Model), { filter: ['secret'] }) {}
      Node.init(
        {
          value: { type: DataTypes.TEXT, field: name },
          secret: DataTypes.TEXT,
          // Sequelize, which renders such an index, drops the quotes of a name, and takes a dot for the end of a schema.
          key: { type: DataTypes.TEXT, unique: !/[".]/.test(name) },
        },
        {
          sequelize,
          modelName: name,
          tableName: name,
          guitar: { engine: n % 2 ? 'rule' : 'trigger' },
          triggers: [protect({ name }), fsm({ name: `f${name}`, field: 'value', transitions: [[name, 'b']] })],
        },
      );
      Node.belongsTo(Node, { as: 'parent', foreignKey: { name: 'link', field: 'link' }, onDelete: 'CASCADE' });
    });
  }

  for (const format of LONG ? FORMATS : (['cjs', 'sql'] as const)) {
    it(`are names, in migrations as ${format}, which run forth and back and are read back as they were`, async () => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-names-'));
      const sequelize = db.connect();
      try {
        define(sequelize);
        for (const sql of ['CREATE TABLE witness ()', ...tables]) await sequelize.query(sql);
        const made = makeMigration(sequelize, { folder, format, schema: 'app' });
        writeMigration(made);
        expect(makeMigration(sequelize, { folder, format, schema: 'app' }).steps).to.deep.equal([]);
        const [migration] = migrationsIn(folder);
        expect(told(migration?.steps)).to.deep.equal(told(made.steps));
        const context = { sequelize, queryInterface: sequelize.getQueryInterface() };
        await migration?.run('up', context);
        expect((await audit(sequelize)).findings).to.deep.equal([]);
        for (const name of HOSTILE) {
          const own = ident(name);
          await sequelize.query(
            `INSERT INTO ${own} (id, key) VALUES (1, 'a'); INSERT INTO ${own} (id, link) VALUES (2, 1); DELETE FROM ${own} WHERE id = 1`,
          );
          expect(await number(sequelize, `SELECT count(*) AS n FROM ${own} WHERE _deleted_at IS NULL`), name).to.equal(
            0,
          );
          await sequelize.query(`UPDATE ${own} SET _deleted_at = NULL WHERE id = 1`);
          expect(await number(sequelize, `SELECT count(*) AS n FROM ${own} WHERE _deleted_at IS NULL`), name).to.equal(
            2,
          );
          expect(await number(sequelize, `SELECT count(*) AS n FROM ${ident(`${name}_history`)}`), name).to.equal(6);
        }
        await migration?.run('down', context);
        await sequelize.query('SELECT FROM witness');
        expect(hacked).to.equal(0);
      } finally {
        await sequelize.query('DROP SCHEMA app CASCADE; DROP SCHEMA IF EXISTS guitars CASCADE; CREATE SCHEMA app');
        fs.rmSync(folder, { recursive: true });
      }
    });
  }
});
