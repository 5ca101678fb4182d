import type pg from 'pg';

/** Each finds rows that break a promise; written apart from the library. `seen` is what was there after the last round. */
const BROKEN: Record<string, string> = {
  'a row was lost': `SELECT s.* FROM watch.seen AS s WHERE NOT EXISTS (SELECT FROM watch.now AS n WHERE n.t = s.t AND n.id = s.id)`,
  'a time of creation was changed': `SELECT s.* FROM watch.seen AS s JOIN watch.now AS n USING (t, id) WHERE n.created <> s.created`,
  'a row was changed in the past, or in the future': `SELECT n.* FROM watch.now AS n LEFT JOIN watch.seen AS s USING (t, id) WHERE n.updated < s.updated OR n.updated > clock_timestamp() OR n.deleted > clock_timestamp()`,
  'an archived row has another time than it had': `SELECT n.* FROM watch.now AS n JOIN watch.seen AS s USING (t, id) WHERE n.deleted < s.deleted`,
  'a live row has an archived parent': `SELECT a.id FROM app.account AS a JOIN app.owner AS o ON o.id = owner_id WHERE a._deleted_at IS NULL AND o._deleted_at IS NOT NULL
    UNION ALL SELECT a.id FROM app.account AS a JOIN app.bank AS b ON b.id = bank_id WHERE a._deleted_at IS NULL AND b._deleted_at IS NOT NULL
    UNION ALL SELECT l.id FROM app.lien AS l JOIN app.account AS a ON a.id = account_id WHERE l._deleted_at IS NULL AND a._deleted_at IS NOT NULL
    UNION ALL SELECT c.id FROM app.folder AS c JOIN app.folder AS p ON p.id = c.parent_id WHERE c._deleted_at IS NULL AND p._deleted_at IS NOT NULL`,
  'a column that is read-only was changed': `SELECT id FROM app.order WHERE code <> 'c' || id`,
  'a state was left that is final': `SELECT s.id FROM watch.seen AS s JOIN app.order AS o USING (id) WHERE s.t = 'order' AND s.status = 'paid' AND o.status <> 'paid'`,
  'a state was skipped, or begun with': `SELECT id FROM app.order WHERE status NOT IN ('draft', 'sent', 'paid')`,
  'columns that belong together are not': `SELECT id FROM app.order WHERE (feet IS NULL) <> (inches IS NULL)`,
  'the history lacks a version, or has one twice': `SELECT id FROM app.doc_history GROUP BY id HAVING count(*) <> max(_version) - min(_version) + 1`,
  'the history is not what the row is': `SELECT d.id FROM app.doc AS d WHERE NOT EXISTS (SELECT FROM app.doc_history AS h WHERE h.id = d.id AND h._version = d._version AND h.title = d.title)`,
  'an entry has nobody who is said to have made it': `SELECT id FROM app.doc_history WHERE _actor IS NULL AND _context IS NULL AND _comment IS NULL`,
};

const TABLES = ['owner', 'bank', 'account', 'lien', 'folder', 'part', 'doc', 'order'];

/** The views and the table that the promises are checked by, made by a superuser out of the attacker's reach. */
export async function watch(admin: pg.Client): Promise<void> {
  const rows = TABLES.map(
    (t) =>
      `SELECT '${t}' AS t, id, _created_at AS created, _updated_at AS updated, _deleted_at AS deleted, ${t === 'order' ? 'status' : 'NULL'}::text AS status FROM app."${t}"`,
  );
  await admin.query(
    `CREATE SCHEMA watch; CREATE VIEW watch.now AS ${rows.join(' UNION ALL ')}; CREATE TABLE watch.seen AS SELECT * FROM watch.now`,
  );
}

/** What is broken, by its name and the first of its rows; then takes the rows as they are for those that were seen. */
export async function broken(admin: pg.Client): Promise<string[]> {
  const found: string[] = [];
  for (const [what, sql] of Object.entries(BROKEN)) {
    const { rows } = await admin.query(`${sql} LIMIT 1`);
    if (rows.length > 0) found.push(`${what}: ${JSON.stringify(rows[0])}`);
  }
  await admin.query('TRUNCATE watch.seen; INSERT INTO watch.seen SELECT * FROM watch.now');
  return found;
}

/** One number for all that enforces, as the catalog has it. */
export async function enforcement(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query(`SELECT md5(string_agg(what, E'\\n' ORDER BY what)) AS sum FROM (
    SELECT concat_ws(' ', tgrelid::regclass, pg_get_triggerdef(oid), tgenabled, obj_description(oid)) AS what FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT concat_ws(' ', ev_class::regclass, pg_get_ruledef(oid), ev_enabled) FROM pg_rewrite WHERE rulename LIKE 'guitars%'
    UNION ALL SELECT concat_ws(' ', oid::regprocedure, md5(prosrc), proowner, prosecdef, proconfig, proacl) FROM pg_proc WHERE pronamespace = 'guitars'::regnamespace
    UNION ALL SELECT concat_ws(' ', oid::regclass, relowner, relacl, relrowsecurity) FROM pg_class WHERE relnamespace IN ('app'::regnamespace, 'guitars'::regnamespace)
    UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), condeferrable) FROM pg_constraint WHERE connamespace = 'app'::regnamespace
    UNION ALL SELECT concat_ws(' ', attrelid::regclass, attname, atttypid, attnotnull) FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid WHERE relnamespace = 'app'::regnamespace AND attnum > 0
  ) AS objects`);
  return rows[0].sum;
}
