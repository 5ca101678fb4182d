import type { Random } from '../../../support/random';

const IDS = 12;
const TIMES = ['now()', 'NULL', `'2001-01-01'`, `'2999-01-01'`] as const;
const TABLES = ['owner', 'bank', 'account', 'lien', 'folder', 'part', 'doc', '"order"'] as const;
const KEYED = ['owner', 'account', 'folder', 'doc'] as const;
const SETTINGS = ['hard_delete', 'edit_history', 'nested_1', 'together_1', 'off_1'] as const;

/** A statement, or a few sent as one, of somebody who means harm. */
export function attack(random: Random, offs: readonly string[]): string {
  const below = (n: number) => random.below(n);
  const one = <T>(list: readonly T[]): T => random.pick(list);
  const id = () => 1 + below(IDS);
  const table = () => one(TABLES);
  const mark = () => `(SELECT _deletion::text FROM ${one(['owner', 'bank', 'folder'])} WHERE id = ${id()})`;
  const where = () =>
    one([`id = ${id()}`, `id < ${id()}`, 'true', `id = ${id()} AND pg_temp.opens() AND pg_temp.shuts()`]);
  const write = (): string =>
    one([
      () => `INSERT INTO owner (id, _deletion) VALUES (${id()}, gen_random_uuid()) ON CONFLICT DO NOTHING`,
      () => `INSERT INTO bank (id) VALUES (${id()}) ON CONFLICT (id) DO UPDATE SET _deleted_at = ${one(TIMES)}`,
      () =>
        `INSERT INTO account (id, owner_id, bank_id) VALUES (${id()}, ${id()}, ${id()}) ON CONFLICT (id) DO UPDATE SET owner_id = excluded.owner_id`,
      () => `INSERT INTO lien (id, account_id) VALUES (${id()}, ${id()}) ON CONFLICT DO NOTHING`,
      () =>
        `UPDATE ${one(['owner', 'account', 'folder'])} SET _deleted_at = ${one(['now()', 'NULL'])} WHERE ${where()} RETURNING set_config('guitars.${one(['restoring', 'archiving'])}', _deletion::text, false)`,
      () =>
        `INSERT INTO folder (id, parent_id) VALUES (${id()}, nullif(${id()}, 1)) ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id`,
      () => `INSERT INTO shop (id) VALUES (${id()}) ON CONFLICT DO NOTHING`,
      () =>
        `INSERT INTO part (id, shop_id) VALUES (${id()}, ${id()}) ON CONFLICT (id) DO UPDATE SET shop_id = excluded.shop_id`,
      () =>
        `INSERT INTO doc (id, title) VALUES (${id()}, 'a') ON CONFLICT (id) DO UPDATE SET title = 'b', _version = ${below(100)}`,
      () =>
        `INSERT INTO "order" (id, code) SELECT n, 'c' || n FROM generate_series(${id()}, ${IDS}) AS n ON CONFLICT DO NOTHING`,
      () =>
        `UPDATE "order" SET ${one([`code = 'x'`, `status = '${one(['draft', 'sent', 'paid'])}'`, 'feet = 1', 'feet = 1, inches = 2'])} WHERE ${where()}`,
      () => `UPDATE ${table()} SET _deleted_at = ${one(TIMES)} WHERE ${where()}`,
      () => `UPDATE ${table()} SET _created_at = '2002-02-02', _updated_at = ${one(TIMES)} WHERE ${where()}`,
      () =>
        `UPDATE ${one(['owner', 'account', 'folder'])} SET _deletion = ${mark()}::uuid, _deleted_at = ${one(TIMES)} WHERE ${where()}`,
      () =>
        `UPDATE shop SET id = id + 1000 WHERE id < 1000 AND ${where()}; DELETE FROM part; UPDATE shop SET id = id - 1000 WHERE id > 1000`,
      () =>
        `WITH p AS (UPDATE shop SET id = id + 1000 WHERE id = ${id()} RETURNING 1) DELETE FROM part WHERE EXISTS (SELECT FROM p)`,
      () => `DELETE FROM ${table()} WHERE ${where()}`,
      () => `DELETE FROM ${one(KEYED)} AS t USING ${one(KEYED)} AS u WHERE t.id = u.id AND u.${where()}`,
      () => `MERGE INTO owner AS t USING (VALUES (${id()})) AS v (id) ON t.id = v.id WHEN MATCHED THEN DELETE`,
      () => `TRUNCATE ${table()} CASCADE`,
    ])();
  const meddle = (): string =>
    one([
      () => `SET guitars.${one(SETTINGS)} = ${one(['on', 'off', `''`, `'{"a":1}'`, '9'])}`,
      () => `SET LOCAL guitars.${one(SETTINGS)} = on; ${write()}`,
      () => `SET ${one(offs)} = on`,
      () => `SELECT set_config('guitars.${one(['restoring', 'archiving'])}', ${mark()}, ${below(2) === 0})`,
      () => `SET search_path = ${one(['evil, pg_catalog, app', 'app', 'pg_temp, app', 'app, evil, pg_catalog'])}`,
      () =>
        `SET guitars.revision = '${one(['{"actor":"a"}', '{}', '', '{"actor":"forged","context":{}}', 'no json'])}'`,
      () =>
        `SET ${one(['session_replication_role = replica', 'ROLE postgres', 'row_security = off', `lock_timeout = '1s'`])}`,
      () => `SET CONSTRAINTS ALL DEFERRED; ${write()}`,
      () =>
        `BEGIN ISOLATION LEVEL ${one(['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'])}; ${write()}; SAVEPOINT a; ${write()}; ${one(['ROLLBACK TO a', 'RELEASE a'])}; ${write()}; ${one(['COMMIT', 'ROLLBACK'])}`,
      // A trigger of its own, on a temporary table, runs what it is given: as a cascade does, one deep.
      () => `INSERT INTO pg_temp.spring VALUES ($leap$${write()}$leap$)`,
      () =>
        `SELECT set_config('guitars.${one(['restoring', 'archiving'])}', ${mark()}, false); INSERT INTO pg_temp.spring VALUES ($leap$${write()}$leap$)`,
      () => `DO $$ BEGIN BEGIN ${write()}; EXCEPTION WHEN OTHERS THEN NULL; END; ${write()}; END $$`,
      () =>
        `ALTER TABLE ${table()} ${one(['DISABLE TRIGGER ALL', 'DISABLE RULE guitars_soft_delete', 'DROP COLUMN _deleted_at'])}`,
      () => `DROP TRIGGER guitars_stamp ON ${table()}`,
      () =>
        `SELECT guitars.${one([`take_move('app.owner'::regclass, '(0,1)')`, `history_order('app.doc_history', ARRAY['id'], 0)`, `links_unseen('app.owner')`])}`,
      () => `${one(['DELETE FROM', 'UPDATE', 'TRUNCATE'])} doc_history${below(2) ? ' SET _actor = NULL' : ''}`,
      () => 'INSERT INTO doc_history (_operation, _at, _transaction) VALUES ($$insert$$, now(), 1)',
    ])();
  return below(3) === 0 ? meddle() : write();
}
