import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { audit, Guitar } from '../../lib';
import { Versioned } from '../../lib/history';
import { makeMigration, writeMigration } from '../../lib/migrations/make';
import { FORMATS } from '../../lib/migrations/make/formats';
import { createMigrator } from '../../lib/migrations/run/migrator';
import { ident } from '../../lib/sql/identifiers';
import { useDatabase } from '../support/database';

/** What the files themselves are made of. */
const NAMES = [
  'ends\r\nof a line\r',
  'a\n-- guitars {"kind":"table"}\nb',
  '];\n// end of steps',
  'const steps = [',
  '`$' + '{1}`\\',
  'x;\nSELECT guitars.seal(1)',
  '\u2028*/',
];

describe('makeMigration, of names that look like what is round them', () => {
  for (const format of FORMATS) {
    const db = useDatabase();
    it(`${format}: what it wrote is read back, runs, and is undone`, async () => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-make-names-'));
      const { sequelize } = db;
      try {
        for (const [n, tableName] of NAMES.entries()) {
          // Sequelize's own sync cannot read an index whose name has the end of a line in it.
          const name = ident(tableName);
          await sequelize.query(
            `CREATE TABLE ${name} (id serial PRIMARY KEY, ${name} text, _created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz)`,
          );
          class Made extends Versioned(Guitar(Model)) {}
          Made.init(
            { title: { type: DataTypes.TEXT, field: tableName } },
            { sequelize, modelName: `Made${n}`, tableName },
          );
        }
        const made = () => makeMigration(sequelize, { folder, format, schema: 'app' });
        writeMigration(made());
        expect(made().steps).to.deep.equal([]);
        const { umzug } = createMigrator(sequelize, { folder, tableName: 'log', lockTimeout: 5000, lockRetries: 1 });
        await umzug.up();
        expect((await audit(sequelize)).findings).to.deep.equal([]);
        await umzug.down();
        const [triggers] = await sequelize.query('SELECT FROM pg_trigger WHERE NOT tgisinternal');
        expect(triggers).to.deep.equal([]);
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});
