import pg from 'pg';
import { type Call, tried } from '../support/program';

/** What the last statement's tag counts. */
async function send(client: pg.Client, text: string): Promise<number | undefined> {
  try {
    const result = await client.query(text);
    const counted = ([result].flat() as pg.QueryResult[]).filter(({ command }) =>
      /DELETE|UPDATE|INSERT|MERGE/.test(command),
    );
    return counted.at(-1)?.rowCount ?? undefined;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

type Licensed = Omit<Call<pg.Client>, 'title' | 'run'>;
const door: Licensed = { removes: true };
const HARD = 'BEGIN; SET LOCAL guitars.hard_delete = on;';

/** A statement, as it stands in the page, and what it may do. A list of two: the page's words, and the statement where it is longer. */
const STATEMENTS: [statement: string, licence?: Licensed, longer?: string][] = [
  ['DELETE FROM author WHERE id = 1'],
  ['DELETE FROM author WHERE id = 2'],
  ['DELETE FROM author WHERE id = 4'],
  ['DELETE FROM ONLY book'],
  ['DELETE FROM book WHERE id = 1 RETURNING id'],
  ['DELETE FROM book USING author WHERE author_id = author.id'],
  [
    'DELETE FROM book WHERE id IN (SELECT id FROM book WHERE _deleted_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)',
  ],
  [
    'DELETE FROM book WHERE id = ANY (ARRAY(SELECT id FROM book WHERE _deleted_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED))',
  ],
  ['WITH old AS (SELECT 1 AS id) DELETE FROM book USING old WHERE book.id = old.id'],
  ['WITH gone AS (DELETE FROM book WHERE id = 1 RETURNING *) INSERT INTO room (name) SELECT name FROM gone'],
  ['MERGE INTO book USING (VALUES (1)) AS v (id) ON book.id = v.id WHEN MATCHED THEN DELETE', { since: 15 }],
  [
    'MERGE INTO book USING (VALUES (1)) AS v (id) ON book.id = v.id WHEN NOT MATCHED BY SOURCE THEN DELETE',
    { since: 17 },
  ],
  ['EXPLAIN ANALYZE DELETE FROM book WHERE id = 1'],
  ['COPY (DELETE FROM book WHERE id = 1 RETURNING id) TO STDOUT'],
  [
    'DECLARE c CURSOR FOR SELECT … FOR UPDATE; FETCH c; DELETE FROM book WHERE CURRENT OF c',
    {},
    'BEGIN; DECLARE c CURSOR FOR SELECT * FROM book ORDER BY id FOR UPDATE; FETCH c; DELETE FROM book WHERE CURRENT OF c; COMMIT',
  ],
  [
    'DECLARE c CURSOR FOR SELECT …; FETCH c; UPDATE book SET _deleted_at = now() WHERE CURRENT OF c',
    {},
    'BEGIN; DECLARE c CURSOR FOR SELECT * FROM book WHERE id = 1; FETCH c; UPDATE book SET _deleted_at = now() WHERE CURRENT OF c; COMMIT',
  ],
  [
    'SELECT … FOR UPDATE; DELETE FROM author WHERE id = 1',
    {},
    'BEGIN; SELECT * FROM author WHERE id = 1 FOR UPDATE; DELETE FROM author WHERE id = 1; COMMIT',
  ],
  [
    'PREPARE d (int) AS DELETE FROM book WHERE id = $1; EXECUTE d (1); EXECUTE d (2)',
    {},
    'PREPARE d (int) AS DELETE FROM book WHERE id = $1; EXECUTE d (1); EXECUTE d (2); DEALLOCATE d',
  ],
  [
    'SAVEPOINT s; DELETE FROM author WHERE id = 1; ROLLBACK TO s',
    {},
    'BEGIN; SAVEPOINT s; DELETE FROM author WHERE id = 1; ROLLBACK TO s; COMMIT',
  ],
  [
    'DO $$ … FOR r IN SELECT id FROM book LOOP DELETE FROM book WHERE id = r.id … $$',
    {},
    'DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM book LOOP DELETE FROM book WHERE id = r.id; END LOOP; END $$',
  ],
  [
    'DO $$ … DELETE FROM book WHERE id = 1; IF NOT FOUND THEN RAISE … $$',
    {},
    `DO $$ BEGIN DELETE FROM book WHERE id = 1; IF NOT FOUND THEN RAISE 'no such book'; END IF; END $$`,
  ],
  [
    'SELECT a function whose body is DELETE FROM author WHERE id = 1',
    {},
    'CREATE FUNCTION pg_temp.remove() RETURNS void LANGUAGE sql AS $$ DELETE FROM author WHERE id = 1 $$; SELECT pg_temp.remove(); DROP FUNCTION pg_temp.remove()',
  ],
  ['DELETE FROM room WHERE id = 1', door],
  ['DELETE FROM note'],
  ['DELETE FROM view of live books WHERE id = 1', {}, 'DELETE FROM live_book WHERE id = 1'],
  ['DELETE FROM view of live books WHERE id = 1 RETURNING id', {}, 'DELETE FROM live_book WHERE id = 1 RETURNING id'],
  ['DELETE FROM security_barrier view of live books', {}, 'DELETE FROM guarded_book'],
  ['DELETE FROM security_invoker view of live books', { since: 15 }, 'DELETE FROM invoker_book'],
  ['DELETE FROM view with an INSTEAD OF trigger that deletes', {}, 'DELETE FROM instead_book WHERE id = 1'],
  [
    'MERGE INTO view of live books … THEN DELETE',
    { since: 17 },
    'MERGE INTO live_book USING (VALUES (1)) AS v (id) ON live_book.id = v.id WHEN MATCHED THEN DELETE',
  ],
  ['TRUNCATE author CASCADE'],
  ['TRUNCATE book'],
  ['TRUNCATE room CASCADE'],
  ['TRUNCATE ONLY contract RESTART IDENTITY'],
  ['UPDATE author SET _deleted_at = now() WHERE id = 1'],
  ['UPDATE author SET _deleted_at = NULL WHERE id = 4'],
  [`UPDATE author SET _deleted_at = 'infinity' WHERE id = 3`],
  [`UPDATE author SET _deleted_at = '-infinity' WHERE id = 3`],
  [`UPDATE author SET _deleted_at = '9999-01-01Z' WHERE id = 3`],
  [`UPDATE author SET _deleted_at = '1999-01-01Z' WHERE id = 4`],
  [`UPDATE author SET _created_at = '1999-01-01Z', _updated_at = '1999-01-01Z' WHERE id = 3`],
  ['UPDATE author SET _created_at = NULL, _updated_at = NULL, _deleted_at = NULL WHERE id = 3'],
  ['UPDATE author SET _created_at = DEFAULT, _updated_at = DEFAULT, _deleted_at = DEFAULT WHERE id = 4'],
  ['UPDATE author SET _deletion = gen_random_uuid() WHERE id = 4'],
  ['UPDATE book SET author_id = 4 WHERE id = 1'],
  ['INSERT INTO book (author_id) VALUES (4)'],
  [`INSERT INTO author (email) VALUES ('ada') ON CONFLICT (email) DO UPDATE SET name = 'new'`],
  [
    `INSERT INTO author (email) VALUES ('ada') ON CONFLICT (email) WHERE _deleted_at IS NULL DO UPDATE SET name = 'new'`,
  ],
  [
    `INSERT INTO author … ON CONFLICT (id) DO UPDATE SET every column of the library = EXCLUDED…`,
    {},
    `INSERT INTO author (id, _created_at, _updated_at, _deleted_at) VALUES (3, '1999-01-01Z', '1999-01-01Z', '1999-01-01Z')
    ON CONFLICT (id) DO UPDATE SET _created_at = EXCLUDED._created_at, _updated_at = EXCLUDED._updated_at, _deleted_at = EXCLUDED._deleted_at`,
  ],
  [`INSERT INTO author (id, email) VALUES (4, 'dan') ON CONFLICT (id) DO UPDATE SET _deleted_at = NULL`],
  [
    `BEGIN; SET LOCAL guitars.keep_timestamps = on; UPDATE author SET _updated_at = '1999-01-01Z' WHERE id = 3; COMMIT`,
    { brings: true },
  ],
  [`BEGIN; SET LOCAL guitars.hard_delete = on; DELETE FROM author WHERE id = 1 RETURNING id; COMMIT`, door],
  [`BEGIN; SET LOCAL guitars.hard_delete = on; DELETE FROM author WHERE id = 1; COMMIT`, door],
  [`BEGIN; SET LOCAL guitars.hard_delete = on; TRUNCATE book; COMMIT`, door, `${HARD} TRUNCATE book; COMMIT`],
  [`BEGIN; SET LOCAL guitars.hard_delete = on; ROLLBACK; DELETE FROM author WHERE id = 1`],
  [`BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM book; COMMIT`],
];

const VIEWS = `
  CREATE OR REPLACE VIEW live_book AS SELECT * FROM book WHERE _deleted_at IS NULL;
  CREATE OR REPLACE VIEW guarded_book WITH (security_barrier) AS SELECT * FROM book WHERE _deleted_at IS NULL;
  CREATE OR REPLACE VIEW instead_book AS SELECT id, name FROM book;
  CREATE OR REPLACE FUNCTION instead_of_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM book WHERE id = OLD.id; RETURN OLD; END $$;
  CREATE OR REPLACE TRIGGER instead INSTEAD OF DELETE ON instead_book FOR EACH ROW EXECUTE FUNCTION instead_of_delete()`;
const INVOKER =
  'CREATE OR REPLACE VIEW invoker_book WITH (security_invoker) AS SELECT * FROM book WHERE _deleted_at IS NULL';

export const sqlCalls = tried<pg.Client>({
  heading: 'SQL',
  async open(connectionString) {
    const client = new pg.Client({ connectionString });
    await client.connect();
    await client.query(VIEWS);
    const { rows } = await client.query(`SELECT current_setting('server_version_num')::int AS n`);
    if (rows[0].n >= 150000) await client.query(INVOKER);
    return client;
  },
  close: (client) => client.end(),
  calls: [
    ...STATEMENTS.map(([title, licence = {}, longer = title]) => ({
      ...licence,
      title,
      run: (client: pg.Client) => send(client, longer),
    })),
    {
      title: "client.query({ name: 'd', text: 'DELETE FROM book WHERE id = $1', values: [1] }), twice",
      run: async (client) => {
        const one = () => client.query({ name: 'd', text: 'DELETE FROM book WHERE id = $1', values: [1] });
        await one();
        return (await one()).rowCount ?? 0;
      },
    },
  ],
});
