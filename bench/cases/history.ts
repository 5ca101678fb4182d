import type { Case, Outcome } from '../harness/case';
import { paired } from '../harness/pairs';
import { statement } from '../harness/sides';
import type { World } from '../harness/world';
import { eventTable, fullEventTable, logInRow } from '../historyPeers';
import { COLUMNS, fill, twin, versionedCities } from '../tables';

const EVENTS = 'event table, by a row trigger (pghistory)';
const FULL = 'the same, with a version, the transaction and the actor';
const LOG = 'log in the row (logidze)';

/** The same table with each history, and with none. */
async function tables(world: World, rows: number) {
  const City = versionedCities(world, 'cities');
  await world.sequelize.sync();
  for (const table of ['plain', 'events', 'full_events', 'logged']) await twin(world, table, 'cities');
  for (const table of ['plain', 'events', 'full_events', 'logged'])
    await world.sql(`ALTER TABLE ${table} DROP COLUMN _version`);
  await world.sql(eventTable('events', COLUMNS), fullEventTable('full_events', COLUMNS), logInRow('logged'));
  await fill(world, ['cities', 'plain', 'events', 'full_events', 'logged'], rows);
  return City;
}

/** What ours adds, in terms of what a row-level event table adds. */
function added({ ratio, peers }: Outcome): Outcome {
  const unit = (peers[EVENTS] ?? Number.NaN) - 1;
  const others = Object.fromEntries(Object.entries(peers).map(([name, peer]) => [name, (peer - 1) / unit]));
  return { ratio: (ratio - 1) / unit, peers: others };
}

async function compared(world: World, sql: (table: string) => string): Promise<Outcome> {
  const side = (table: string, kept: string[] = []) => statement(world, [table, ...kept], sql(table));
  const outcome = await paired(world, {
    ours: side('cities', ['cities_history']),
    without: side('plain'),
    peers: {
      [EVENTS]: side('events', ['events_event']),
      [FULL]: side('full_events', ['full_events_event']),
      [LOG]: side('logged'),
    },
  });
  return added(outcome);
}

/** One UPDATE of many rows. */
export const historyBulk: Case = {
  name: 'history: what it adds to an UPDATE of 100k rows, an event table by row triggers being 1',
  target: 0.6,
  async run(world) {
    await tables(world, world.rows(100_000));
    return compared(world, (table) => `UPDATE ${table} SET population = population + 1`);
  },
};

/** Many UPDATEs of one row each. */
export const historySingle: Case = {
  name: 'history: what it adds to an UPDATE of one row, an event table being 1',
  target: 1,
  async run(world) {
    const rows = world.rows(20_000);
    await tables(world, rows);
    return compared(
      world,
      (table) => `DO $$ BEGIN FOR n IN 1..${rows} LOOP
        UPDATE ${table} SET population = population + 1 WHERE id = n;
      END LOOP; END $$`,
    );
  },
};

/** One INSERT of many rows. */
export const historyInsert: Case = {
  name: 'history: what it adds to an INSERT of 100k rows, an event table being 1',
  async run(world) {
    await tables(world, world.rows(100_000));
    return compared(
      world,
      (table) =>
        `INSERT INTO ${table} (${COLUMNS.join(', ')}) SELECT id + 1000000, ${COLUMNS.slice(1).join(', ')} FROM plain`,
    );
  },
};

/** The rows as they were five versions ago, each as a whole. */
export const historyAsOf: Case = {
  name: 'history: 100k rows as of the middle of 10 versions, an event table being 1',
  async run(world) {
    const City = await tables(world, world.rows(100_000));
    const names = ['cities', 'events', 'full_events', 'logged'];
    let then = new Date();
    for (let version = 2; version <= 10; version++) {
      for (const table of names) await world.sql(`UPDATE ${table} SET population = population + 1`);
      if (version === 5) then = new Date();
    }
    const histories = ['cities_history', 'events_event', 'full_events_event'];
    for (const table of [...names, ...histories]) await world.sql(`VACUUM ANALYZE ${table}`);
    const at = `'${then.toISOString()}'::timestamptz`;
    const whole = (sql: string) => statement(world, [], `SELECT count(past) FROM (${sql}) AS past`);
    let ours = '';
    await City.asOf(then, { raw: true, logging: (sql) => (ours = sql.replace(/^.*?: /, '').replace(/;$/, '')) });
    const events = (table: string) => `SELECT * FROM (SELECT DISTINCT ON (pgh_obj_id) * FROM ${table}
      WHERE pgh_created_at <= ${at} ORDER BY pgh_obj_id, pgh_id DESC) AS last WHERE pgh_label <> 'delete'`;
    // What was known at first, and each change up to the moment over it.
    const log = `SELECT (jsonb_populate_record(NULL::logged, (SELECT jsonb_object_agg(field.key, field.value ORDER BY (change ->> 'v')::integer)
        FROM jsonb_array_elements(log_data -> 'h') AS change, jsonb_each(change -> 'c') AS field
        WHERE (change ->> 'ts')::bigint <= extract(epoch FROM ${at}) * 1000))).* FROM logged`;
    const outcome = await paired(world, {
      ours: whole(ours),
      without: whole(events('events_event')),
      peers: { [FULL]: whole(events('full_events_event')), [LOG]: whole(log) },
    });
    return outcome;
  },
};
