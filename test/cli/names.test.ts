import { expect } from 'chai';
import { useDatabase } from '../support/database';
import { useApplication } from './application';

const NAME = 'red\u001b[31m\nand\u009b a line\u202e';
/** What a terminal would obey, or a reader not see. */
const CONTROLS = /(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;

describe('guitars, of names that a terminal would obey', () => {
  const db = useDatabase();
  const app = useApplication(db);
  before(async () => {
    app.models(`const name = ${JSON.stringify(NAME)};
class Odd extends Guitar(Model) {}
Odd.init({ id: { type: DataTypes.INTEGER, primaryKey: true } }, { sequelize, modelName: name, tableName: name });`);
    const time = 'timestamptz NOT NULL DEFAULT now()';
    await db.sequelize.query(
      `CREATE TABLE "${NAME}" (id int PRIMARY KEY, _created_at ${time}, _updated_at ${time}, _deleted_at timestamptz)`,
    );
    await db.sequelize.query(`INSERT INTO "${NAME}" VALUES (1)`);
  });

  const runs: Record<string, [code: number, ...args: string[]]> = {
    audit: [1, 'audit'],
    install: [0, 'install', '--force'],
    ls: [0, 'ls'],
    preview: [0, 'preview', 'delete', NAME, '1'],
    'a preview of nothing': [2, 'preview', 'delete', NAME, '7'],
    'a model that is none': [2, 'preview', 'delete', `${NAME}!`, '7'],
    purge: [0, 'purge', NAME, '--archived-before', '1d', '--dry-run'],
    'graph, a drawing': [0, 'graph', '--format', 'svg'],
    'graph, a page': [0, 'graph', '--format', 'html'],
    graph: [0, 'graph'],
  };
  for (const [title, [code, ...args]] of Object.entries(runs)) {
    it(title, async () => {
      const run = await app.guitars(...args);
      expect(run.code, run.err).to.equal(code);
      expect(`${run.out}${run.err}`).not.to.match(CONTROLS);
    });
  }

  it('a table has a line for each row, and JSON has the names themselves', async () => {
    const lines = (await app.guitars('ls')).out.trimEnd().split('\n');
    const objects = JSON.parse((await app.guitars('ls', '--json')).out);
    expect(lines.length).to.equal(objects.length + 2);
    expect(objects[0].model).to.equal(NAME);
    expect(lines[1]).to.include('red\\u001b[31m\\u000aand\\u009b');
  });
});
