import { expect } from 'chai';
import { LEVELS, merges, Session } from './interleaving';
import { eachEngine, number, useWorld } from './world';

const ORPHANS = `SELECT (SELECT count(*) FROM city c JOIN region r ON r.id = c.region_id WHERE c._deleted_at IS NULL AND r._deleted_at IS NOT NULL)
  + (SELECT count(*) FROM club c JOIN city p ON p.id = c.city_id WHERE c._deleted_at IS NULL AND p._deleted_at IS NOT NULL) AS n`;

/** The rows that every order begins with, and no others. DELETE: of a handful of rows it costs a tenth of TRUNCATE. */
const ANEW = `BEGIN; SET LOCAL guitars.hard_delete = on;
  DELETE FROM fan; DELETE FROM club; DELETE FROM city; DELETE FROM region; DELETE FROM country; COMMIT;
  INSERT INTO country (id, name) VALUES (1, 'c');
  INSERT INTO region (id, name, country_id) VALUES (1, 'r', 1), (2, 's', 1);
  INSERT INTO city (id, name, region_id) VALUES (10, 'a', 1), (20, 'b', 2);
  INSERT INTO city (id, name, region_id, _deleted_at) VALUES (11, 'z', 1, now())`;

/** What the other session does while the parent is archived. */
const WRITERS: Record<string, string> = {
  'a child is inserted': "INSERT INTO city (id, name, region_id) VALUES (30, 'new', 1)",
  'a child is pointed at it': 'UPDATE city SET region_id = 1 WHERE id = 20',
  'a child is restored': 'UPDATE city SET _deleted_at = NULL WHERE id = 11',
  'a guarded child is inserted': 'INSERT INTO club (id, city_id) VALUES (1, 10)',
};

eachEngine('F3 no live orphan, in any order of two sessions', (engine) => {
  const world = useWorld(engine);
  for (const archiver of LEVELS) {
    for (const writer of LEVELS) {
      for (const [what, sql] of Object.entries(WRITERS)) {
        it(`F3 ${what}: ${archiver} archives, ${writer} writes`, async () => {
          const target = what.startsWith('a guarded') ? 'city WHERE id = 10' : 'region WHERE id = 1';
          // SELECT takes the snapshot, so that the order of snapshot, statement and commit is varied, not two of them.
          const one = [`BEGIN ISOLATION LEVEL ${archiver}`, 'SELECT 1 FROM country', `DELETE FROM ${target}`, 'COMMIT'];
          const other = [`BEGIN ISOLATION LEVEL ${writer}`, 'SELECT 1 FROM country', sql, 'COMMIT'];
          const steps = merges(
            one.map((step): [0 | 1, string] => [0, step]),
            other.map((step): [0 | 1, string] => [1, step]),
          );
          const [first, second, watcher] = await Promise.all([world.db.client(), world.db.client(), world.db.client()]);
          const outcomes = new Set<string>();
          for (const order of steps) {
            await world.db.sequelize.query(ANEW);
            const sessions = [new Session(first, watcher), new Session(second, watcher)] as const;
            for (const [who, step] of order) await sessions[who].step(step);
            await Promise.all(sessions.map((session) => session.done()));
            await Promise.all(sessions.map((session) => session.client.query('ROLLBACK')));
            const orphans = await number(world.db.sequelize, ORPHANS);
            const errors = sessions.map((session) => session.errors.filter((code) => code !== '25P02')[0] ?? 'ok');
            expect(
              orphans,
              `${order.map(([who, step]) => `${who}: ${step}`).join('; ')} → ${errors.join(', ')}`,
            ).to.equal(0);
            for (const code of errors) expect(['ok', '23503', '40001', '40P01']).to.include(code);
            outcomes.add(errors.join('/'));
          }
          expect(outcomes.size, 'every order ended alike, so nothing interleaved').to.be.greaterThan(1);
        });
      }
    }
  }
});
