import { expect } from 'chai';
import { eachEngine, number, refusal, useWorld } from './world';

const ORPHANS =
  'SELECT count(*) AS n FROM city c JOIN region r ON r.id = c.region_id WHERE c._deleted_at IS NULL AND r._deleted_at IS NOT NULL';

/** What an archiver with a snapshot of its own links itself, before the other session does. */
const BEFORE: Record<string, string[]> = {
  nothing: [],
  'a child': ["INSERT INTO city (name, region_id) VALUES ('own', 2)"],
  'a child, and thinks better of it': [
    'SAVEPOINT s',
    "INSERT INTO city (name, region_id) VALUES ('own', 2)",
    'ROLLBACK TO s',
  ],
};
const AFTER: Record<string, string[]> = {
  ...BEFORE,
  'two children': [...(BEFORE['a child'] ?? []), 'UPDATE city SET region_id = 3 WHERE region_id = 2'],
};
const link = "INSERT INTO city (name, region_id) VALUES ('new', 1)";

/** How the other session's child comes to be committed without the archiver seeing it. */
const OTHER: Record<string, { opens: string[]; begins?: string[]; links: string[]; commits: string[] }> = {
  'begins after the snapshot': { opens: [], links: ['BEGIN', link, 'COMMIT'], commits: [] },
  'had begun before it': { opens: ['BEGIN', 'SELECT pg_current_xact_id()'], links: [link, 'COMMIT'], commits: [] },
  'had linked before it, and others since': { opens: ['BEGIN', link], links: ['COMMIT'], commits: [] },
  'has an id between the snapshot and the archiver’s own': {
    opens: [],
    begins: ['BEGIN', 'SELECT pg_current_xact_id()'],
    links: [link, 'COMMIT'],
    commits: [],
  },
  'has linked elsewhere before the archiver does': {
    opens: [],
    begins: ['BEGIN', link],
    links: ['COMMIT'],
    commits: [],
  },
  'is still at it when the archiver asks': { opens: ['BEGIN', link], links: [], commits: ['COMMIT'] },
};

/** What another session may commit, or undo, without the archiver having to fear for a child. */
const HARMLESS: Record<string, string[]> = {
  'another table': [`UPDATE country SET name = 'x'`, `INSERT INTO country (name) VALUES ('c')`, 'COMMIT'],
  'a child without a parent': [`INSERT INTO city (name) VALUES ('free')`, 'COMMIT'],
  'a child that is there already': [
    `INSERT INTO city (id, name, region_id) VALUES (100, 'again', 1) ON CONFLICT DO NOTHING`,
    'COMMIT',
  ],
  'a child that leaves its parent': [`UPDATE city SET region_id = NULL WHERE id = 100`, 'COMMIT'],
  'a link that is undone': [link, 'ROLLBACK'],
};

