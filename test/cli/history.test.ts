import { expect } from 'chai';
import { statsText } from '../../lib/cli/histories';
import { held } from '../contract/world';
import { useDatabase } from '../support/database';
import { useApplication } from './application';

const world = (library: string) => `
const { Versioned } = require(${JSON.stringify(library)});
const define = (name, options) => {
  const model = class extends Versioned(Guitar(Model), options) {};
  Object.defineProperty(model, 'name', { value: name });
  return model.init({ title: DataTypes.TEXT }, { sequelize, modelName: name, tableName: name.toLowerCase() });
};
define('Song', { keep: '30 days' });
define('Riff', { limit: 2 });
define('Tab', {});
class Amp extends Model {}
Amp.init({}, { sequelize, modelName: 'Amp', tableName: 'amp' });`;
const TIMES = `_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz`;
const TABLES = ['song', 'riff', 'tab'];

describe('guitars history', () => {
  const db = useDatabase();
  const app = useApplication(db);
  const sql = (text: string) => db.sequelize.query(text);

  before(async () => {
    app.models(world(app.library('history')));
    for (const table of TABLES) await sql(`CREATE TABLE ${table} (id serial PRIMARY KEY, title text, ${TIMES})`);
    const { code, err } = await app.guitars('install');
    expect(code, err).to.equal(0);
  });
  /** Ten rows in each table, each written four times, of which three are of long ago. */
  beforeEach(async () => {
    for (const table of TABLES) {
      await sql(`BEGIN; SET LOCAL guitars.hard_delete = on; SET LOCAL guitars.edit_history = on;
        TRUNCATE ${table}, ${table}_history RESTART IDENTITY; COMMIT`);
      await sql(`INSERT INTO ${table} (title) SELECT 'a' FROM generate_series(1, 10)`);
      for (const title of ['b', 'c', 'd']) await sql(`UPDATE ${table} SET title = '${title}'`);
      await sql(`BEGIN; SET LOCAL guitars.edit_history = on;
        UPDATE ${table}_history SET _at = now() - interval '90 days' WHERE _entry <= 30; COMMIT`);
    }
  });
  const all = async () =>
    Object.fromEntries(await Promise.all(TABLES.map(async (t) => [t, await held(db.sequelize, `${t}_history`)])));
  const removed = ({ out }: { out: string }) =>
    Object.fromEntries(JSON.parse(out).models.map(({ model, removed }: Record<string, unknown>) => [model, removed]));

  it('prune: by the options of each model; a dry run tells the same, and removes nothing', async () => {
    const dry = await app.guitars('history', 'prune', '--dry-run', '--json');
    expect(dry.code, dry.err).to.equal(0);
    expect(removed(dry)).to.deep.equal({ Song: 20, Riff: 20 });
    expect(await all()).to.deep.equal({ song: 40, riff: 40, tab: 40 });
    expect((await app.guitars('history', 'prune', '--dry-run')).out).to.match(
      /^MODEL +TABLE +ENTRIES +WOULD GO +EXACT FROM$/m,
    );
    const run = await app.guitars('history', 'prune', '--batch', '7');
    expect([run.code, run.err]).to.deep.equal([0, 'prune Song: 40 of 40 entries\nprune Riff: 40 of 40 entries\n']);
    expect(run.out)
      .to.match(/^Song +app\.song_history +40 +20 +20\d\d-[-\dT:.]+Z$/m)
      .and.match(/^Riff +app\.riff_history +40 +20 +20/m);
    expect(await all()).to.deep.equal({ song: 20, riff: 20, tab: 40 });
    expect(removed(await app.guitars('history', 'prune', '--json'))).to.deep.equal({ Song: 0, Riff: 0 });
  });

  it('prune: by what the command says instead, of some models', async () => {
    const run = await app.guitars('history', 'prune', '--model', 'Tab', '--model', 'Riff', '--limit', '1', '--json');
    expect(removed(run)).to.deep.equal({ Tab: 30, Riff: 30 });
    expect(await all()).to.deep.equal({ song: 40, riff: 10, tab: 10 });
    expect(removed(await app.guitars('history', 'prune', '--model', 'Song', '--keep', '0', '--json'))).to.deep.equal({
      Song: 30,
    });
  });

  it('prune: nothing says what is to go', async () => {
    const run = await app.guitars('history', 'prune', '--model', 'Tab');
    expect(run).to.deep.equal({
      code: 0,
      out: 'Nothing to do: no model says how long, or how many, entries stay. Give --keep or --limit.\n',
      err: '',
    });
    expect(JSON.parse((await app.guitars('history', 'prune', '--model', 'Tab', '--json')).out)).to.deep.equal({
      dryRun: false,
      models: [],
    });
  });

  it('stats: as a table, and as JSON', async () => {
    const { code, out, err } = await app.guitars('history', 'stats');
    expect([code, err]).to.deep.equal([0, '']);
    const [heading, ...rows] = out.trimEnd().split('\n');
    expect(heading).to.match(
      /^MODEL +ENTRIES +ROWS +TABLE +INDEXES +PER ENTRY +OLDEST +NEWEST +PER DAY, 7 +PER DAY, 30 +TO PRUNE +HORIZON$/,
    );
    expect(rows).to.have.length(3);
    expect(rows[0]).to.match(/^Song +40 +10 +\d{4,} +\d{5,} +\d+ +20\d\d-\S+Z +20\d\d-\S+Z +1\.43 +0\.33 +20 +-$/);
    expect(rows[2]).to.match(/^Tab .* - +-$/);
    const [song] = JSON.parse((await app.guitars('history', 'stats', '--model', 'Song', '--json')).out);
    expect(song).to.include({
      model: 'Song',
      schema: 'app',
      table: 'song_history',
      entries: 40,
      rows: 10,
      prunable: 20,
    });
    await sql('BEGIN; SET LOCAL guitars.hard_delete = on; DELETE FROM song; COMMIT');
    await app.guitars('history', 'prune', '--keep', '0', '--model', 'Song');
    const after = await app.guitars('history', 'stats', '--model', 'Song');
    expect(after.out).to.match(/^Song +0 +0 .* 50$/m);
    expect(after.err).to.match(/^HORIZON: /);
  });

  it('stats: rounded, on a terminal', () => {
    const found = {
      model: 'Song',
      schema: 'app',
      table: 'song_history',
      entries: 1234567,
      rows: 999,
      tableBytes: 3 * 1024 ** 3,
      indexBytes: 1536,
      bytesPerEntry: 212,
      oldest: '2031-01-02T03:04:05.678901Z',
      newest: null,
      perDay: { week: 1234.56, month: 0.333 },
      prunable: 0,
      horizon: null,
    };
    expect(statsText([found], true).split('\n')[1]?.split(/ {2,}/)).to.deep.equal([
      'Song',
      '1,234,567',
      '999',
      '3.0 GB',
      '1.5 kB',
      '212 B',
      '2031-01-02',
      '-',
      '1,234.6',
      '0.3',
      '0',
      '-',
    ]);
    expect(statsText([], true)).to.equal('No model keeps a history.');
  });

  it('says what it does not understand', async () => {
    const refused = async (message: RegExp, ...args: string[]) => {
      const { code, err } = await app.guitars('history', ...args);
      expect(code, err).to.equal(2);
      expect(err).to.match(message);
    };
    await refused(/"keep" is "3 fortnights", which is no time/, 'prune', '--keep', '3 fortnights');
    await refused(/--limit takes a whole number/, 'prune', '--limit', '0');
    await refused(/There is no model "Town".*Song, Riff, Tab/, 'prune', '--model', 'Town');
    await refused(/Amp keeps no history/, 'stats', '--model', 'Amp');
    await sql('ALTER TABLE tab_history RENAME TO elsewhere');
    await refused(/there is no table "app"\."tab_history" yet/, 'stats');
    await sql('ALTER TABLE elsewhere RENAME TO tab_history');
  });
});