eachEngine('F3 no live orphan, when the archiver links children itself', (engine) => {
  const world = useWorld(engine);

  for (const level of ['REPEATABLE READ', 'SERIALIZABLE']) {
    for (const [other, { opens, begins = [], links, commits }] of Object.entries(OTHER)) {
      it(`F3 ${level}: the other session ${other}`, async () => {
        const [archiver, linker, third] = await Promise.all([world.db.client(), world.db.client(), world.db.client()]);
        const outcomes: string[] = [];
        for (const [before, first] of Object.entries(BEFORE)) {
          for (const [after, second] of Object.entries(AFTER)) {
            await third.query(`BEGIN; SET LOCAL guitars.hard_delete = on; TRUNCATE city, region, club, fan; COMMIT`);
            await third.query(`INSERT INTO region (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c')`);
            for (const sql of opens) await linker.query(sql);
            await third.query(`INSERT INTO city (name, region_id) VALUES ('third', 3)`);
            await archiver.query(`BEGIN ISOLATION LEVEL ${level}`);
            await archiver.query('SELECT 1 FROM region');
            for (const sql of begins) await linker.query(sql);
            for (const sql of first) await archiver.query(sql);
            for (const sql of links) await linker.query(sql);
            for (const sql of second) await archiver.query(sql);
            const archived = archiver.query('DELETE FROM region WHERE id = 1').then(
              () => 'ok',
              (error: { code: string }) => error.code,
            );
            if (commits.length > 0) await blocked(third, archiver);
            for (const sql of commits) await linker.query(sql);
            outcomes.push(await archived);
            await archiver.query('COMMIT');
            expect(await number(world.db.sequelize, ORPHANS), `links ${before} before, ${after} after`).to.equal(0);
          }
        }
        expect(new Set(outcomes)).to.deep.equal(new Set(['40001']));
      });
    }

    it(`F3 ${level}: nor does who commits and has linked nothing, or what cannot be unseen`, async () => {
      const [archiver, other, third] = await Promise.all([world.db.client(), world.db.client(), world.db.client()]);
      await third.query(`INSERT INTO region (id, name) VALUES (1, 'a'), (2, 'b')`);
      await third.query(`INSERT INTO city (id, name, region_id) VALUES (100, 'third', 2)`);
      const outcomes: Record<string, string> = {};
      for (const [what, meanwhile] of Object.entries(HARMLESS)) {
        for (const opens of [true, false]) {
          if (opens) await other.query('BEGIN; SELECT pg_current_xact_id()');
          await third.query('SELECT pg_current_xact_id()'); // so that the other one, where it is open, is under way in the snapshot
          await archiver.query(`BEGIN ISOLATION LEVEL ${level}`);
          await archiver.query('SELECT 1 FROM region');
          if (!opens) await other.query('BEGIN');
          for (const sql of meanwhile) await other.query(sql);
          const archived = await archiver.query('DELETE FROM region WHERE id = 1').then(
            () => 'ok',
            (error: { code: string }) => error.code,
          );
          outcomes[what] = archived;
          await archiver.query('ROLLBACK');
          if (archived !== 'ok') break;
        }
      }
      expect(outcomes).to.deep.equal(Object.fromEntries(Object.keys(HARMLESS).map((what) => [what, 'ok'])));
    });

    it(`F3 ${level}: its own links alone do not stop it`, async () => {
      const archiver = await world.db.client();
      await archiver.query(`INSERT INTO region (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c')`);
      for (const steps of Object.values(AFTER)) {
        await archiver.query(`BEGIN ISOLATION LEVEL ${level}`);
        for (const sql of [...steps, ...steps, 'DELETE FROM region WHERE id = 1']) await archiver.query(sql);
        await archiver.query('ROLLBACK');
      }
    });
  }

  it('F3 a statement that is cancelled while it notes a link leaves no lock behind', async () => {
    const [holder, linker] = await Promise.all([world.db.client(), world.db.client()]);
    await holder.query(`INSERT INTO region (id, name) VALUES (1, 'a')`);
    await holder.query('BEGIN');
    await holder.query(
      `SELECT pg_advisory_xact_lock(hashtext('guitars.links'), (oid::bigint - 2147483648)::integer) FROM pg_class
        WHERE relname LIKE 'city_links_%'`,
    );
    await linker.query(`SET lock_timeout = '20ms'`);
    expect((await refusal(linker.query(link))) as { code?: string }).to.have.property('code', '55P03');
    await holder.query('COMMIT');
    await linker.query('SET lock_timeout = 0');
    await linker.query(link);
    expect(
      await number(
        world.db.sequelize,
        `SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      ),
    ).to.equal(0);
  });
});

async function blocked(watcher: import('pg').Client, session: import('pg').Client): Promise<void> {
  const { processID } = session as unknown as { processID: number };
  for (;;) {
    const { rows } = await watcher.query('SELECT cardinality(pg_blocking_pids($1)) > 0 AS waits', [processID]);
    if (rows[0].waits) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
